"""Paying in three steps: commit an attempt, ask the company outside any transaction, settle the answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from models import Order, Payment, PaymentMethodSetup
from portal import clock
from portal.actions import history
from portal.actions.orders.drafts import OutOfStep
from portal.actions.orders.placement import AcceptedOrder
from portal.actions.payments import company_calls, tries
from portal.actions.payments.ask_company import ask, ask_together
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


def send_all(attempts: Sequence[CommittedAttempt], take: Take = company_calls.charge, *, at_once: int = 1) -> list[Answered | None]:
    """Send committed attempts, so many at the same time; their answers are not recorded yet. None for one that another caller has sent.

    The company's key is stored with the state SUBMITTED: whoever asks about what counts as sent, or closes it, names the key that takes the
    money. What counts as sent and could not be asked for within ASKED_WITHIN, because the ones before it took so long, is not asked for any
    more: somebody else may have found by now that no money was taken.
    """
    keys = ask_together([partial(_prepare, each.company, each.token, each.payment.yen, each.payment.key) for each in attempts], at_once)
    moved = _submit([each.payment for each in attempts], keys)
    sent, until = {payment.id for payment in moved}, clock.real_now() + ASKED_WITHIN
    mine = [(each, key) for each, key in zip(attempts, keys, strict=True) if each.payment.id in sent]
    answers = iter(ask_together([_question(each, take, until if key else None) for each, key in mine], at_once))
    return [next(answers) if each.payment.id in sent else None for each in attempts]


def _prepare(company: MoneyCompany, token: str, yen: int, key: str) -> str | None:
    """The key by which the company knows the attempt from now on. None: it gave none, and gets no request."""
    answer = ask(lambda: company.prepare(token, yen, key))
    return answer if isinstance(answer, str) else None


def _question(attempt: CommittedAttempt, take: Take, until: datetime | None) -> Callable[[], Answered]:
    """Asks for the money, but not after `until`; never without it. All that it needs is read here: it may be called in a thread."""
    payment, company, token, method = attempt.payment, attempt.company, attempt.token, Method(attempt.payment.method)
    back = f"/orders/{payment.order.number}/payment"

    def question() -> Answered:
        is_in_time = until is not None and clock.real_now() <= until
        answer = ask(lambda: take(method, company, token, payment.yen, payment.key_at_company)) if is_in_time else Unknown()
        return Answered(payment, answer, company_calls.shortfall(company, answer, token, payment.yen, back))

    return question


def close_for_ever(payment: Payment, company: MoneyCompany | None, catalog: Catalog) -> str:
    """Make the company refuse this attempt for ever, unless it has charged it already. Returns the attempt's state after that."""
    if company is not None:
        record_answer(payment, ask(lambda: company.close(payment.key_at_company)), actor=history.PORTAL, catalog=catalog)
    return Payment.get_by_id(payment.id).state


def leave_created(payment: Payment, to: PaymentState, actor: str, reason: str) -> bool:
    """Move an unsent attempt to SUBMITTED or ABANDONED. True for the one caller that moved it; only that one may send it."""
    with database.atomic():
        return bool(_leave_created([payment], to, actor, reason))


def _submit(payments: Sequence[Payment], keys: Sequence[str | None]) -> list[Payment]:
    """Store the companies' keys, and count the attempts as sent. Returns those that this caller may send."""
    with database.atomic():
        for payment, key in zip(payments, keys, strict=True):
            if key and key != payment.key:
                payment.company_key = key
                Payment.update(company_key=key).where(Payment.id == payment.id, Payment.state == PaymentState.CREATED).execute()
        return _leave_created(payments, PaymentState.SUBMITTED, history.PORTAL, "支払いを依頼")


def _leave_created(payments: Sequence[Payment], to: PaymentState, actor: str, reason: str) -> list[Payment]:
    """Returns those that this caller moved."""
    moved = Payment.move_all(payments, to, came_from=PaymentState.CREATED, at=clock.now())
    about = (PaymentState.CREATED, to, actor, reason)
    history.record_all([history.Change("payment", payment.key, *about, payment.order.account_id) for payment in moved])
    return moved
