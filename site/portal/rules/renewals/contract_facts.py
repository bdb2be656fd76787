"""The plain values that decide where a contract stands: see portal.rules.renewals.contract_state."""

from dataclasses import dataclass

from portal.enums import OrderState
from portal.rules.payments.order_status import Stage


@dataclass(frozen=True)
class ContractFacts:
    """`stage`: of the newest order while it is open, else None. `closed`: how the newest order ended without being paid.

    `days_left`: until the server's last usable day, negative after it; None without a server. `is_refused`: the last attempt was declined.
    `is_charged`: the server renews by itself. `is_retried`: the declined charge, perhaps of an option alone, is made again by itself.
    `is_held`: money was taken that staff must look at. `is_undone`: staff undid the payment of its term.
    `has_plan`: the account's plan is sold. `notice_days`: when an end is near.
    """

    days_left: int | None = None
    is_stopped: bool = False
    was_ended: bool = False
    has_plan: bool = True
    has_draft: bool = False
    stage: Stage | None = None
    closed: OrderState | None = None
    is_automatic: bool = False
    is_refused: bool = False
    is_held: bool = False
    is_reported: bool = False
    is_overdue: bool = False
    is_undone: bool = False
    is_charged: bool = False
    is_retried: bool = False
    is_paid_ahead: bool = False
    is_reserved: bool = False
    card_expires: bool = False
    notice_days: int = 30

    @property
    def has_server(self) -> bool:
        return self.days_left is not None

    @property
    def is_over(self) -> bool:
        return self.has_server and self.days_left < 0

    @property
    def ends_soon(self) -> bool:
        return self.has_server and self.days_left <= self.notice_days

    @property
    def is_with_staff(self) -> bool:
        """Money was taken and not allocated: staff look at it, and nobody pays again."""
        return self.is_held and self.stage is Stage.PAYABLE

    @property
    def has_failed(self) -> bool:
        """An automatic charge was declined and is unpaid."""
        return self.is_automatic and self.is_refused and self.stage is Stage.PAYABLE

    @property
    def is_payable(self) -> bool:
        """The customer can pay the order by card or wallet. An automatic order that was not declined is the worker's."""
        return self.stage is Stage.PAYABLE and (self.is_refused or not self.is_automatic)

    @property
    def is_undecided(self) -> bool:
        return self.stage in (Stage.CHECKING, Stage.PAYING) or self.is_with_staff
