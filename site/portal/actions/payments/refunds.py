"""Giving back money of a card or a wallet through its company, in three steps: commit the refund, ask outside any transaction, settle.

A company makes a refund once for each key, so one without an answer is asked about by sending it again; no other begins meanwhile.
"""

from datetime import date

from models import BEING_REFUNDED, Account, Order, Refund, Staff
from portal import clock
from portal.actions import history
from portal.actions.documents.papers import issue_return, void_return
from portal.actions.mail import order_mails
from portal.actions.orders.drafts import lock_account
from portal.actions.orders.placement import ANSWER_EXPECTED_WITHIN
from portal.actions.payments.ask_company import ask
from portal.actions.payments.company_calls import MoneyCompany
from portal.actions.payments.money import record_returned
from portal.actions.payments.refundable import Refundable, charge_of, refundable
from portal.actions.refusals import NotPossible
from portal.enums import RefundState
from portal.gateways.card import Declined, Refunded
from portal.gateways.companies import CompaniesByMethod
from portal.rules.payments.declines import short_reason
from portal.rules.payments.methods import row_of
from portal.store.database import database


def begin(found: Refundable, yen: int, staff: Staff, reason: str, companies: CompaniesByMethod, installation_id: str) -> Refund:
    """Commit a refund of `yen`, before the company is asked. `found` is what staff saw.

    Raises NotPossible if that is no longer so: another refund began, more went back, or the company is not there.
    """
    with database.atomic():
        account = lock_account(found.order.account_id)
        still = refundable(Order.locked(found.order.id), found.payment and found.payment.attempt)
        refuse_unless_possible(found, still, yen, companies)
        return create_for(account, still, yen, staff, reason, installation_id)


def refuse_unless_possible(seen: Refundable, still: Refundable, yen: int, companies: CompaniesByMethod) -> None:
    if still.ordinal != seen.ordinal:
        raise NotPossible("この申し込みの返金は、先に受け付けられています。")
    refusal = still.refusal(companies)
    if refusal:
        raise NotPossible(refusal)
    if not 0 < yen <= still.rest_yen:
        raise NotPossible(f"返金できるのは {still.rest_yen:,}円までです。")


def create_for(
    account: Account, found: Refundable, yen: int, staff: Staff, reason: str, installation_id: str, *, returned_on: date | None = None
) -> Refund:
    """The next refund of the order, in the caller's transaction. `returned_on`: it has gone back already, by a transfer."""
    key, what = f"{installation_id}-o{found.order.number}-r{found.ordinal}", f"申し込み {found.order.number}"
    about = {"order": found.order, "payment": found.payment, "ordinal": found.ordinal, "method": found.method, "returned_on": returned_on}
    state = RefundState.SUCCEEDED if returned_on else RefundState.CREATED
    return create(account, key, yen, staff, reason, state, what, **about)


def create(
    account: Account | None, key: str, yen: int, staff: Staff, reason: str, state: RefundState, what: str, **about: object
) -> Refund:
    now = clock.now()
    moments = {"created_at": now, "updated_at": now, "next_lookup_at": now + ANSWER_EXPECTED_WITHIN}
    refund = Refund.create(account=account, key=key, yen=yen, reason=reason, staff=staff, state=state, **about, **moments)
    history.record("refund", key, None, state, history.by_staff(staff), f"{what} の {yen}円：{reason}", account=account)
    return refund


def send(refund: Refund, company: MoneyCompany) -> None:
    """Ask the company to give the money back, or whether it has, and record its answer."""
    reference = refund.payment.company_reference or ""
    answer = ask(lambda: company.refund(reference, refund.yen, refund.key))
    match answer:
        case Refunded() if answer.yen == refund.yen:
            settle(refund, clock.day_of(answer.at), actor=row_of(refund.method).actor)
        case Declined():
            decline(refund, answer.code)
        case _:
            _mark_unknown(refund)


def settle(refund: Refund, returned_on: date, *, actor: str) -> bool:
    """The money went back on that day, in Japan: a negative allocation, history, mail, each once. False if it was settled before."""
    with database.atomic():
        account = lock_account(refund.account_id)
        before = Refund.get_by_id(refund.id).state
        if not refund.move(RefundState.SUCCEEDED, came_from=BEING_REFUNDED, at=clock.now(), returned_on=returned_on, code=None):
            return False
        count(Refund.get_by_id(refund.id), account, before, actor)
        return True


def count(refund: Refund, account: Account, before: str | None, actor: str) -> None:
    """Book a refund that has just become settled, in the caller's transaction."""
    charge = charge_of(refund.payment)
    record_returned(charge, refund.yen, refund.returned_on)
    history.record("refund", refund.key, before, RefundState.SUCCEEDED, actor, f"{refund.yen}円を返金", account=account)
    order_mails.money_returned(refund, account)
    if charge.order_id == refund.order_id:  # else no order had needed the money, and there is no sale to take back
        issue_return(refund, account)


def come_again(refund: Refund, account: Account, code: str, actor: str, reason: str) -> bool:
    """What had gone back is ours again: a row above 0, the paper of the return void, 要確認. In the caller's transaction.

    False if it does not count as gone back.
    """
    if not refund.move(RefundState.DECLINED, came_from=[RefundState.SUCCEEDED], at=clock.now(), returned_on=None, code=code):
        return False
    record_returned(charge_of(refund.payment), -refund.yen, clock.today())
    void_return(refund, reason)
    states = (RefundState.SUCCEEDED, RefundState.DECLINED)
    history.record("refund", refund.key, *states, actor, f"要確認: {reason}", account=account)
    return True


def decline(refund: Refund, code: str) -> None:
    """The company will not give it back; staff must find another way."""
    with database.atomic():
        lock_account(refund.account_id)
        before = Refund.get_by_id(refund.id).state
        if refund.move(RefundState.DECLINED, came_from=BEING_REFUNDED, at=clock.now(), code=code):
            record_refusal(refund, code, before)


def record_refusal(refund: Refund, code: str, before: str | None) -> None:
    actor, reason = row_of(refund.method).actor, f"要確認: 返金できませんでした（{short_reason(code)}）"
    history.record("refund", refund.key, before, RefundState.DECLINED, actor, reason, account=refund.account_id)


def _mark_unknown(refund: Refund) -> None:
    with database.atomic():
        if refund.move(RefundState.UNKNOWN, came_from=[RefundState.CREATED], at=clock.now()):
            actor, states = row_of(refund.method).actor, (RefundState.CREATED, RefundState.UNKNOWN)
            history.record("refund", refund.key, *states, actor, "返事がない", account=refund.account_id)
