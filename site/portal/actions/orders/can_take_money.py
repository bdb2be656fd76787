"""Decides if received money may pay an order."""

from datetime import date, timedelta

from models import Account, Order, OrderLine, Subscription
from portal.enums import OrderKind, OrderState, ProductKind


def takes_money(order: Order, account: Account, received_on: date) -> bool:
    """True if money received on that day may pay the order: it is placed, or it has expired and the money came by the due date.

    False for a second server, a term that is paid already, or a subscription that has ended. The day is inclusive, in Japan.
    """
    if not may_pay_terms(order, account):
        return False
    in_time = order.due_on is not None and received_on <= order.due_on  # the bank's date, not the day when staff entered it
    return order.state == OrderState.PLACED or (order.state == OrderState.EXPIRED and in_time)


def may_pay_terms(order: Order, account: Account) -> bool:
    """False for a second server, a term that is paid already, or a subscription that has ended."""
    return not has_another_server(order, account) and fits_subscriptions(order)


def fits_subscriptions(order: Order) -> bool:
    """True if every renewal line starts on the day after its subscription's newest term, and no new product is owned already."""
    lines = list(order.lines)
    return all(_fits(line) for line in lines) and not _is_owned_already(order, lines)


def has_another_server(order: Order, account: Account) -> bool:
    """True if a new contract would be a second server. The server that this order had bought before its payment was undone is its own."""
    server = account.server if order.kind == OrderKind.NEW else None
    return server is not None and not order.lines.where(OrderLine.undone_subscription == server).exists()


def follows(subscription: Subscription, starts_on: date) -> bool:
    """True if that is the first day of the subscription's next term."""
    until = subscription.covered_until
    return subscription.ended_on is None and until is not None and until + timedelta(days=1) == starts_on


def _fits(line: OrderLine) -> bool:
    if line.undone_subscription:
        return line.undone_subscription.ended_on is None
    return line.subscription is None or follows(line.subscription, line.starts_on)


def _is_owned_already(order: Order, lines: list[OrderLine]) -> bool:
    """True if the account has a product that the order buys as new. Only certificates may be owned more than once."""
    bought = [line.product for line in lines if line.continued is None and line.kind != ProductKind.CERTIFICATE]
    owned = Subscription.select().where(Subscription.account == order.account_id, Subscription.ended_on.is_null())
    return bool(bought) and owned.where(Subscription.product.in_(bought)).exists()
