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
from portal.rules.renewals.added_devices import Period, added_devices, running
from portal.sandbox.books.outcomes import Outcome
from tests.choices import a_selection
from tests.purchase import HOME, INSTALLATION, Shop

DEVICES = "device"


def add_devices(shop: Shop, login: str, more: int = 3, *, outcome: Outcome = Outcome.PAYS, keeps_method: bool = False) -> Order:
    """Raises OutOfStep as the action does."""
    found = devices_now(shop, login, more)
    assert found
    return order(shop, login, DEVICES, found, outcome=outcome, keeps_method=keeps_method)


def add_backup(shop: Shop, login: str, months: int = 3, *, keeps_method: bool = False) -> Order:
    return order(shop, login, "backup", backup_now(shop, login, months), keeps_method=keeps_method)


def add_devices_by_transfer(shop: Shop, login: str, more: int = 3) -> Order:
    return add_devices(shop.by(Method.BANK), login, more)


def devices_now(shop: Shop, login: str, more: int) -> Quote | None:
    """None if no paid term is running, or so many are not sold."""
    account = Account.by_login(login)
    mine = next((found for found in snapshot_of(account).entitlements if found.product == DEVICES), None)
    terms = [term for term in account.terms if term.subscription.product == DEVICES]
    periods = [Period(term.starts_on, term.ends_on, term.order_line.quantity + term.added) for term in terms]
    found = running(mine, periods, clock.today()) if mine else None
    return found and added_devices(found, shop.catalog.product(DEVICES), more, clock.today(), shop.catalog)


def backup_now(shop: Shop, login: str, months: int) -> Quote:
    return quote(a_selection(backup_months=months), shop.catalog.plan(Account.by_login(login).plan), shop.catalog, clock.today())


def order(shop: Shop, login: str, adds: str, found: Quote, *, outcome: Outcome = Outcome.PAYS, keeps_method: bool = False) -> Order:
    """By the shop's method: a card or wallet that behaves like this, or a transfer."""
    draft = open_draft(Account.by_login(login), OrderKind.ADD, adds)
    if shop.method is Method.BANK:
        bank_orders.place(draft, _accepted(shop, draft, found, keeps_method=False), shop.catalog.bank_accounts, ())
    else:
        setup = shop.setup(draft, outcome)
        pay.pay_order(draft, setup, _accepted(shop, draft, found, keeps_method=keeps_method), shop.company, INSTALLATION, shop.catalog)
    return Order.get_by_id(draft.id)


def _accepted(shop: Shop, draft: Order, found: Quote, *, keeps_method: bool) -> AcceptedOrder:
    document, revision = shop.catalog.document_of(draft.adds.partition(" ")[0]), Order.get_by_id(draft.id).revision
    about = ("確認画面", "0" * 64, HOME, "test", found, shop.method, draft.account.plan, (document,), revision)
    return replace(AcceptedOrder(*about), keeps_method=keeps_method)
