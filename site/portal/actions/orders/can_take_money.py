"""Whether an order can take money that has come for it."""

from datetime import date, timedelta

from models import Account, Order, OrderLine, Subscription
from portal.enums import OrderKind, OrderState, ProductKind


def takes_money(order: Order, account: Account, received_on: date) -> bool:
    """Whether money dated that day may pay the order: it is placed, or it expired although the bank had the money in time.

    Never for a second server, for a term that is paid already, or for something that has been ended.
    """
    if (order.kind == OrderKind.NEW and account.server) or not follows_what_there_is(order):
        return False
    in_time = order.due_on is not None and received_on <= order.due_on  # the bank's date, not the day on which somebody saw it
    return order.state == OrderState.PLACED or (order.state == OrderState.EXPIRED and in_time)


def follows_what_there_is(order: Order) -> bool:
    """Whether each line that renews something still begins on the day after the end of that, and the order's new options are new."""
    lines = list(order.lines)
    return all(_follows(line) for line in lines if line.subscription_id) and not _has_one_already(order, lines)


def _follows(line: OrderLine) -> bool:
    bought = line.subscription
    return bought.ended_on is None and bought.last_term.ends_on + timedelta(days=1) == line.starts_on


def _has_one_already(order: Order, lines: list[OrderLine]) -> bool:
    """Only certificates may be had more than once."""
    bought = [line.product for line in lines if line.subscription_id is None and line.kind != ProductKind.CERTIFICATE]
    there = Subscription.select().where(Subscription.account == order.account_id, Subscription.ended_on.is_null())
    return bool(bought) and there.where(Subscription.product.in_(bought)).exists()
