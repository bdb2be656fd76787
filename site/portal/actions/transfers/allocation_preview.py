"""Previews for staff: the result of allocating a deposit to an order or undoing it, or the reason why it is refused."""

from dataclasses import dataclass

from models import Allocation, Deposit, Order
from portal import clock
from portal.actions.transfers import aliases
from portal.actions.transfers.allocation import Seen, facts_of
from portal.actions.transfers.matching import Agreement, agreement
from portal.actions.transfers.undo import obstacle
from portal.rules.transfers import acceptance


@dataclass(frozen=True)
class AllocationPreview:
    """A possible allocation of a deposit to an order. Yen. `refusal`: why not, in Japanese. `is_done`: they are allocated already.

    `is_before_order`: the deposit is dated before the order was placed. `may_hold`: the rest may become the customer's お預かり instead.
    `is_perfect`: number, yen and name agree, so no reason is needed. `is_late`: dated after the due date.
    `learns`: the payer's name will be known as this customer's.
    """

    deposit: Deposit
    order: Order
    rest_yen: int
    missing_yen: int
    refusal: str | None
    is_done: bool
    is_before_order: bool
    may_hold: bool
    agreement: Agreement
    learns: bool = False

    @property
    def is_perfect(self) -> bool:
        return self.agreement.is_perfect

    @property
    def reported_payer(self) -> str:
        report = getattr(self.order, "report", None)
        return report.payer if report else ""

    @property
    def is_late(self) -> bool:
        return self.order.due_on is not None and self.deposit.counts_on > self.order.due_on

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


def preview_allocation(deposit: Deposit, order: Order) -> AllocationPreview:
    found = facts_of(order, order.account, deposit)
    is_before = order.placed_at is not None and deposit.counts_on < clock.day_of(order.placed_at)
    why_not = acceptance.refusal(found)
    may_hold = (
        why_not is not None
        and found.rest_yen > 0
        and not order.is_draft
        and deposit.rest_owner != order.account
        and not order.account.erased_at
    )
    compared = agreement(deposit, order, found.rest_yen, found.missing_yen)
    learns = why_not is None and aliases.is_new(deposit, order.account)
    yen = (found.rest_yen, found.missing_yen)
    return AllocationPreview(deposit, order, *yen, why_not, found.is_done, is_before, may_hold, compared, learns)


def preview_undo(allocation: Allocation) -> UndoPreview:
    order = allocation.order
    return UndoPreview(allocation, order, obstacle(order) if order.is_paid else None)
