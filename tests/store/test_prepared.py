"""What is made and written once asks the database the same as the query that peewee would write each time."""

import importlib
import inspect
import pkgutil
import sys

import pytest

import portal
from models import Account, Order
from portal import clock
from portal.actions.orders import drafts
from portal.actions.renewals.snapshot import snapshots_of
from portal.enums import OrderKind, OrderState
from portal.store import database as store
from portal.store.prepared import Prepared
from tests import compared_texts
from tests.factories import a_customer

pytestmark = pytest.mark.store
NOT_FOR_READING = ("portal.gateways.card.stripe", "portal.runtime", "portal.demo")  # extras, and programs; no queries of pages


def every_prepared() -> dict[str, Prepared]:
    for found in pkgutil.walk_packages(portal.__path__, "portal."):
        if not found.name.startswith(NOT_FOR_READING):
            importlib.import_module(found.name)
    modules = [module for name, module in sorted(sys.modules.items()) if name == "models" or name.startswith("portal.")]
    places = [*modules, *(each for module in modules for each in vars(module).values() if inspect.isclass(each))]
    return {name: found for place in places for name, found in list(vars(place).items()) if isinstance(found, Prepared)}


def values_for(prepared: Prepared) -> list:
    """A key for each place, two for a list."""
    given = inspect.signature(prepared.make).parameters.values()
    return [["1", "2"] if str(each.annotation).startswith("list") else "1" for each in given]


def test_each_is_written_as_peewee_writes_it(database):
    found = every_prepared()
    assert {"_current_orders", "_latest_terms", "_with_people"} <= set(found)
    for name, prepared in found.items():
        given = values_for(prepared)
        statement = prepared.statement(tuple(len(value) if isinstance(value, list) else None for value in given))
        values = statement.values_of([one for value in given for one in (value if isinstance(value, list) else [value])])
        text, written = store.database.obj.written(prepared.make(*given))
        assert (statement.text, list(map(str, values))) == (text, list(map(str, written))), name


def test_a_second_call_reads_other_values_and_new_rows(database):
    first, second = a_customer("first"), a_customer("second")
    orders = Prepared(lambda account: Order.select().where(Order.account == account).order_by(Order.id))
    assert orders(first.id) == []
    mine = Order.create(account=second, kind="new", number="1", created_at=clock.now())
    assert orders(first.id) == []
    assert orders.first(first.id) is None
    assert orders(second.id) == [mine]
    assert orders.first(second.id).state == OrderState.DRAFT


def test_lists_of_any_length(database):
    mine = [a_customer(f"number{number}") for number in range(4)]
    by_ids = Prepared(lambda numbers: Account.select().where(Account.id.in_(numbers)).order_by(Account.id))
    for length in (1, 3, 4, 2):
        assert by_ids([account.id for account in mine[:length]]) == mine[:length]
    assert by_ids([]) == []


def test_rows_are_read_as_peewee_reads_them(shop, monkeypatch):
    """Joined rows that are there and that are not, sums, days, moments and encrypted texts."""
    compared_texts.begin(monkeypatch, each=1)
    shop.buy("buyer")
    buyer = Account.by_login("buyer")
    drafts.open_draft(buyer, OrderKind.RENEW)

    assert [len(rows) for rows in (buyer.current_orders, buyer.terms, snapshots_of([buyer]))] == [2, 1, 1]
