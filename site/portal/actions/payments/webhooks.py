"""What a company tells us by itself. The same notice counts once; one for a payment that we do not know yet is to be sent again."""

from models import Notice as NoticeRow
from models import Payment, database
from portal import clock
from portal.actions.payments.results import take_answer
from portal.gateways.card import Notice


def receive(company: str, notice: Notice, body: str) -> bool:
    """Take a notice whose signature was good. False where no such payment is known (yet): the company should try again."""
    payment = Payment.by_key(notice.key)
    if payment is None or payment.method != company:
        return False
    with database.atomic():
        if NoticeRow.record(company=company, notice_id=notice.id, body=body, received_at=clock.real_now()):
            take_answer(payment, notice.result, actor=f"{company} company")
    return True
