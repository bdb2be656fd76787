"""Values that several kinds of mail use."""

from dataclasses import dataclass
from datetime import date

from portal.catalog import BankAccount
from portal.enums import Method
from portal.rules.orders.quote import label


@dataclass(frozen=True)
class Item:
    """One line of an order. Any object with these attributes works, such as a quote's line."""

    name: str
    quantity: int
    months: int
    yen: int
    starts_on: date
    ends_on: date
    is_last_time: bool = False
    subscription: int | None = None
    is_undone: bool = False
    common_name: str = ""
    needs_common_name: bool = False

    @property
    def label(self) -> str:
        return label(self.name, self.common_name)


@dataclass(frozen=True)
class LeftOut:
    """A product that is not part of the charge and ends on `ends_on`. `reason`: one or two Japanese sentences."""

    name: str
    ends_on: date
    reason: str


@dataclass(frozen=True)
class Payable:
    """An open order. `due_on`: of a transfer. `is_undecided`, `is_partly`, `is_reported`: see `OpenOrder`."""

    number: str
    method: Method
    due_on: date | None = None
    is_undecided: bool = False
    is_partly: bool = False
    is_reported: bool = False
    is_overdue: bool = False


@dataclass(frozen=True)
class Held:
    """The open order that an automatic charge waits for. `left`: what of the charge that does not renew. `is_another`: it renews none."""

    number: str
    method: Method
    left: tuple[Item, ...] = ()
    is_another: bool = False


@dataclass(frozen=True)
class Undone:
    """A term whose payment staff undid: its days, and the last day on which the service runs all the same; None for what is 停止中."""

    name: str
    starts_on: date
    ends_on: date
    runs_until: date | None


@dataclass(frozen=True)
class Withdrawn:
    """What a cancelled order had paid for, and its last usable day. None: it never began."""

    name: str
    usable_until: date | None


@dataclass(frozen=True)
class Transfer:
    """お支払い情報. `number` goes before the payer's name. `closed`: bank holidays until the money can be confirmed.

    `received_yen`: received so far. `is_again`: the customer requested this mail again. `is_too_late`: nothing came by `due_on`.
    """

    accounts: tuple[BankAccount, ...]
    number: str
    due_on: date
    closed: tuple[date, ...] = ()
    received_yen: int = 0
    is_again: bool = False
    is_too_late: bool = False
