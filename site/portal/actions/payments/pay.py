"""Paying in three steps: commit an attempt, ask the company outside any transaction, settle the answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from models import Order, Payment, PaymentMethodSetup
from portal import clock
from portal.actions import history
from portal.actions.orders.drafts import OutOfStep
from portal.actions.orders.placement import AcceptedOrder
from portal.actions.payments import company_calls, tries
from portal.actions.payments.ask_company import ask
from portal.actions.payments.attempts import begin_attempt
from portal.actions.payments.company_calls import MoneyCompany
from portal.actions.payments.results import Answered, record_answer, record_answers
from portal.catalog import Catalog
from portal.enums import Method, PaymentState
from portal.gateways.card import Unknown
from portal.store.database import database

ASKED_WITHIN = timedelta(minutes=1)  # much less than the 10 minutes after which a company may say that no request of ours will come

Take = Callable[[Method, MoneyCompany, str, int, str], object]


def pay_order(
    order: Order, setup: PaymentMethodSetup, accepted: AcceptedOrder, company: MoneyCompany, installation_id: str, catalog: Catalog
) -> None:
    """Place the order as accepted and charge it, once for each setup.

    Raises OutOfStep if the order cannot be paid, or has changed since it was shown; TooMany after too many refusals.
    """
    tried = tries.begin(order, setup.reference, accepted.address)
    try:
        payment = begin_attempt(order, accepted, setup=setup, installation_id=installation_id)
    except OutOfStep:
        tried.take_back()
        raise
    send(payment, company, catalog)
    tries.end(tried, payment, accepted.address)


@dataclass(frozen=True)
class CommittedAttempt:
    """A committed attempt that must still be sent to this company."""

    payment: Payment
    company: MoneyCompany

    def get_id(self) -> int:
        """Of its account."""
        return self.payment.order.account_id

    @property
    def token(self) -> str:
        """Of the card or wallet, at its company."""
        return self.payment.payment_method.token or ""


def send(payment: Payment, company: MoneyCompany, catalog: Catalog, take: Take = company_calls.charge) -> None:
    """Send a committed attempt to the company and settle the answer. Only one caller sends it. `take`: what asks for the money."""
    [answered] = send_all([CommittedAttempt(payment, company)], take)
    if answered:
        record_answers([answered], catalog)


def send_all(attempts: Sequence[CommittedAttempt], take: Take = company_calls.charge) -> list[Answered | None]:
    """Send committed attempts, one after another; their answers are not recorded yet. None for one that another caller has sent.

    The company's key is final before an attempt counts as sent: whoever asks about it, or closes it, names the key that takes the money.
    What counts as sent and could not be asked for within ASKED_WITHIN, because the ones before it took so long, is not asked for any more:
    somebody else may have found by now that no money was taken.
    """
    prepared = {each.payment.id for each in attempts if _prepare(each)}
    moved = _leave_created([each.payment for each in attempts], PaymentState.SUBMITTED, history.PORTAL, "支払いを依頼")
    sent, until = {payment.id for payment in moved}, clock.real_now() + ASKED_WITHIN
    return [_take(each, take, until if each.payment.id in prepared else None) if each.payment.id in sent else None for each in attempts]


def _take(attempt: CommittedAttempt, take: Take, until: datetime | None) -> Answered:
    """Ask for the money, but not after `until`; never without it."""
    payment, company, token = attempt.payment, attempt.company, attempt.token
    request: Callable[[], object] = lambda: take(Method(payment.method), company, token, payment.yen, payment.key_at_company)  # noqa: E731
    answer = ask(request) if until and clock.real_now() <= until else Unknown()
    back = f"/orders/{payment.order.number}/payment"
    return Answered(payment, answer, company_calls.shortfall(company, answer, token, payment.yen, back))


def _prepare(attempt: CommittedAttempt) -> bool:
    """Commit the key by which the company knows the attempt, before it is asked for money. False: it gave none, and gets no request."""
    payment = attempt.payment
    key = ask(lambda: attempt.company.prepare(attempt.token, payment.yen, payment.key))
    if not isinstance(key, str):
        return False
    if key != payment.key:
        payment.company_key = key
        Payment.update(company_key=key).where(Payment.id == payment.id, Payment.state == PaymentState.CREATED).execute()
    return True


def close_for_ever(payment: Payment, company: MoneyCompany | None, catalog: Catalog) -> str:
    """Make the company refuse this attempt for ever, unless it has charged it already. Returns the attempt's state after that."""
    if company is not None:
        record_answer(payment, ask(lambda: company.close(payment.key_at_company)), actor=history.PORTAL, catalog=catalog)
    return Payment.get_by_id(payment.id).state


def leave_created(payment: Payment, to: PaymentState, actor: str, reason: str) -> bool:
    """Move an unsent attempt to SUBMITTED or ABANDONED. True for the one caller that moved it; only that one may send it."""
    return bool(_leave_created([payment], to, actor, reason))


def _leave_created(payments: Sequence[Payment], to: PaymentState, actor: str, reason: str) -> list[Payment]:
    """Several in one transaction. Returns those that this caller moved."""
    with database.atomic():
        moved = Payment.move_all(payments, to, came_from=PaymentState.CREATED, at=clock.now())
        for payment in moved:
            history.record("payment", payment.key, PaymentState.CREATED, to, actor, reason, account=payment.order.account_id)
        return moved
