"""Previews for staff: the result of allocating a deposit to an order or undoing it, or the reason why it is refused."""

from dataclasses import dataclass
from datetime import date

from models import Allocation, Deposit, Order, Term
from portal import clock
from portal.actions.orders.can_take_money import takes_money
from portal.actions.transfers.allocation import Seen
from portal.actions.transfers.order_rows import OrderRow
from portal.enums import OrderState
from portal.rules.payments.order_status import Stage

_REFUSALS = {
    OrderState.DRAFT: "この申し込みは、まだ確定していません。",
    OrderState.PAID: "この申し込みは、支払い済みです。",
    OrderState.CANCELLED: "この申し込みは、取り消されています。返金するか、別の申し込みに充当してください。",
}


@dataclass(frozen=True)
class AllocationPreview:
    """A possible allocation of a deposit to an order. Yen. `refusal`: why not, in Japanese. `is_done`: they are allocated already.

    `is_before_order`: the deposit is dated before the order was placed.
    """

    deposit: Deposit
    order: Order
    rest_yen: int
    missing_yen: int
    refusal: str | None
    is_done: bool
    is_before_order: bool

    @property
    def seen(self) -> Seen:
        return Seen(self.rest_yen, self.missing_yen)

    @property
    def most_yen(self) -> int:
        return max(0, min(self.rest_yen, self.missing_yen))

    def completes(self, yen: int) -> bool:
        return yen >= self.missing_yen


@dataclass(frozen=True)
class UndoPreview:
    """An allocation that may be undone. `refusal`: why not, in Japanese."""

    allocation: Allocation
    order: Order
    refusal: str | None


def preview_allocation(deposit: Deposit, row: OrderRow) -> AllocationPreview:
    order, allocations = row.order, list(deposit.allocations.where(Allocation.order.is_null(False)))
    is_done = any(allocation.order_id == order.id for allocation in allocations)
    rest_yen = deposit.rest_yen
    is_before = order.placed_at is not None and deposit.counts_on < clock.day_of(order.placed_at)
    return AllocationPreview(deposit, order, rest_yen, row.missing_yen, _refusal(deposit, row, is_done, rest_yen), is_done, is_before)


def preview_undo(allocation: Allocation) -> UndoPreview:
    order = allocation.order
    return UndoPreview(allocation, order, _undo_refusal(order) if order.is_paid else None)


def _refusal(deposit: Deposit, row: OrderRow, is_done: bool, rest_yen: int) -> str | None:
    order = row.order
    if order.state in _REFUSALS:
        return _REFUSALS[OrderState(order.state)]
    if is_done:
        return "この入金は、すでにこの申し込みに充当されています。額を変えるには、その充当を取り消してください。"
    if rest_yen <= 0:
        return "この入金に残りはありません。"
    if row.stage in (Stage.PAYING, Stage.CHECKING):
        return "カードまたはおさいぽ!のお支払いの結果を確認中です。結果が出てから充当してください。"
    return None if takes_money(order, order.account, deposit.counts_on) else _not_payable(deposit.counts_on, order)


def _not_payable(counts_on: date, order: Order) -> str:
    """Why `takes_money` refused the order, in Japanese."""
    if order.state == OrderState.EXPIRED:
        return (
            f"この申し込みは期限切れです。期限は{order.due_on}、銀行の日付は{counts_on}で、期限のあとの入金です。"
            "充当できません。返金するか、お客さまの新しい申し込みに充当してください。"
        )
    if not order.is_new:
        return "この申し込みの契約期間は、すでに支払われているか、契約が終わっています。返金するか、別の申し込みに充当してください。"
    return "お客さまは別の申し込みですでにサーバーを契約しています。返金するか、別の申し込みに充当してください。"


def _undo_refusal(order: Order) -> str | None:
    """Why a paid order cannot become unpaid; None if it can."""
    if order.account.placed_order:
        return "お客さまの別の申し込みが進行中のため、取り消せません。先にその申し込みを終わらせてください。"
    terms = Term.select(Term.id).where(Term.order == order)
    if Term.select().where(Term.previous_term.in_(terms), Term.order != order).exists():
        return "この申し込みのあとの契約期間がすでに支払われているため、取り消せません。"
    return None
