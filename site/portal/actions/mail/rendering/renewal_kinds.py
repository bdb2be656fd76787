"""Kinds of mail about automatic renewal and the end of a contract.

`ends_on`: the last day of the current or ended term. `lines` with `total_yen` are charged: their dates are those of the next term. Other
`lines` are what the customer has now, with the dates of the current term.
"""

from dataclasses import dataclass
from datetime import date

from portal.actions.mail.rendering.parts import Held, Item, LeftOut, Payable
from portal.enums import Method
from portal.rules.renewals.charge_days import Charge
from portal.rules.renewals.next_renewals import NextRenewals


@dataclass(frozen=True)
class RenewalNotice:
    """30 days before an automatic charge, and 7 days before (`is_second`); at once if the charge was put off (`is_moved`).

    `is_moved`: because of another open order. `is_card_expired`: on the day of the charge.
    Entity: `renewal LOGIN notice ENDS_ON first` or `second`; `… moved ENDS_ON MOVED_ON`.
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
    is_card_expired: bool = False
    held: Held | None = None


@dataclass(frozen=True)
class RenewalByHand:
    """30 and 7 days (`is_second`) before the end of a term that does not renew automatically. `reason`: one sentence, or empty.

    `with_server`: options that are paid longer, and end with the server on `deletion_on`; so in the other mails about a server's end.
    `withdrawn`: names of what is no longer sold, which nobody can renew; in these mails too.
    `payable`: an open order that renews one of them; in these mails too.
    `never_set_up`: certificates that still have no common name; `not_issued`: those that could not be issued for theirs.

    Entity: `renewal LOGIN hand ENDS_ON first` or `second`.
    """

    ends_on: date
    lines: tuple[Item, ...]
    reason: str
    is_second: bool = False
    with_server: tuple[Item, ...] = ()
    deletion_on: date | None = None
    withdrawn: tuple[str, ...] = ()
    payable: Payable | None = None
    never_set_up: tuple[str, ...] = ()
    not_issued: tuple[str, ...] = ()


@dataclass(frozen=True)
class CardExpires:
    """The stored card expires before the day of the charge. `expires`: its last valid day.

    Entity: `renewal LOGIN card ENDS_ON EXPIRES`.
    """

    ends_on: date
    total_yen: int
    charge: Charge
    card: str
    expires: date
    held: Held | None = None


@dataclass(frozen=True)
class RenewalFailed:
    """An automatic charge failed and nothing was taken. `retry_on`: the retry, None if there is none. Entity: `payment KEY`.

    `points_page`: where points are bought, if the wallet had not enough; `missing_points`: how many, if the company said so.
    `may_authenticate`: the bank asks for its holder, who can pay with the same card on a page of its own.
    `pay_by`, inclusive: the end of the term. `is_over`: the renewal was stopped during the request, so the order is cancelled. Never for
    `not_allocated`, where money was taken.
    """

    number: str
    ends_on: date
    lines: tuple[Item, ...]
    total_yen: int
    code: str | None
    method: Method
    retry_on: date | None
    pay_by: date
    is_over: bool = False
    missing_points: int | None = None
    points_page: str = ""
    may_authenticate: bool = False


@dataclass(frozen=True)
class ContractEnded:
    """契約終了, on the day after `ends_on`. Until `pay_until`, inclusive, a payment renews without a gap.

    Entity: `renewal LOGIN end SUBSCRIPTION+SUBSCRIPTION ENDS_ON`.
    """

    ends_on: date
    lines: tuple[Item, ...]
    pay_until: date | None
    with_server: tuple[Item, ...] = ()
    deletion_on: date | None = None
    withdrawn: tuple[str, ...] = ()
    payable: Payable | None = None


@dataclass(frozen=True)
class ContractStopped:
    """停止中 began, for the server. Payable until `pay_until`, inclusive; else deleted on `deletion_on`; None while a payment is under way.
    `reason`: why it is not paid for, in Japanese.

    Entity: `renewal LOGIN stop SUBSCRIPTION+SUBSCRIPTION STOPPED_ON`.
    """

    lines: tuple[Item, ...]
    stopped_on: date
    pay_until: date
    deletion_on: date | None
    reason: str
    with_server: tuple[Item, ...] = ()
    withdrawn: tuple[str, ...] = ()
    payable: Payable | None = None


@dataclass(frozen=True)
class DeletionAhead:
    """Some days before `deletion_on`, the end of 停止中. Entity: `renewal LOGIN deletion SUBSCRIPTION+SUBSCRIPTION ENDS_ON`."""

    lines: tuple[Item, ...]
    pay_until: date
    deletion_on: date
    with_server: tuple[Item, ...] = ()
    withdrawn: tuple[str, ...] = ()
    payable: Payable | None = None


@dataclass(frozen=True)
class ContractDeleted:
    """解約済: 停止中 ended without payment. Options are deleted with their server.

    Entity: `renewal LOGIN deleted SUBSCRIPTION+SUBSCRIPTION DELETED_ON`.
    """

    lines: tuple[Item, ...]
    deleted_on: date


@dataclass(frozen=True)
class MethodReset:
    """支払い方法をリセットする: none of `lines` renews automatically any more, and the card or wallet link is deleted.

    `is_under_way`: a charge was sent before, and its result is unknown. `payable`: an open order of the customer, which stays.
    `reason`: why staff have stopped it; empty if the customer did.
    Entity: `account LOGIN` and the moment.
    """

    lines: tuple[Item, ...]
    method: Method
    is_under_way: bool = False
    payable: Payable | None = None
    with_server: tuple[Item, ...] = ()
    deletion_on: date | None = None
    reason: str = ""


@dataclass(frozen=True)
class MethodChanged:
    """お支払い方法だけを変更する: later charges use `method`; nothing was paid now. Entity: `account LOGIN` and the moment."""

    method: Method
    paid_with: str
    upcoming: NextRenewals


@dataclass(frozen=True)
class RenewalSwitched:
    """自動更新 of one option was turned on or off. Entity: the accepted final screen."""

    product: str
    is_on: bool
    upcoming: NextRenewals


@dataclass(frozen=True)
class ReservationMade:
    """Months and options were reserved for the next automatic charge. Entity: `account LOGIN` and the moment.

    `dropped`: the options that will not be renewed then.
    """

    ends_on: date
    lines: tuple[Item, ...]
    total_yen: int
    charge: Charge
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReservationUndone:
    """A reservation was cancelled. `charge`: the next charge instead, None if there is none. Entity: `account LOGIN` and the moment."""

    ends_on: date
    lines: tuple[Item, ...]
    total_yen: int
    charge: Charge | None
