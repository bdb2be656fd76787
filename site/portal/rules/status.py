"""Where an order stands: its stage decides which screens are open, its 入金状況 what the customer reads."""

from enum import StrEnum

from portal.words import MoneyStatus, OrderState, PaymentState


class Stage(StrEnum):
    FORM = "form"
    PAYABLE = "payable"
    PAYING = "paying"
    CHECKING = "checking"
    PAID = "paid"
    OVER = "over"


_UNDER_WAY = (PaymentState.CREATED, PaymentState.SUBMITTED)
_STATUS = {
    Stage.PAYABLE: MoneyStatus.PAYING,
    Stage.PAYING: MoneyStatus.PAYING,
    Stage.CHECKING: MoneyStatus.CHECKING,
    Stage.PAID: MoneyStatus.CONFIRMED,
}


def stage(order_state: str, payment_state: str | None) -> Stage:
    """The stage of an order, from its own state and that of its latest attempt (None: no attempt yet)."""
    if order_state == OrderState.DRAFT:
        return Stage.FORM
    if order_state == OrderState.PAID:
        return Stage.PAID
    if order_state != OrderState.PLACED:
        return Stage.OVER
    if payment_state == PaymentState.UNKNOWN:
        return Stage.CHECKING
    return Stage.PAYING if payment_state in _UNDER_WAY else Stage.PAYABLE


def money_status(order_state: str, payment_state: str | None) -> MoneyStatus | None:
    """入金状況; None for a draft, which asks for no money yet."""
    if order_state == OrderState.EXPIRED:
        return MoneyStatus.EXPIRED
    if order_state == OrderState.CANCELLED:
        return MoneyStatus.CANCELLED
    return _STATUS.get(stage(order_state, payment_state))
