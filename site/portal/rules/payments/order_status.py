"""Where an order stands: its stage decides which screens are open, its 入金状況 what the customer reads."""

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


_UNDER_WAY = (PaymentState.CREATED, PaymentState.SUBMITTED)
_STATUS = {
    Stage.PAYABLE: MoneyStatus.PAYING,
    Stage.PAYING: MoneyStatus.PAYING,
    Stage.AWAITED: MoneyStatus.AWAITED,
    Stage.PARTLY: MoneyStatus.PARTIAL,
    Stage.CHECKING: MoneyStatus.CHECKING,
    Stage.PAID: MoneyStatus.CONFIRMED,
}


def stage(order_state: str, payment_state: str | None, method: str | None = None, received_yen: int = 0) -> Stage:
    """The stage of an order, from its own state, that of its latest attempt (None: no attempt yet), its method and what has come."""
    if order_state == OrderState.DRAFT:
        return Stage.FORM
    if order_state == OrderState.PAID:
        return Stage.PAID
    if order_state != OrderState.PLACED:
        return Stage.OVER
    if payment_state == PaymentState.UNKNOWN:
        return Stage.CHECKING
    if payment_state in _UNDER_WAY:
        return Stage.PAYING
    if method is None or not row_of(method).is_paid_later:
        return Stage.PAYABLE
    return Stage.PARTLY if received_yen else Stage.AWAITED


def money_status(found: Stage, order_state: str, *, is_reported: bool = False) -> MoneyStatus | None:
    """入金状況; None for a draft, which asks for no money yet."""
    if order_state == OrderState.EXPIRED:
        return MoneyStatus.EXPIRED
    if order_state == OrderState.CANCELLED:
        return MoneyStatus.CANCELLED
    if found is Stage.AWAITED and is_reported:
        return MoneyStatus.REPORTED
    return _STATUS.get(found)
