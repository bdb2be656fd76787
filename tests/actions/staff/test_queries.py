"""Queries of staff that join many tables in one statement: both databases read them alike."""

import pytest

from models import Account, Order, Session
from portal.actions.staff import counts, lists, searching
from portal.actions.staff.customers import customer
from portal.actions.staff.happenings import HappeningKind, happenings
from portal.actions.staff.searching import SearchQuery
from portal.sandbox.books.outcomes import Outcome
from portal.store import database as store
from tests.purchase import Shop

pytestmark = pytest.mark.store


def test_the_counts_of_the_menu_are_those_of_the_lists(shop: Shop):
    shop.buy("refused", Outcome.REFUSED)
    unknown = shop.buy("unknown", Outcome.ANSWER_LOST)
    shop.place_for_transfer(shop.draft("waits"))
    shop.deposit(3_000)
    Session.insert(token_hash="0" * 64, data="{}", created_at=unknown.created_at, seen_at=unknown.created_at).execute()

    found = Session.select(*counts.columns()).dicts().get()

    assert found == {
        "awaited": 1,
        "rests": 1,
        "corrections": 0,
        "attention": 2,  # and the rests, which the page adds
        "failed_mails": 0,
        "failed_events": 0,
        "limits": 0,
        "bounced": 0,
        "failed_certificates": 0,
        "elsewhere": 0,
        "disputes": 0,
        "payouts": 0,
    }
    assert [payment.order.account.login for payment in lists.troubled_orders()] == ["unknown", "refused"]


def test_everything_of_a_customer_is_one_list(shop: Shop):
    order = shop.buy()

    found = customer(" NEW ")
    rows = happenings(found.account, None, 1).rows

    assert [term.order.number for term in found.terms] == [order.number]
    assert found.terms[0].subscription.name == "スタンダードプラン"
    assert {row.what for row in rows} == set(HappeningKind)
    assert rows == sorted(rows, key=lambda row: row.at, reverse=True)
    assert [row.number for row in happenings(found.account, HappeningKind.ORDER, 1).rows] == [order.number]
    assert customer("nobody") is None


def test_an_order_is_found_by_each_thing_that_staff_may_know_of_it(shop: Shop):
    sought, other = shop.place_for_transfer(shop.draft("waits")), shop.buy("paid")
    Account.update(name_key="ミホンタロウ").where(Account.login == "waits").execute()
    Order.update(former_name_key="サトウハナコ").where(Order.id == sought.id).execute()
    Order.update(total_yen=12_340).where(Order.id == sought.id).execute()

    def numbers(text: str, yen: int | None = None) -> list[str]:
        return [row.order.number for row in lists.orders(SearchQuery(text, yen)).rows]

    assert numbers("") == [other.number, sought.number]
    for text in (sought.number, f" No.{sought.number}", sought.number[1:7], "wait", "タロウ", "ハナコ"):
        assert numbers(text) == [sought.number], text
    assert numbers("12340", 12_340) == [sought.number]
    assert numbers("13200", other.total_yen) == [other.number]
    assert numbers("どこにもない") == []


def test_a_part_of_a_text_is_found_in_the_newest_rows_and_a_beginning_in_all(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    old, new = (shop.place_for_transfer(shop.draft(login)) for login in ("first-yamada", "second-yamada"))
    monkeypatch.setattr(searching, "NEWEST", 1)

    def numbers(text: str) -> list[str]:
        return [row.order.number for row in lists.orders(SearchQuery(text)).rows]

    assert numbers("yamada") == [new.number]
    assert numbers("first-ya") == [old.number]
    assert numbers(old.number[:6]) == [old.number]
    assert [row.account.login for row in lists.accounts(SearchQuery("FIRST")).rows] == ["first-yamada"]


@pytest.mark.parametrize("text", ["#", "No.", "'", "%", "\\", "_", "　"])
def test_a_sign_alone_finds_nothing_that_it_does_not_stand_in(shop: Shop, text: str):
    shop.place_for_transfer(shop.draft("waits"))

    for about in (lists.orders, lists.awaited, lists.accounts, lists.mails, lists.events, lists.deposits):
        assert not about(SearchQuery(text)).rows, about


@pytest.mark.parametrize("is_searched", [False, True])
def test_the_list_of_orders_reads_no_more_orders_than_it_shows(shop: Shop, is_searched: bool):
    if store.is_postgresql():
        pytest.skip("how PostgreSQL reads a table of one row says nothing")
    about = SearchQuery(shop.buy().number if is_searched else "")
    asked: list[tuple] = []
    execute = store.database.obj.execute_sql
    store.database.obj.execute_sql = lambda sql, *rest: asked.append((sql, *rest)) or execute(sql, *rest)
    lists.orders(about)
    del store.database.obj.execute_sql

    for sql, values in asked:
        plan = "\n".join(row[3] for row in store.database.execute_sql(f"EXPLAIN QUERY PLAN {sql}", values).fetchall())
        assert is_searched or "FOR ORDER BY" not in plan, plan  # one order is sorted in no time
        assert "SCAN t1" not in plan.replace("SCAN t1 USING INDEX order_newest_with_yen", ""), plan
