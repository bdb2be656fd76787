"""The pretend bank's files, as staff bring them: every way to pay in becomes what it should."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from models import Account, BankFile, BankLine, Deposit, Order, Staff
from portal import clock
from portal.actions.staff import waiting_list
from portal.actions.staff.lists import SearchQuery
from portal.actions.transfers import line_decisions, matching_runs, single_press
from portal.catalog import Catalog
from portal.demo.bank_file import KINDS
from portal.demo.scenarios import OWN_NUMBER, SCENARIOS, Scenario, login_of
from portal.enums import LineKind
from tests.browser import Browser
from tests.races.transfer_stories import NUMBERS
from tests.staff_desk import Clerk, a_bank_order, a_clerk, sign_in


@pytest.fixture
def clerk(database: str) -> Clerk:
    return a_clerk()


@pytest.fixture
def desk(browser: Browser, clerk: Clerk) -> Browser:
    return sign_in(browser, clerk)


@pytest.mark.parametrize("kind", ["振込入金通知（全銀 01）", "入出金取引明細（全銀 03）", "CSV"])
def test_what_the_pretend_bank_received_is_imported_and_matched(desk: Browser, catalog: Catalog, kind: str, business_day: Callable) -> None:
    exact, short, twice = (a_bank_order(catalog, login) for login in ("exact", "short", "twice"))
    for order, way in ((exact, "ちょうど"), (short, "440円足りない"), (twice, "2回")):
        desk.visit("/demo/bank").press(f"{way}（{order.number}）")
        desk.back().press(f"{way}（{order.number}）")
        assert desk.says("の名前で振り込みました。")
    assert desk.back().press(f"ちょうど（{exact.number}）").says("明細は、この画面を開いたあとで変わりました。振り込んでいません。")
    content = download(desk, kind)

    desk.visit("/staff/bank/new").attach("ファイル", "meisai", content).press("内容を確かめる")
    assert desk.says("新しい入金 4件")
    desk.press("OK").follow("確かな入金をまとめて充当する").press("OK")

    assert desk.says("2件、26,400円を充当しました。")
    states = {order.account.login: Order.get_by_id(order.id).state for order in (exact, short, twice)}
    assert states == {"exact": "paid", "short": "placed", "twice": "paid"}
    assert sorted(deposit.rest_yen for deposit in Deposit.select()) == [0, 0, 12_760, 13_200]


def download(desk: Browser, kind: str) -> bytes:
    address = desk.visit("/demo/bank").page.link(kind)["href"]
    return desk.client.get(address, base_url=desk.base_url).data


def test_each_scenario_ends_where_the_page_says(browser: Browser, catalog: Catalog) -> None:
    """One press loads and opens the desk; the sure ones take one more; the desk proposes for the rest what each scenario says."""
    browser.visit("/demo/bank").press(f"{KINDS['03']}で受け取る")
    browser.back().press(f"{KINDS['03']}で受け取る")
    file, *others = BankFile.select()
    assert (file.is_imported, others) == (True, []), "pressed twice, and done once"
    assert browser.url.endswith(f"/staff/bank/{file.number}") or browser.h1 == "担当者ログイン"
    staff, orders = Staff.by_login("staff"), {scenario.id: _orders(scenario) for scenario in SCENARIOS}

    pairs = matching_runs.sure_pairs()
    done = matching_runs.carry_out(matching_runs.begin(pairs, staff), staff, catalog=catalog)

    sure = {order.number for scenario in SCENARIOS if scenario.is_sure or scenario.id == "twice" for order in orders[scenario.id]}
    assert done.count == len(sure) == 2
    assert {order.number for order in Order.select().where(Order.state == "paid")} == sure
    lines = {one.line.deposit.payer: one for one in waiting_list.lines(SearchQuery()).rows}
    for scenario in SCENARIOS:
        payer = scenario.transfers(orders[scenario.id])[-1].payer
        assert (payer in lines) == (not scenario.is_sure), scenario.label
        assert scenario.is_sure or lines[payer].proposal.kind == scenario.kind, scenario.label
    for scenario in SCENARIOS:
        if scenario.id in ("fee", "two", "forgotten", "kanji"):
            one = lines[scenario.transfers(orders[scenario.id])[-1].payer]
            single_press.press(one.line.deposit.number, one.fingerprint, staff, catalog=catalog)
    assert [_state("fee"), _state("two"), _state("two", 1), _state("other"), _state("year")] == [
        "placed",
        "paid",
        "paid",
        "placed",
        "placed",
    ]
    correction = BankLine.get(BankLine.kind == LineKind.CORRECTION)
    line_decisions.take_back(correction, Deposit.get(Deposit.yen == 6_600), staff, "組戻し", "test", catalog=catalog)
    assert Deposit.get(Deposit.yen == 6_600).rest_yen == 0
    assert Deposit.get(Deposit.payer.endswith("ﾄｼｺｼ ｿﾊﾞ")).booked_on == date(clock.today().year - 1, 12, 31)

    browser.visit("/demo/bank").press(f"{KINDS['csv']}で受け取る")  # again, in another format: other customers, and nothing twice
    assert Deposit.select().count() == 2 * sum(one.yen > 0 for scenario in SCENARIOS for one in scenario.transfers(orders[scenario.id]))
    assert len(matching_runs.sure_pairs()) == 2


def test_a_transfer_to_the_customers_own_number_is_known_whatever_the_name(app: Flask, browser: Browser, catalog: Catalog) -> None:
    """A company that gives numbers: the customer reads it in お支払い情報, and the pretend bank says it in its file."""
    app.extensions["catalog"] = replace(catalog, virtual_accounts=NUMBERS)
    browser.visit("/demo/bank").press(f"{KINDS['03']}で受け取る")
    order, account = _orders(OWN_NUMBER)[0], Account.by_login("bank-own")

    number = account.virtual_number(NUMBERS.branch_code)
    assert BankLine.get(BankLine.code != "").code == f"777{number}"
    found = {pair.order: Deposit.get_by_id(pair.deposit) for pair in matching_runs.sure_pairs()}
    assert found[order.id].payer == "ﾊﾊｵﾔ ﾊﾗｳ"
    browser.sign_in("bank-own").visit("/contract")
    assert browser.says(f"振込専用支店 普通 {number}")
    assert "9000001" not in browser.text("main")


def _orders(scenario: Scenario) -> list[Order]:
    return [Account.by_login(login_of(scenario, place, 0)).latest_order for place in range(len(scenario.names))]


def _state(name: str, place: int = 0) -> str:
    return str(Account.by_login(login_of(next(one for one in SCENARIOS if one.id == name), place, 0)).latest_order.state)
