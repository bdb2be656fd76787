"""Decides if received money may pay an order."""

from collections.abc import Iterable
from datetime import date, timedelta

from models import Account, Order, OrderLine, Subscription, Term
from portal import clock
from portal.enums import OrderKind, OrderState, ProductKind
from portal.rules.orders.quote import Line


def takes_money(order: Order, account: Account, lines: list[OrderLine], received_on: date) -> bool:
    """True if money received on that day may pay the order: it is placed, or it has expired and the money came by the due date.

    False for a second server, a term that is paid already, or a subscription that has ended. The day is inclusive, in Japan.
    """
    if not may_pay_terms(order, account, lines):
        return False
    in_time = order.due_on is not None and received_on <= order.due_on  # the bank's date, not the day when staff entered it
    return order.state == OrderState.PLACED or (order.state == OrderState.EXPIRED and in_time)


def may_pay_terms(order: Order, account: Account, lines: list[OrderLine]) -> bool:
    """False for a second server, a term that is paid already, a subscription that has ended, or an addition without a server."""
    if order.is_addition and account.server is None:
        return False
    return not has_another_server(order, account) and fits_subscriptions(order, lines)


def fits_subscriptions(order: Order, lines: list[OrderLine]) -> bool:
    """True if every renewal line starts on the day after its subscription's newest term, and no new product is owned already."""
    return all(_fits(line) for line in lines) and not _is_owned_already(order, lines)


def has_another_server(order: Order, account: Account) -> bool:
    """True if a new contract would be a second server. The server that this order had bought before its payment was undone is its own."""
    server = account.server if order.kind == OrderKind.NEW else None
    return server is not None and not order.lines.where(OrderLine.undone_subscription == server).exists()


def may_be_added(order: Order, account: Account, lines: Iterable[Line]) -> bool:
    """True if what these lines buy as new is neither owned nor in another placed order, and the terms that they add to are running."""
    new = {line.product for line in lines if _is_only_one(line) and line.subscription is None and not line.is_undone}
    if order.is_addition and account.server is None:
        return False
    if not all(_runs_until(line.part_of, line.ends_on) for line in lines if line.part_of):
        return False
    if not new:
        return True
    return not (order.is_addition and _owns(account, new)) and not _is_bought_beside(order, new)


def follows(subscription: Subscription, starts_on: date) -> bool:
    """True if that is the first day of the subscription's next term."""
    until = subscription.covered_until
    return subscription.ended_on is None and until is not None and until + timedelta(days=1) == starts_on


def _fits(line: OrderLine) -> bool:
    if line.undone_subscription:
        return line.undone_subscription.ended_on is None
    if line.part_of_id:
        return _runs_until(line.part_of_id, line.ends_on)
    return line.subscription is None or follows(line.subscription, line.starts_on)


def _is_owned_already(order: Order, lines: list[OrderLine]) -> bool:
    """True if the account has a product that the order buys as new. Only certificates may be owned more than once."""
    bought = {line.product for line in lines if line.continued is None and _is_only_one(line)}
    return bool(bought) and _owns(order.account_id, bought)


def _is_only_one(line: Line | OrderLine) -> bool:
    """True for a product that an account has once: no certificate, and no devices that are added to others."""
    return line.kind != ProductKind.CERTIFICATE and not line.part_of


def _owns(account: Account | int, products: set[str]) -> bool:
    owned = Subscription.select().where(Subscription.account == account, Subscription.ended_on.is_null(), Subscription.part_of.is_null())
    return owned.where(Subscription.product.in_(products)).exists()


def _is_bought_beside(order: Order, products: set[str]) -> bool:
    """True if a placed order of the contract and one of kind `add` would both buy the product."""
    beside = Order.kind != OrderKind.ADD if order.is_addition else Order.kind == OrderKind.ADD
    others = OrderLine.select().join(Order).where(Order.account == order.account_id, Order.state == OrderState.PLACED, beside)
    new = OrderLine.subscription.is_null() & OrderLine.part_of.is_null() & OrderLine.product.in_(products)
    return others.where(new).exists()


def _runs_until(subscription: int, ends_on: date) -> bool:
    """True if a term of this subscription that ends on that day is running."""
    mine = Term.select().join(Subscription).where(Subscription.id == subscription, Subscription.ended_on.is_null())
    return mine.where(Term.starts_on <= clock.today(), Term.ends_on == ends_on, Term.ends_on >= clock.today()).exists()
