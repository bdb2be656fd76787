"""Every kind of mail: when it is sent (its docstring), what it needs (its fields), and which entity makes it the only one.

Those of automatic renewal and of the end of a contract stand in `renewal_kinds`; KINDS has them all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from portal.actions.mail.rendering.parts import Item, LeftOut, Transfer
from portal.actions.mail.rendering.renewal_kinds import (
    CardExpires,
    ContractDeleted,
    ContractEnded,
    ContractStopped,
    DeletionAhead,
    MethodChanged,
    MethodReset,
    RenewalByHand,
    RenewalFailed,
    RenewalNotice,
    ReservationMade,
    ReservationUndone,
)
from portal.enums import MailKind, Method
from portal.rules.renewals.offer import Renewal

__all__ = ["KINDS", "Item", "LeftOut", "Transfer"]


@dataclass(frozen=True)
class OrderAccepted:
    """A bank order was placed: お支払い情報. Entity: `order NUMBER`; asked for again: `order NUMBER again N`."""

    number: str
    lines: tuple[Item, ...]
    total_yen: int
    tax_yen: int
    tax_percent: int
    transfer: Transfer


@dataclass(frozen=True)
class PaymentConfirmed:
    """An order became paid, by whatever method. `paid_with` names the card; `renewals` what is charged next. Entity: `order NUMBER`.

    `is_automatic`: the charge came by itself. After staff's undo and a second confirmation the entity needs something of its own again.
    """

    number: str
    method: Method
    paid_on: date
    lines: tuple[Item, ...]
    total_yen: int
    tax_yen: int
    tax_percent: int
    paid_with: str = ""
    renewals: tuple[Renewal, ...] = ()
    by_hand: tuple[Item, ...] = ()
    is_automatic: bool = False


@dataclass(frozen=True)
class CardRefused:
    """A company refused a charge that the customer made; `code` is its word for it. Entity: `payment KEY`."""

    number: str
    total_yen: int
    code: str | None
    method: Method = Method.CARD


@dataclass(frozen=True)
class OrderExpired:
    """Nothing was paid for a bank order in time. Entity: `order NUMBER`."""

    number: str
    total_yen: int
    due_on: date


@dataclass(frozen=True)
class NewBrowser:
    """Somebody signed in from a browser that was never used for the account. Entity: `sign-in` and something only it has."""

    at: datetime
    address: str
    user_agent: str


@dataclass(frozen=True)
class PasswordChanged:
    """The password was changed, by whomever. Entity: `account LOGIN` and the moment."""

    at: datetime


KINDS: Mapping[MailKind, type] = {
    MailKind.ORDER_ACCEPTED: OrderAccepted,
    MailKind.PAYMENT_CONFIRMED: PaymentConfirmed,
    MailKind.CARD_REFUSED: CardRefused,
    MailKind.ORDER_EXPIRED: OrderExpired,
    MailKind.NEW_BROWSER: NewBrowser,
    MailKind.PASSWORD_CHANGED: PasswordChanged,
    MailKind.RENEWAL_NOTICE: RenewalNotice,
    MailKind.RENEWAL_BY_HAND: RenewalByHand,
    MailKind.CARD_EXPIRES: CardExpires,
    MailKind.RENEWAL_FAILED: RenewalFailed,
    MailKind.CONTRACT_ENDED: ContractEnded,
    MailKind.CONTRACT_STOPPED: ContractStopped,
    MailKind.DELETION_AHEAD: DeletionAhead,
    MailKind.CONTRACT_DELETED: ContractDeleted,
    MailKind.METHOD_RESET: MethodReset,
    MailKind.METHOD_CHANGED: MethodChanged,
    MailKind.RESERVATION_MADE: ReservationMade,
    MailKind.RESERVATION_UNDONE: ReservationUndone,
}
