"""The kinds of mail about money that does not fit (too little, too much, too late, undone) or goes back."""

from dataclasses import dataclass
from datetime import date

from portal.actions.mail.rendering.parts import Transfer, Undone, Withdrawn
from portal.enums import HeldBecause, Method


@dataclass(frozen=True)
class PartReceived:
    """A part of the money came. `expires_on`: the order is 期限切れ on that day. Entity: `order NUMBER`, then `order NUMBER again N`.

    `is_reopened`: it had been 期限切れ. `left`: the method that it was to be paid with before.
    """

    number: str
    part_yen: int
    missing_yen: int
    transfer: Transfer
    expires_on: date
    is_new: bool = False
    gives_days_back: bool = False
    is_overdue: bool = False
    is_reopened: bool = False
    left: Method | None = None


@dataclass(frozen=True)
class PartOverdue:
    """The due date of a partly paid order has passed. Entity: `order NUMBER due DATE`."""

    number: str
    missing_yen: int
    transfer: Transfer
    expires_on: date


@dataclass(frozen=True)
class MoneyHeld:
    """Money of the customer that is for no order. Entity: `deposit NUMBER` and a count. `number`: the order that it was meant for."""

    yen: int
    received_on: date
    number: str
    because: HeldBecause


@dataclass(frozen=True)
class HeldUsed:
    """お預かり of the customer was used for an order. `left_yen`: still held of the same money. Entity: `deposit NUMBER` and a count."""

    yen: int
    received_on: date
    number: str
    left_yen: int = 0


@dataclass(frozen=True)
class HeldLetter:
    """Staff write about お預かり. `text`: as they typed it. Entity: `deposit NUMBER` and a count."""

    yen: int
    received_on: date
    text: str


@dataclass(frozen=True)
class HeldMoved:
    """お預かり of the customer is another's money now, as staff found out. Entity: `deposit NUMBER` and a count."""

    yen: int
    received_on: date


@dataclass(frozen=True)
class AllocationUndone:
    """Staff undid the confirmation of `yen`. `reason`: as staff typed it. `undone`: the terms of an order that was paid.

    `transfer` is None for an order that is over. Entity: `order NUMBER undone` and the number of the allocation.
    """

    number: str
    yen: int
    reason: str
    undone: tuple[Undone, ...] = ()
    missing_yen: int = 0
    transfer: Transfer | None = None


@dataclass(frozen=True)
class MoneyReturned:
    """Money went back to the customer. `number`: of its order, if any. `note`: which way. `is_kept`: the order stays paid.

    Entity: `refund KEY`.
    """

    number: str
    yen: int
    method: Method
    returned_on: date
    reason: str
    note: str
    paid_with: str = ""
    is_kept: bool = False


@dataclass(frozen=True)
class PaidOrderCancelled:
    """Staff have cancelled a paid order. `refund_yen`: on its way by `method`. `held_yen`: transferred, to be returned by staff.

    Entity: `order NUMBER`.
    """

    number: str
    total_yen: int
    reason: str
    terms: tuple[Withdrawn, ...]
    method: Method
    refund_yen: int = 0
    paid_with: str = ""
    held_yen: int = 0
