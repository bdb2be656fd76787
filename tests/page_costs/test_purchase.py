"""A new contract by card: each page, the queries with many rows, and all bytes of a first purchase."""

import pytest

from portal.catalog import Document
from portal.web.view_marks import public
from tests import budgets, steps
from tests.budgets import PURCHASE, PURCHASE_WITH_DICTIONARY, Ledger, Row
from tests.factories import PASSWORD, a_customer
from tests.many_rows import a_crowd, a_past
from tests.page_costs.ways import HTMX, buy_with_every_detour


def test_every_page_of_a_purchase_stays_within_its_budget(ledger, companies, everything, printed):
    buy_with_every_detour(ledger, a_customer(), companies.card, everything)

    printed[0].extend(ledger.rows)
    assert not ledger.over


@pytest.mark.store
def test_a_page_needs_no_more_queries_with_more_rows(ledger, companies, everything, printed):
    customer = a_customer()
    a_crowd()
    a_past([customer] * 300)
    buy_with_every_detour(ledger, customer, companies.card, everything)
    a_past([customer] * 100, ended_on=None)
    ledger.browser.visit("/contract")
    ledger.page("contract, a hundred terms")
    queries = {row.name: row.queries for row in ledger.rows if row.queries is not None}

    printed[1].update(queries)
    assert not {name: count for name, count in queries.items() if count > budgets.QUERIES}


def test_the_first_visit_and_the_whole_purchase_stay_within_their_budget(ledger, everything, catalog, printed):
    buy_cold(ledger, everything, catalog.document_of("server"))
    ledger.journey("new contract by card, cold", PURCHASE)

    printed[0].extend(ledger.rows)
    assert not ledger.over


def test_with_a_dictionary_the_whole_purchase_costs_less(ledger, everything, catalog, printed):
    """The dictionary, the scripts and the first page without it are counted."""
    ledger.meter.takes_dictionaries = True
    buy_cold(ledger, everything, catalog.document_of("server"))
    ledger.journey("new contract by card, cold, with a dictionary", PURCHASE_WITH_DICTIONARY)

    printed[0].extend(ledger.rows)
    assert not ledger.over


def buy_cold(ledger: Ledger, everything: dict[str, str], terms: Document) -> None:
    """A cold cache and every request of portal and sandbox, with the estimates that htmx asks for and the terms of the server read.

    Without the demo's customers on the page of signing in: no customer loads them.
    """
    browser, seen = ledger.browser, set()
    ledger.meter.jinja_env.globals.pop("is_demo", None)
    a_customer()
    browser.visit("/")
    ledger.load_files(seen)
    ledger.first_visit("first visit, signed out")
    if ledger.meter.takes_dictionaries:
        ledger.load_dictionary()
    browser.fill("ログインID", "new").fill("パスワード", PASSWORD).press("ログイン").visit("/contract").press("新規契約のお申し込みへ進む")
    ledger.load_files(seen)
    for _choice in ("months", "ssl", "backup", "device_months", "devices"):
        browser.fragment("POST", f"{browser.url}/estimate", everything)
    browser.new_tab().visit(f"/documents/{terms.id}/{terms.version}")
    browser.press("お支払い方法選択へ", forged=everything).press("クレジットカード情報入力")
    steps.enter_card(browser, steps.ASKS_THEN_PAYS).press("認証する").press("OK")
    assert browser.says("ご入金を確認しました")
    browser.visit("/contract")
    ledger.load_files(seen)


def test_negative_control_a_padded_page_exceeds_its_budget(ledger, app):
    """The negative control: a page with more bytes or queries exceeds its budget."""
    words = " ".join(f"{number * 7919:x}" for number in range(2_000))
    app.view_functions["auth.sign_in"] = public(lambda: f"<!doctype html><title>x</title>{words}")
    ledger.browser.client.get("/login", base_url=ledger.browser.base_url, headers=HTMX)
    ledger.fragment("padded")
    ledger.rows.append(Row("asks too often", 100, budgets.PAGE, budgets.QUERIES + 1))
    ledger.rows.append(Row("loads too much", 100, budgets.PAGE, cold=budgets.FIRST_VISIT + 1, requests=2))
    ledger.rows.append(Row("loads too often", 100, budgets.PAGE, cold=200, requests=budgets.FIRST_REQUESTS + 1))
    ledger.rows.append(Row("just right", budgets.PAGE, budgets.PAGE, budgets.QUERIES, budgets.FIRST_VISIT, budgets.FIRST_REQUESTS))

    assert ledger.last.encoding == "br"
    assert [line.split("  ")[0] for line in ledger.over] == ["padded", "asks too often", "loads too much", "loads too often"]
