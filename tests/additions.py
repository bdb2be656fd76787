"""Orders of kind `add` without pages: an option, or more devices for the running term, as [OK] places them."""

from dataclasses import replace

from models import Account, Order
from portal import clock
from portal.actions.orders.drafts import open_draft
from portal.actions.orders.placement import AcceptedOrder
from portal.actions.payments import pay
from portal.actions.renewals.snapshot import snapshot_of
from portal.actions.transfers import bank_orders
from portal.enums import Method, OrderKind
from portal.rules.orders.quote import Quote, quote
from portal.rules.orders.selection import Selection
from portal.rules.renewals.added_devices import Period, added_devices, running
from portal.sandbox.books.outcomes import Outcome
from tests.choices import a_selection
from tests.purchase import HOME, INSTALLATION, Shop

DEVICES = "device"


def add_devices(shop: Shop, login: str, more: int = 3, *, outcome: Outcome = Outcome.PAYS, keeps_method: bool = False) -> Order:
    """By card or wallet. Raises OutOfStep as the action does."""
    return _order(shop, login, DEVICES, devices_now(shop, login, more), outcome, keeps_method)


def add_backup(shop: Shop, login: str, months: int = 3, *, outcome: Outcome = Outcome.PAYS, keeps_method: bool = False) -> Order:
    return _order(shop, login, "backup", _of(shop, login, a_selection(backup_months=months)), outcome, keeps_method)


def add_devices_by_transfer(shop: Shop, login: str, more: int = 3) -> Order:
    order = _draft(login, DEVICES)
    bank_orders.place(order, _accepted(shop.by(Method.BANK), order, devices_now(shop, login, more), False), shop.catalog.bank_accounts, ())
    return Order.get_by_id(order.id)


def devices_now(shop: Shop, login: str, more: int) -> Quote:
    account = Account.by_login(login)
    mine = next(found for found in snapshot_of(account).entitlements if found.product == DEVICES)
    periods = [
        Period(term.starts_on, term.ends_on, term.order_line.quantity + term.added)
        for term in account.terms
        if term.subscription.product == DEVICES
    ]
    found = running(mine, periods, clock.today())
    assert found
    made = added_devices(found, shop.catalog.product(DEVICES), more, clock.today(), shop.catalog)
    assert made
    return made


def _of(shop: Shop, login: str, selection: Selection) -> Quote:
    return quote(selection, shop.catalog.plan(Account.by_login(login).plan), shop.catalog, clock.today())


def _order(shop: Shop, login: str, adds: str, found: Quote, outcome: Outcome, keeps_method: bool) -> Order:
    order = _draft(login, adds)
    setup = shop.setup(order, outcome)
    pay.pay_order(order, setup, _accepted(shop, order, found, keeps_method), shop.company, INSTALLATION, shop.catalog)
    return Order.get_by_id(order.id)


def _draft(login: str, adds: str) -> Order:
    return open_draft(Account.by_login(login), OrderKind.ADD, adds)


def _accepted(shop: Shop, order: Order, found: Quote, keeps_method: bool) -> AcceptedOrder:
    document, revision = shop.catalog.document_of(order.adds), Order.get_by_id(order.id).revision
    about = ("確認画面", "0" * 64, HOME, "test", found, shop.method, order.account.plan, (document,), revision)
    return replace(AcceptedOrder(*about), keeps_method=keeps_method)
