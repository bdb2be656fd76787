"""Paying, in three beats: commit the intention, ask the company outside any transaction, settle.

The only module of the actions that talks to a company.
"""

import logging
import secrets
from collections.abc import Callable
from datetime import timedelta

from models import ASKED, Account, CardEntry, Order, Payment, database
from portal import clock
from portal.actions import history, renewal
from portal.actions.placing import ANSWER_EXPECTED_WITHIN, Accepted, place
from portal.actions.settle import Money, settle
from portal.gateways.card import Card, CardCompany, Declined, Failed, NotFound, Paid, Unknown
from portal.words import EntryState, Method, PaymentState

log = logging.getLogger(__name__)

Answer = Paid | Declined | Unknown
PAUSES = (ANSWER_EXPECTED_WITHIN, timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6))
DAILY = timedelta(days=1)


def begin_card_entry(order: Order, company: CardCompany, return_url: Callable[[str], str]) -> str:
    """Make an entry of our own and send the customer to the card company's page; its address."""
    reference = secrets.token_urlsafe(24)
    entry = CardEntry.create(order=order, reference=reference, created_at=clock.now())
    address = company.begin_entry(reference, return_url(reference)).url
    CardEntry.update(address=address).where(CardEntry.id == entry.id).execute()
    return address


def look_at_entry(entry: CardEntry, company: CardCompany) -> CardEntry:
    """The entry as the card company knows it now."""
    if entry.state == EntryState.OPEN:
        match company.finish_entry(entry.reference):
            case Card(token, brand, last4, expires):
                values = {"token": token, "brand": brand, "last4": last4, "expires": expires}
                entry.move(EntryState.READY, came_from=EntryState.OPEN, **values)
            case Failed(code):
                entry.move(EntryState.FAILED, came_from=EntryState.OPEN, code=code)
    return CardEntry.get_by_id(entry.id)


def pay_by_card(order: Order, entry: CardEntry, accepted: Accepted, company: CardCompany, installation_id: str) -> None:
    """Place the order as accepted and charge the entered card once, however often this is called for the entry.

    Raises OutOfStep when the order cannot be paid now, or is not what was shown any more.
    """
    payment = place(order, accepted, entry=entry, installation_id=installation_id)
    if _leave_created(payment, PaymentState.SUBMITTED, history.PORTAL, "決済会社へ送る"):
        take_answer(payment, _ask(lambda: company.charge(entry.token, payment.yen, payment.key)), actor=history.CARD_COMPANY)


def ask_about(payment: Payment, company: CardCompany) -> bool:
    """Ask the company what became of an attempt that got no answer. Never charges. True for the one worker that asked."""
    if not payment.claim_lookup(clock.now() + _pause(payment.lookups + 1)):
        return False
    if _leave_created(payment, PaymentState.ABANDONED, history.WORKER, "決済会社へ送られていない"):
        return True
    Payment.update(lookups=Payment.lookups + 1).where(Payment.id == payment.id).execute()
    answer = _ask(lambda: company.lookup(payment.key))
    if isinstance(answer, NotFound):
        answer = _ask(lambda: company.close(payment.key))
    take_answer(payment, answer, actor=history.WORKER)
    return True


def reset_method(account: Account, company: CardCompany | None) -> bool:
    """Stop every automatic renewal, then let the company forget the card. False when there was nothing to stop.

    The renewal is off before the company is asked: a card that it cannot forget now is not charged either.
    """
    token = renewal.stop(account)
    if token is None:
        return False
    if company is not None and isinstance(_ask(lambda: company.forget(token)), Unknown):
        history.record("account", account.login, "renewal off", "renewal off", history.CARD_COMPANY, "要確認: カードを削除できていない")
    return True


def take_answer(payment: Payment, answer: Answer, *, actor: str) -> None:
    """Write down what the company said about an attempt, whoever brought the word and however often."""
    match answer:
        case Paid() if answer.yen != payment.yen:
            _doubt(payment, answer, actor)
        case Paid():
            money = Money(Method(payment.method), answer.reference, answer.yen, clock.day_of(answer.at), payment)
            settle(payment.order, money, actor=actor)
        case Declined():
            _decline(payment, answer, actor)
        case _:
            _leave_unknown(payment, actor)


def _ask(question: Callable[[], object]) -> object:
    """Any failure after a request may have left is no answer, and never a refusal."""
    if database.transaction_depth():
        raise RuntimeError("a company must not be asked inside a transaction")
    try:
        return question()
    except Exception:
        log.exception("no answer from the company")
        return Unknown()


def _pause(lookups: int) -> timedelta:
    return PAUSES[lookups] if lookups < len(PAUSES) else DAILY


def _leave_created(payment: Payment, to: PaymentState, actor: str, reason: str) -> bool:
    """True for the one that may send it to the company, or gives it up unsent: never both."""
    with database.atomic():
        if not payment.move(to, came_from=[PaymentState.CREATED], at=clock.now()):
            return False
        history.record("payment", payment.key, PaymentState.CREATED, to, actor, reason)
        return True


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


def _leave_unknown(payment: Payment, actor: str) -> None:
    with database.atomic():
        if payment.move(PaymentState.UNKNOWN, came_from=[PaymentState.SUBMITTED], at=clock.now()):
            history.record("payment", payment.key, PaymentState.SUBMITTED, PaymentState.UNKNOWN, actor, "決済会社の答えがない")
