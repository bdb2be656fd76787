"""The status of an order. Its stage decides which screens are open; its 入金状況 is shown to the customer."""

from enum import StrEnum

from portal.enums import MoneyStatus, OrderState, PaymentState
from portal.rules.payments.methods import row_of


class Stage(StrEnum):
    FORM = "form"
    PAYABLE = "payable"
    AWAITED = "awaited"
    PARTLY = "partly"
    PAYING = "paying"
    CHECKING = "checking"
    PAID = "paid"
    OVER = "over"


_IN_PROGRESS = (PaymentState.CREATED, PaymentState.SUBMITTED)
_STATUS = {
    Stage.PAYABLE: MoneyStatus.UNPAID,
    Stage.PAYING: MoneyStatus.PAYING,
    Stage.AWAITED: MoneyStatus.AWAITED,
    Stage.PARTLY: MoneyStatus.PARTIAL,
    Stage.CHECKING: MoneyStatus.CHECKING,
    Stage.PAID: MoneyStatus.CONFIRMED,
}

# The shape of its tag: a word alone is not seen, a colour alone is not read. Round, without one: money or an answer is awaited.
TAG_SHAPES = {
    MoneyStatus.CONFIRMED: "ok",
    MoneyStatus.UNPAID: "bad",
    MoneyStatus.TAKEN_BACK: "bad",
    MoneyStatus.EXPIRED: "off",
    MoneyStatus.CANCELLED: "off",
}


def stage(order_state: str, payment_state: str | None, method: str | None = None, received_yen: int = 0) -> Stage:
    """The stage of an order. `payment_state` is that of the latest attempt, None without one; `received_yen` the allocated yen."""
    if order_state == OrderState.DRAFT:
        return Stage.FORM
    if order_state == OrderState.PAID:
        return Stage.PAID
    if order_state != OrderState.PLACED:
        return Stage.OVER
    if payment_state == PaymentState.UNKNOWN:
        return Stage.CHECKING
    if payment_state in _IN_PROGRESS:
        return Stage.PAYING
    if method is None or not row_of(method).is_paid_later:
        return Stage.PAYABLE
    return Stage.PARTLY if received_yen else Stage.AWAITED


def may_be_cancelled(found: Stage, *, is_automatic: bool, is_held: bool = False) -> bool:
    """True if its customer may cancel it: nothing is paid, no answer is awaited. `is_held`: staff look at money that was taken for it.

    An automatic order that was declined is tried again: it ends by stopping the renewal, or on another method.
    """
    return found is Stage.AWAITED or (found is Stage.PAYABLE and not is_automatic and not is_held)


def money_status(found: Stage, order_state: str, *, is_reported: bool = False, is_taken_back: bool = False) -> MoneyStatus | None:
    """入金状況 of an order; None for a draft. `is_reported`: the customer reported a transfer. `is_taken_back`: see `Refund.took_back`."""
    if order_state == OrderState.EXPIRED:
        return MoneyStatus.EXPIRED
    if order_state == OrderState.CANCELLED:
        return MoneyStatus.CANCELLED
    if found is Stage.AWAITED and is_reported:
        return MoneyStatus.REPORTED
    if found is Stage.PAID and is_taken_back:
        return MoneyStatus.TAKEN_BACK
    return _STATUS.get(found)
