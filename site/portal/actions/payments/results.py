"""Records a company's answer to an attempt, from the charge, a webhook or a lookup. Idempotent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from models import ASKED, Account, Payment
from portal import clock
from portal.actions import history
from portal.actions.payments.locked_orders import Received
from portal.actions.payments.money import Money
from portal.actions.payments.settle import decline, settle, settle_all
from portal.catalog import Catalog
from portal.enums import Method, PaymentState
from portal.gateways.card import Declined, Page, Paid, Unknown
from portal.gateways.wallet import Shortfall
from portal.rules.payments.methods import row_of
from portal.store.database import database

Answer = Paid | Declined | Unknown | Page
PAGE_OPEN = timedelta(minutes=30)


@dataclass(frozen=True)
class Answered:
    """An attempt with its company's answer. `shortfall`: for the mail about a decline, if the wallet had not enough points."""

    payment: Payment
    answer: object
    shortfall: Shortfall | None = None

    def get_id(self) -> int:
        """Of its account."""
        return self.payment.order.account_id


def record_answers(found: Sequence[Answered], catalog: Catalog) -> list[Answered]:
    """Record the answers of several accounts in one transaction. What was paid is settled together.

    Raises RowIsLocked if one of several accounts is locked.
    """
    with database.atomic():
        accounts = Account.all_locked([each.get_id() for each in found])
        _settle_together([each for each in found if _is_paid(each.payment, each.answer)], accounts, catalog)
        for each in [each for each in found if not _is_paid(each.payment, each.answer)]:
            actor = row_of(each.payment.method).actor
            record_answer(each.payment, each.answer, actor=actor, catalog=catalog, shortfall=each.shortfall)
    return list(found)


def record_answer(payment: Payment, answer: Answer, *, actor: str, catalog: Catalog, shortfall: Shortfall | None = None) -> None:
    """Settle, decline, or mark the attempt as unknown. A different amount in yen is never allocated: staff must check it.

    `shortfall`: for the mail about a decline, if the wallet had not enough points.
    """
    match answer:
        case Paid() if _is_paid(payment, answer):
            settle(payment.order, _money(payment, answer), actor=actor, catalog=catalog)
        case Paid():
            _record_wrong_amount(payment, answer, actor)
        case Page():
            _lead_to(answer.url, payment, actor)
        case Declined():
            decline(payment, answer.code, is_final=not answer.retryable, actor=actor, catalog=catalog, shortfall=shortfall)
        case _:
            _mark_unknown(payment, actor)


def _settle_together(paid: Sequence[Answered], accounts: Sequence[Account], catalog: Catalog) -> None:
    received = [Received(each.payment.order, _money(each.payment, each.answer), row_of(each.payment.method).actor) for each in paid]
    if received:
        settle_all(received, accounts, catalog)


def _is_paid(payment: Payment, answer: Answer) -> bool:
    return isinstance(answer, Paid) and answer.yen == payment.yen


def _money(payment: Payment, answer: Paid) -> Money:
    taken_on = clock.day_of(answer.at)
    return Money(Method(payment.method), answer.reference, answer.yen, taken_on, taken_on, payment)


def _record_wrong_amount(payment: Payment, answer: Paid, actor: str) -> None:
    """The company charged a different amount. The attempt stays unknown, which blocks further payments until staff has checked it."""
    with database.atomic():
        before = Payment.locked(payment.id).state
        moved = payment.move(PaymentState.UNKNOWN, came_from=ASKED, at=clock.now())
        after = PaymentState.UNKNOWN if moved else before
        history.record(
            "payment", payment.key, before, after, actor, f"要確認: 金額が違う（{answer.yen}円）", account=payment.order.account_id
        )


def _lead_to(page: str, payment: Payment, actor: str) -> None:
    """Nothing is taken until the customer has answered the bank there, or the time for it is over."""
    with database.atomic():
        about = {"page": page, "page_until": clock.now() + PAGE_OPEN}
        if payment.move(PaymentState.UNKNOWN, came_from=[PaymentState.SUBMITTED], at=clock.now(), **about):
            states, reason = (PaymentState.SUBMITTED, PaymentState.UNKNOWN), "本人認証のページへ案内"
            history.record("payment", payment.key, *states, actor, reason, account=payment.order.account_id)


def _mark_unknown(payment: Payment, actor: str) -> None:
    with database.atomic():
        if payment.move(PaymentState.UNKNOWN, came_from=[PaymentState.SUBMITTED], at=clock.now()):
            history.record(
                "payment",
                payment.key,
                PaymentState.SUBMITTED,
                PaymentState.UNKNOWN,
                actor,
                "返事がない",
                account=payment.order.account_id,
            )
