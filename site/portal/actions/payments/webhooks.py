"""What a company tells us by itself. The same event counts once; one for a payment that we do not know yet is to be sent again."""

from models import Payment, WebhookEvent
from portal import clock
from portal.actions.payments.results import take_answer
from portal.catalog import Catalog
from portal.gateways.card import CompanyEvent
from portal.store.database import database


def receive(company: str, event: CompanyEvent, body: str, catalog: Catalog) -> bool:
    """Take an event whose signature was good. False where no such payment is known (yet): the company should try again."""
    payment = Payment.by_key(event.key)
    if payment is None or payment.method != company:
        return False
    with database.atomic():
        if WebhookEvent.record(company=company, event_id=event.id, body=body, received_at=clock.real_now()):
            take_answer(payment, event.result, actor=f"{company} company", catalog=catalog)
    return True
