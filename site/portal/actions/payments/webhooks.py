"""Handles a company's webhook. The same event counts once. An event for an unknown payment must be sent again."""

from models import Payment, WebhookEvent
from portal import clock
from portal.actions.payments.results import record_answer
from portal.catalog import Catalog
from portal.gateways.card import CompanyEvent
from portal.store.database import database


def receive(company: str, event: CompanyEvent, body: str, catalog: Catalog) -> bool:
    """Record an event whose signature was checked. False if its payment is not known yet: the company should send it again."""
    payment = Payment.by_key(event.key)
    if payment is None or payment.method != company:
        return False
    with database.atomic():
        if WebhookEvent.record(company=company, event_id=event.id, body=body, received_at=clock.real_now()):
            record_answer(payment, event.result, actor=f"{company} company", catalog=catalog)
    return True
