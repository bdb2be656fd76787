"""The kinds of mail about automatic renewal and the end of a contract.

`ends_on` is the last day of the term that is running or over. `lines` that come with `total_yen` are what is charged: their dates
are those of the next term. All other `lines` are what the customer has now: their dates are those of its own term.
Entities that begin with `renewal LOGIN` are what `portal.rules.timeline` knows an announced happening by.
"""

from dataclasses import dataclass
from datetime import date

from portal.actions.mail.rendering.parts import Item, LeftOut
from portal.enums import Method
from portal.rules.renewals.charge_days import Charge
from portal.rules.renewals.offer import Renewal


@dataclass(frozen=True)
class RenewalNotice:
    """30 days before an automatic charge, and 7 days before (`is_second`); at once when it was put off (`is_moved`).

    `is_moved`: another order was open meanwhile. Entity: `renewal LOGIN notice ENDS_ON first` or `second`; `… moved ENDS_ON MOVED_ON`.
    """

    ends_on: date
    lines: tuple[Item, ...]
    total_yen: int
    charge: Charge
    method: Method
    paid_with: str
    left_out: tuple[LeftOut, ...] = ()
    is_second: bool = False
    is_moved: bool = False


@dataclass(frozen=True)
class RenewalByHand:
    """30 days before the end of what nothing renews by itself, and 7 days before (`is_second`). `reason`: one sentence, or empty.

    Entity: `renewal LOGIN hand ENDS_ON first` or `second`.
    """

    ends_on: date
    lines: tuple[Item, ...]
    reason: str
    is_second: bool = False


@dataclass(frozen=True)
class CardExpires:
    """The stored card will have expired on the day of the charge; `expires` is its last good day.

    Entity: `renewal LOGIN card ENDS_ON EXPIRES`.
    """

    ends_on: date
    total_yen: int
    charge: Charge
    card: str
    expires: date


@dataclass(frozen=True)
class RenewalFailed:
    """A try of an automatic charge failed and nothing was taken; `next_try` is None when it is not tried again. Entity: `payment KEY`.

    `pay_by`, inclusive: the end of the term. `is_over`: the renewal was stopped while the company was being asked, and so the order is
    cancelled. Never for `not_allocated`: there money was taken.
    """

    number: str
    ends_on: date
    lines: tuple[Item, ...]
    total_yen: int
    code: str | None
    method: Method
    next_try: date | None
    pay_by: date
    is_over: bool = False


@dataclass(frozen=True)
class ContractEnded:
    """契約終了, on the day after `ends_on`. Until `pay_until`, inclusive, it can be paid without a gap.

    Entity: `renewal LOGIN end SUBSCRIPTION+SUBSCRIPTION ENDS_ON`.
    """

    ends_on: date
    lines: tuple[Item, ...]
    pay_until: date | None


@dataclass(frozen=True)
class ContractStopped:
    """停止中 began, of the server or of options alone; payable until `pay_until`, inclusive, deleted on `deletion_on` otherwise.

    Entity: `renewal LOGIN stop SUBSCRIPTION+SUBSCRIPTION STOPPED_ON`.
    """

    lines: tuple[Item, ...]
    stopped_on: date
    pay_until: date
    deletion_on: date


@dataclass(frozen=True)
class DeletionAhead:
    """停止中 is nearly over: some days before `deletion_on`. Entity: `renewal LOGIN deletion SUBSCRIPTION+SUBSCRIPTION ENDS_ON`."""

    lines: tuple[Item, ...]
    pay_until: date
    deletion_on: date


@dataclass(frozen=True)
class ContractDeleted:
    """解約済: 停止中 is over and nobody paid; options are deleted with their server.

    Entity: `renewal LOGIN deleted SUBSCRIPTION+SUBSCRIPTION DELETED_ON`.
    """

    lines: tuple[Item, ...]
    deleted_on: date


@dataclass(frozen=True)
class MethodReset:
    """支払い方法をリセットする: nothing of `lines` renews by itself any more, and the card or the wallet's link is forgotten.

    `is_under_way`: a charge had been sent to the company before, and its result is not known. Entity: `account LOGIN` and the moment.
    """

    lines: tuple[Item, ...]
    method: Method
    is_under_way: bool = False


@dataclass(frozen=True)
class MethodChanged:
    """お支払い方法だけを変更する: later charges come with `method`, and nothing was paid now. Entity: `account LOGIN` and the moment."""

    method: Method
    paid_with: str
    renewals: tuple[Renewal, ...]


@dataclass(frozen=True)
class ReservationMade:
    """Months and options were reserved for the next automatic charge. Entity: `account LOGIN` and the moment.

    `dropped` names the options that will not be renewed then.
    """

    ends_on: date
    lines: tuple[Item, ...]
    total_yen: int
    charge: Charge
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReservationUndone:
    """A reservation is no more. `charge` is what comes instead, None where nothing is charged. Entity: `account LOGIN` and the moment."""

    ends_on: date
    lines: tuple[Item, ...]
    total_yen: int
    charge: Charge | None
