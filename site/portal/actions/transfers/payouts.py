"""Money that goes back by a transfer of a file for the bank: planned, taken back, and what the bank made of it. Whole yen.

From its first day a payout keeps its yen of the deposit or the order: they can be neither allocated nor given back otherwise.
"""

from dataclasses import asdict, dataclass
from datetime import date

from models import LIVE_PAYOUTS, Deposit, Order, Payout, Staff, created_with_number
from portal import clock
from portal.actions import history
from portal.actions.orders.drafts import lock_account
from portal.actions.payments.money import assign_rest
from portal.actions.payments.refundable import Refundable, refundable
from portal.actions.payments.refunds import refuse_unless_possible
from portal.actions.refusals import NotPossible
from portal.actions.transfers.returns import Rest, Sent, record_of_order, record_of_rest, rest_of
from portal.enums import PayoutState
from portal.store.database import database

NOBODYS = "だれのお預かりか、まだ決まっていません。先に、お客様のお預かりにしてください。"
CHANGED = "この返金の状態が変わりました。"
PLANNED = "この入金には、振込で返金する予定がすでにあります。それが済むか取りやめるまで、次の返金はできません。"


@dataclass(frozen=True)
class Payee:
    """The customer's account, checked. `kind` as in payout_files.KINDS; `account_name` in the bank's half-width kana."""

    bank_code: str
    branch_code: str
    kind: str
    account_number: str
    account_name: str


def refusal_of_rest(found: Rest) -> str | None:
    """Why the rest cannot go back by a file, in Japanese; None if it can."""
    if found.deposit.payouts.where(Payout.is_live()).exists():
        return PLANNED
    return found.refusal or (NOBODYS if found.account is None else None)


def plan_rest(found: Rest, yen: int, payee: Payee, staff: Staff, reason: str) -> Payout:
    """`yen` of the rest of the deposit will go back to its customer. Raises NotPossible if that is no longer so."""
    with database.atomic():
        account = lock_account(found.account.id) if found.account else None
        still = rest_of(Deposit.locked(found.deposit.id))
        why_not = refusal_of_rest(still) or _changed(found, still)
        if why_not or not 0 < yen <= still.rest_yen:
            raise NotPossible(why_not or f"この入金の残りは {still.rest_yen:,}円です。")
        assign_rest(still.deposit, account)
        return _plan(Payout(account=account, deposit=still.deposit), yen, payee, staff, reason)


def plan_of_order(found: Refundable, yen: int, payee: Payee, staff: Staff, reason: str) -> Payout:
    """`yen` of a paid order's transfer will go back; the order stays paid. Raises NotPossible as refunds.begin does."""
    with database.atomic():
        account = lock_account(found.order.account_id)
        still = refundable(Order.locked(found.order.id))
        if still.payment:
            raise NotPossible("この申し込みのお支払いは、カードまたはおさいぽ!に返金します。")
        refuse_unless_possible(found, still, yen, {})
        return _plan(Payout(account=account, order=still.order), yen, payee, staff, reason)


def withdraw(payout: Payout, staff: Staff, reason: str) -> None:
    """Nothing goes back: the money waits as before. Raises NotPossible once it is in a file."""
    _close(payout, PayoutState.WITHDRAWN, [PayoutState.PLANNED], staff, reason)


def fail(payout: Payout, staff: Staff, reason: str) -> None:
    """The bank could not pay it: the money waits as before, and may be planned anew. Raises NotPossible if it is not in a file, or paid."""
    _close(payout, PayoutState.FAILED, [PayoutState.FILED], staff, reason)


def pay(payout: Payout, on: date, staff: Staff, installation_id: str) -> bool:
    """The bank has paid it on that day: refund, history, mail and paper, once. False if it is not in a file any more."""
    with database.atomic():
        account = lock_account(payout.account_id)
        sent = Sent(payout.yen, on, payout.reason)
        deposit = Deposit.locked(payout.deposit_id) if payout.deposit_id else None
        order = Order.locked(payout.order_id) if payout.order_id else None
        if not Payout.get_by_id(payout.id).is_filed:
            return False
        if deposit:
            refund = record_of_rest(rest_of(deposit), sent, staff, installation_id)
        else:
            refund = record_of_order(refundable(order), account, sent, staff, installation_id)
        if not payout.move(PayoutState.PAID, came_from=[PayoutState.FILED], at=clock.now(), refund=refund):
            raise NotPossible(CHANGED)
        _record(payout, PayoutState.FILED, PayoutState.PAID, staff, f"{on} に返金済")
        return True


def _plan(payout: Payout, yen: int, payee: Payee, staff: Staff, reason: str) -> Payout:
    now, about = clock.now(), {"account": payout.account, "order": payout.order, "deposit": payout.deposit} | asdict(payee)
    made = created_with_number(Payout, yen=yen, reason=reason, staff=staff, created_at=now, updated_at=now, **about)
    _record(made, None, PayoutState.PLANNED, staff, f"{yen}円：{reason}")
    return made


def _close(payout: Payout, to: PayoutState, came_from: list[PayoutState], staff: Staff, reason: str) -> None:
    with database.atomic():
        lock_account(payout.account_id)
        before = Payout.get_by_id(payout.id).state
        if before not in LIVE_PAYOUTS or not payout.move(to, came_from=came_from, at=clock.now()):
            raise NotPossible(CHANGED)
        _record(payout, before, to, staff, reason)


def _record(payout: Payout, before: str | None, to: PayoutState, staff: Staff, reason: str) -> None:
    history.record("payout", payout.number, before, to, history.by_staff(staff), reason, account=payout.account_id)


def _changed(seen: Rest, still: Rest) -> str | None:
    return CHANGED if (seen.ordinal, seen.account) != (still.ordinal, still.account) else None
