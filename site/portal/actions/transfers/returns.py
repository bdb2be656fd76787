"""Records money of transfers that staff have sent back (返金・組戻し): of the rest of a deposit, or of an order. Whole yen."""

from dataclasses import dataclass
from datetime import date

from models import Account, Allocation, Deposit, Order, Refund, Staff
from portal import clock
from portal.actions import history
from portal.actions.documents.papers import issue_return
from portal.actions.mail import order_mails
from portal.actions.orders.drafts import lock_account
from portal.actions.payments import refunds
from portal.actions.payments.money import record_returned
from portal.actions.payments.refundable import Refundable, refundable
from portal.actions.refusals import NotPossible
from portal.enums import AllocationSource, Method, RefundState
from portal.store.database import database


@dataclass(frozen=True)
class Sent:
    """What staff have sent back: yen, the day of the bank, in Japan, and why."""

    yen: int
    on: date
    reason: str


@dataclass(frozen=True)
class Rest:
    """The rest of a deposit, and whose it is, if that is known. `ordinal`: of the next return out of it."""

    deposit: Deposit
    account: Account | None
    rest_yen: int
    ordinal: int

    @property
    def refusal(self) -> str | None:
        return None if self.rest_yen > 0 else "この入金に残りはありません。"


def rest_of(deposit: Deposit) -> Rest:
    unallocated = deposit.allocations.where(Allocation.order.is_null(), Allocation.source == AllocationSource.BANK).first()
    return Rest(deposit, unallocated and unallocated.account, deposit.rest_yen, deposit.refunds.count() + 1)


def return_rest(found: Rest, sent: Sent, staff: Staff, installation_id: str) -> Refund:
    """Record that a part of the deposit's rest went back. `found` is what staff saw. Raises NotPossible if that is no longer so."""
    with database.atomic():
        account = lock_account(found.account.id) if found.account else None
        deposit = Deposit.locked(found.deposit.id)
        still = rest_of(deposit)
        if still.ordinal != found.ordinal or still.account != account:
            raise NotPossible("この入金の返金は、先に記録されています。")
        if still.refusal or not 0 < sent.yen <= still.rest_yen:
            raise NotPossible(still.refusal or f"この入金の残りは {still.rest_yen:,}円です。")
        return record_of_rest(still, sent, staff, installation_id)


def record_of_rest(found: Rest, sent: Sent, staff: Staff, installation_id: str) -> Refund:
    """The refund with history and mail. In the caller's transaction, which has locked the deposit and checked that the money is there."""
    deposit, account = found.deposit, found.account
    key = f"{installation_id}-d{deposit.number}-r{found.ordinal}"
    about = {"deposit": deposit, "ordinal": found.ordinal, "method": Method.BANK, "returned_on": sent.on}
    refund = refunds.create(account, key, sent.yen, staff, sent.reason, RefundState.SUCCEEDED, f"入金 {deposit.number}", **about)
    record_returned(_rest_row(deposit), sent.yen, sent.on)
    actor, reason = history.by_staff(staff), f"{sent.yen}円を返金：{sent.reason}"
    history.record("deposit", deposit.number, "entered", "entered", actor, reason, account=account)
    if account:
        order_mails.money_returned(refund, account)
    return refund


def return_of_order(found: Refundable, sent: Sent, staff: Staff, installation_id: str) -> Refund:
    """Record that transferred money of a paid order went back; the order stays paid. Raises NotPossible as refunds.begin does."""
    with database.atomic():
        account = lock_account(found.order.account_id)
        still = refundable(Order.locked(found.order.id))
        refunds.refuse_unless_possible(found, still, sent.yen, {})
        return record_of_order(still, account, sent, staff, installation_id)


def record_of_order(found: Refundable, account: Account, sent: Sent, staff: Staff, installation_id: str) -> Refund:
    """As `record_of_rest`, of an order, with its paper."""
    refund = refunds.create_for(account, found, sent.yen, staff, sent.reason, installation_id, returned_on=sent.on)
    _take_back(found.order, sent)
    order_mails.money_returned(refund, account)
    issue_return(refund, account)
    return refund


def earliest_day(found: Refundable | Rest) -> date:
    """Nothing goes back before it came."""
    if isinstance(found, Rest):
        return found.deposit.counts_on
    first = found.order.allocations.where(Allocation.source == AllocationSource.BANK).order_by(Allocation.received_on).first()
    return first.received_on if first else clock.today()


def _take_back(order: Order, sent: Sent) -> None:
    """Count it against the deposits that paid the order, the newest first."""
    left = sent.yen
    for allocation in order.allocations.where(Allocation.source == AllocationSource.BANK).order_by(Allocation.id.desc()):
        yen = min(left, allocation.yen - _returned_of(allocation))
        if yen > 0:
            record_returned(allocation, yen, sent.on)
            left -= yen


def _returned_of(allocation: Allocation) -> int:
    is_returned = (Allocation.source == AllocationSource.RETURNED) & (Allocation.deposit == allocation.deposit_id)
    return -sum(row.yen for row in Allocation.select().where(is_returned, Allocation.order == allocation.order_id))


def _rest_row(deposit: Deposit) -> Allocation:
    return deposit.allocations.where(Allocation.order.is_null(), Allocation.source == AllocationSource.BANK).get()
