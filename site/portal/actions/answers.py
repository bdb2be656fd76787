"""What a company has said about an attempt, written down; whoever brought the word, and however often."""

from models import ASKED, Order, Payment, database
from portal import clock
from portal.actions import history, letters
from portal.actions.settle import Money, settle
from portal.gateways.card import Declined, Paid, Unknown
from portal.words import Method, PaymentState

Answer = Paid | Declined | Unknown


def take_answer(payment: Payment, answer: Answer, *, actor: str) -> None:
    """Settle, decline or leave open. Yen as the company says them; another amount than was asked for is never counted."""
    match answer:
        case Paid() if answer.yen != payment.yen:
            _doubt(payment, answer, actor)
        case Paid():
            taken_on = clock.day_of(answer.at)
            money = Money(Method(payment.method), answer.reference, answer.yen, taken_on, taken_on, payment)
            settle(payment.order, money, actor=actor)
        case Declined():
            _decline(payment, answer, actor)
        case _:
            _leave_unknown(payment, actor)


def _doubt(payment: Payment, answer: Paid, actor: str) -> None:
    """Another amount than was asked for: nothing is counted and nothing else may be paid until staff has looked."""
    with database.atomic():
        before = Payment.locked(payment.id).state
        moved = payment.move(PaymentState.UNKNOWN, came_from=ASKED, at=clock.now())
        after = PaymentState.UNKNOWN if moved else before
        history.record("payment", payment.key, before, after, actor, f"要確認: 金額が違う（{answer.yen}円）")


def _decline(payment: Payment, answer: Declined, actor: str) -> None:
    with database.atomic():
        before = Payment.locked(payment.id).state
        if payment.move(PaymentState.DECLINED, came_from=ASKED, at=clock.now(), code=answer.code):
            history.record("payment", payment.key, before, PaymentState.DECLINED, actor, f"不成立: {answer.code}")
            letters.payment_refused(Order.get_by_id(payment.order_id), payment, answer.code)


def _leave_unknown(payment: Payment, actor: str) -> None:
    with database.atomic():
        if payment.move(PaymentState.UNKNOWN, came_from=[PaymentState.SUBMITTED], at=clock.now()):
            history.record("payment", payment.key, PaymentState.SUBMITTED, PaymentState.UNKNOWN, actor, "決済会社の答えがない")
