"""Abandons unpaid automatic charges when the customer stops or changes the renewal. Call it with the account locked."""

from collections.abc import Iterable

from models import ASKED, Account, Order, Payment
from portal import clock
from portal.actions import history
from portal.actions.orders.drafts import cancel
from portal.enums import OrderKind, OrderState, PaymentState


def end(account: Account, actor: str, reason: str) -> list[Payment]:
    """Abandon unsent charges and cancel their orders. Returns the attempts that were sent and have no answer."""
    orders = _unpaid(account)
    _give_up_unsent(orders, account, reason, actor)
    for order in orders:
        if not order.is_by_transfer:
            cancel(order, actor, reason)
    return list(_automatic(orders, ASKED))


def give_up_unsent(account: Account, reason: str, actor: str) -> None:
    """Abandon unsent charges, so no worker sends them any more. They are charged on the next charge day."""
    _give_up_unsent(_unpaid(account), account, reason, actor)


def _unpaid(account: Account) -> list[Order]:
    return list(account.orders.where(Order.kind == OrderKind.AUTO, Order.state == OrderState.PLACED))


def _give_up_unsent(orders: list[Order], account: Account, reason: str, actor: str) -> None:
    for payment in _automatic(orders, [PaymentState.CREATED]):
        if payment.move(PaymentState.ABANDONED, came_from=[PaymentState.CREATED], at=clock.now()):
            states = (PaymentState.CREATED, PaymentState.ABANDONED)
            history.record("payment", payment.key, *states, actor, reason, account=account)


def _automatic(orders: list[Order], states: Iterable[PaymentState]) -> Iterable[Payment]:
    automatic = Payment.order.in_(orders) & Payment.setup.is_null()
    return Payment.select().where(automatic, Payment.state.in_(list(states))) if orders else ()
