"""Handles a company's webhook. The same event counts once. An event for an unknown payment must be sent again."""

from collections.abc import Callable

from models import LIVE, Payment, WebhookEvent
from portal import clock
from portal.actions.payments import disputes, made_elsewhere, methods
from portal.actions.payments.results import record_answer
from portal.catalog import Catalog
from portal.gateways.card import CardUpdated, CompanyEvent, DisputeReported, RefundReported
from portal.store.database import database


def receive(method: str, event: CompanyEvent, body: str, catalog: Catalog) -> bool:
    """Record an event whose signature was checked. False if its payment is not known yet: the company should send it again."""
    payment = Payment.by_key(event.key)
    if payment is None or payment.method != method:
        return False
    with database.atomic():
        if _is_new(method, event.id, body):
            record_answer(payment, event.result, actor=f"{method} company", catalog=catalog)
    return True


def receive_refund(method: str, event: RefundReported, body: str) -> bool:
    """The same for a refund: of ours, or made elsewhere."""
    return _about_charge(method, event, body, lambda payment: made_elsewhere.record(payment, event))


def receive_dispute(method: str, event: DisputeReported, body: str) -> bool:
    """The same for a dispute."""
    return _about_charge(method, event, body, lambda payment: disputes.record(payment, event))


def _about_charge(method: str, event: RefundReported | DisputeReported, body: str, record: Callable[[Payment], None]) -> bool:
    """False while the charge itself has no result: that comes first. A charge that is not ours is somebody else's in the same account."""
    payment = Payment.of_charge(method, event.reference)
    if payment is None:
        return True
    if payment.state in LIVE:
        return False
    with database.atomic():
        if _is_new(method, event.id, body):
            record(payment)
    return True


def receive_card(method: str, company: str, event: CardUpdated, body: str) -> None:
    """The same for a card that the network has renewed. `company`: its name, which stands beside each of its cards."""
    with database.atomic():
        if _is_new(method, event.id, body):
            methods.update_card(company, event.card)


def _is_new(method: str, event_id: str, body: str) -> bool:
    return WebhookEvent.record(company=method, event_id=event_id, body=body, received_at=clock.real_now())
