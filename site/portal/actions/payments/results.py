"""What a company has said about an attempt, written down; whoever brought the word, and however often."""

from models import ASKED, Payment
from portal import clock
from portal.actions import history
from portal.actions.payments.money import Money
from portal.actions.payments.settle import decline, settle
from portal.catalog import Catalog
from portal.enums import Method, PaymentState
from portal.gateways.card import Declined, Paid, Unknown
from portal.store.database import database

Answer = Paid | Declined | Unknown


def take_answer(payment: Payment, answer: Answer, *, actor: str, catalog: Catalog) -> None:
    """Settle, decline or leave open. Yen as the company says them; another amount than was asked for is never counted."""
    match answer:
        case Paid() if answer.yen != payment.yen:
            _doubt(payment, answer, actor)
        case Paid():
            taken_on = clock.day_of(answer.at)
            money = Money(Method(payment.method), answer.reference, answer.yen, taken_on, taken_on, payment)
            settle(payment.order, money, actor=actor, catalog=catalog)
        case Declined():
            decline(payment, answer.code, is_final=not answer.retryable, actor=actor, catalog=catalog)
        case _:
            _leave_unknown(payment, actor)


def _doubt(payment: Payment, answer: Paid, actor: str) -> None:
    """Another amount than was asked for: nothing is counted and nothing else may be paid until staff has looked."""
    with database.atomic():
        before = Payment.locked(payment.id).state
        moved = payment.move(PaymentState.UNKNOWN, came_from=ASKED, at=clock.now())
        after = PaymentState.UNKNOWN if moved else before
        history.record(
            "payment", payment.key, before, after, actor, f"要確認: 金額が違う（{answer.yen}円）", account=payment.order.account_id
        )


def _leave_unknown(payment: Payment, actor: str) -> None:
    with database.atomic():
        if payment.move(PaymentState.UNKNOWN, came_from=[PaymentState.SUBMITTED], at=clock.now()):
            history.record(
                "payment",
                payment.key,
                PaymentState.SUBMITTED,
                PaymentState.UNKNOWN,
                actor,
                "決済会社の答えがない",
                account=payment.order.account_id,
            )
