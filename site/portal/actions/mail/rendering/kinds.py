"""Every kind of mail: when it is sent (docstring), its values (fields), and the entity that makes it unique.

Kinds about automatic renewal and the end of a contract are in `renewal_kinds`, about the account in `account_kinds`. KINDS has all.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from portal.actions.mail.rendering.account_kinds import (
    AccountClosed,
    AccountOpened,
    AccountReopened,
    AddressChanged,
    AddressLink,
    NameChanged,
    NewBrowser,
    NoticesChanged,
    PaperReissued,
    PasswordChanged,
    PasswordLink,
    PlanChanged,
    SessionsEnded,
)
from portal.actions.mail.rendering.certificate_kinds import CertificateFailed, CertificateIssued
from portal.actions.mail.rendering.company_kinds import SystemTrouble
from portal.actions.mail.rendering.money_kinds import (
    AllocationUndone,
    HeldLetter,
    HeldMoved,
    HeldUsed,
    MoneyHeld,
    MoneyReturned,
    PaidOrderCancelled,
    PartOverdue,
    PartReceived,
)
from portal.actions.mail.rendering.parts import Item, LeftOut, Transfer, Undone
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
    RenewalSwitched,
    ReservationMade,
    ReservationUndone,
)
from portal.enums import MailKind, Method
from portal.rules.renewals.next_renewals import NextRenewals

__all__ = ["KINDS", "Item", "LeftOut", "Transfer", "Undone"]


@dataclass(frozen=True)
class OrderAccepted:
    """A transfer order was placed: お支払い情報. Entity: `order NUMBER`; requested again: `order NUMBER again N`.

    `renews`, `begins`: it renews terms, it buys something new. `is_late`: a term that it renews is over.
    `gives_days_back`: it had bought something until staff undid its payment.
    """

    number: str
    lines: tuple[Item, ...]
    total_yen: int
    tax_yen: int
    tax_percent: int
    transfer: Transfer
    renews: bool = False
    begins: bool = True
    is_late: bool = False
    gives_days_back: bool = False


@dataclass(frozen=True)
class PaymentConfirmed:
    """An order was paid, by any method. `paid_with`: the card. `upcoming`: what renews next. Entity: `order NUMBER`.

    `is_automatic`: an automatic charge. `waived_yen`: a difference that staff accepted. `keeps_renewal`: an automatic order was paid by
    transfer. After an undo the second confirmation needs an entity of its own.
    """

    number: str
    method: Method
    paid_on: date
    lines: tuple[Item, ...]
    total_yen: int
    tax_yen: int
    tax_percent: int
    paid_with: str = ""
    upcoming: NextRenewals = field(default_factory=NextRenewals)
    is_automatic: bool = False
    waived_yen: int = 0
    keeps_renewal: bool = False


@dataclass(frozen=True)
class CardRefused:
    """A charge by the customer was declined. `code`: the company's decline code. Entity: `payment KEY`."""

    number: str
    total_yen: int
    code: str | None
    method: Method = Method.CARD


@dataclass(frozen=True)
class OrderExpired:
    """A transfer order was not paid in time. `held_yen`: the parts that came. `gives_days_back`: see OrderAccepted.

    Entity: `order NUMBER`.
    """

    number: str
    total_yen: int
    due_on: date
    held_yen: int = 0
    gives_days_back: bool = False


@dataclass(frozen=True)
class OrderCancelled:
    """An order was cancelled by staff, or because what it adds to is over. `held_yen`: its parts, for staff. Entity: `order NUMBER`."""

    number: str
    total_yen: int
    reason: str
    held_yen: int = 0
    by_staff: bool = True


@dataclass(frozen=True)
class DueDateMoved:
    """Staff have moved the due date of a transfer order. `missing_yen` is still to be paid. Entity: `order NUMBER`, then `again N`."""

    number: str
    total_yen: int
    missing_yen: int
    due_on: date
    reason: str


KINDS: Mapping[MailKind, type] = {
    MailKind.ORDER_ACCEPTED: OrderAccepted,
    MailKind.PAYMENT_CONFIRMED: PaymentConfirmed,
    MailKind.CARD_REFUSED: CardRefused,
    MailKind.ORDER_EXPIRED: OrderExpired,
    MailKind.MONEY_RETURNED: MoneyReturned,
    MailKind.PART_RECEIVED: PartReceived,
    MailKind.PART_OVERDUE: PartOverdue,
    MailKind.MONEY_HELD: MoneyHeld,
    MailKind.HELD_USED: HeldUsed,
    MailKind.HELD_LETTER: HeldLetter,
    MailKind.HELD_MOVED: HeldMoved,
    MailKind.ORDER_CANCELLED: OrderCancelled,
    MailKind.PAID_ORDER_CANCELLED: PaidOrderCancelled,
    MailKind.DUE_DATE_MOVED: DueDateMoved,
    MailKind.ACCOUNT_CLOSED: AccountClosed,
    MailKind.ACCOUNT_REOPENED: AccountReopened,
    MailKind.PAPER_REISSUED: PaperReissued,
    MailKind.ALLOCATION_UNDONE: AllocationUndone,
    MailKind.NEW_BROWSER: NewBrowser,
    MailKind.ACCOUNT_OPENED: AccountOpened,
    MailKind.PLAN_CHANGED: PlanChanged,
    MailKind.PASSWORD_CHANGED: PasswordChanged,
    MailKind.PASSWORD_LINK: PasswordLink,
    MailKind.ADDRESS_LINK: AddressLink,
    MailKind.ADDRESS_CHANGED: AddressChanged,
    MailKind.NOTICES_CHANGED: NoticesChanged,
    MailKind.CERTIFICATE_ISSUED: CertificateIssued,
    MailKind.CERTIFICATE_FAILED: CertificateFailed,
    MailKind.NAME_CHANGED: NameChanged,
    MailKind.SESSIONS_ENDED: SessionsEnded,
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
    MailKind.RENEWAL_SWITCHED: RenewalSwitched,
    MailKind.RESERVATION_MADE: ReservationMade,
    MailKind.RESERVATION_UNDONE: ReservationUndone,
    MailKind.SYSTEM_TROUBLE: SystemTrouble,
}
