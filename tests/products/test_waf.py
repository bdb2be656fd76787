"""An option is added by editing catalog.toml and adding its document, and nothing else: WAF is sold, shown, renewed and audited."""

import csv
import io
from datetime import date

import pytest
import time_machine
from flask import Flask

from models import Account, Consent, HostingEvent, Order, Subscription
from portal.catalog import Catalog
from portal.demo import filling
from portal.demo.personas import PERSONAS
from portal.runtime.settings import Settings
from tests import balance, steps
from tests.browser import Browser
from tests.clock_days import Worker, at
from tests.factories import a_customer
from tests.staff_desk import a_clerk, sign_in

WAF, TERMS = "WAFの契約期間", "「WAF特約」に同意します"
LATER = "次回の自動更新から変更する（今は支払わない）"
OK_LATER = "OK（この内容で次回の自動更新を予約する）"

pytestmark = pytest.mark.usefixtures("waf")


@pytest.fixture
def form(waf: Catalog, app: Flask, browser: Browser) -> Browser:
    a_customer("new")
    return steps.to_the_form(browser)


def choose(form: Browser) -> Browser:
    return form.choose("1か月 1,320円").tick(steps.SERVER_TERMS).choose("1か月 550円", under=WAF).tick(TERMS)


@pytest.fixture
def contracted(waf: Catalog, app: Flask, browser: Browser) -> Browser:
    """Server and WAF for a month that ends on 2025-11-30, by card."""
    a_customer("new")
    with at(2025, 10, 20, 10):
        choose(steps.to_the_form(browser)).press("お支払い方法選択へ").press("クレジットカード情報入力")
        steps.enter_card(browser).press("OK")
    return browser


def test_the_form_offers_the_waf_and_the_estimate_includes_it(form: Browser) -> None:
    assert form.says("サイトへの攻撃を止めます。")
    assert not form.is_chosen(TERMS)

    choose(form).press("金額を再計算する")
    assert form.says("お見積り合計1,870円", "#estimate")
    assert form.says("自動更新されます（独自SSLを除く）", "#estimate")


def test_the_waf_needs_consent_to_its_own_terms(form: Browser) -> None:
    choose(form).untick(TERMS).press("お支払い方法選択へ")

    assert form.status == 422
    assert form.says("WAFの特約への同意が必要です", ".errors")
    assert form.visit("/documents/waf-terms/2026-04-01").h1 == "WAF特約"


@pytest.mark.parametrize("months", ["2", "36", "x", "-1"])
def test_months_the_waf_is_not_sold_for_are_refused(form: Browser, months: str) -> None:
    choose(form).press("お支払い方法選択へ", forged={"waf": months})

    assert form.says("WAFの契約期間は、表示されている中から選んでください", ".errors")


def test_the_confirmation_names_the_waf_with_its_renewal_and_the_card_starts_its_term(app: Flask, browser: Browser) -> None:
    a_customer("new")
    with at(2025, 10, 20, 10):
        form = choose(steps.to_the_form(browser)).press("お支払い方法選択へ").press("クレジットカード情報入力")
        steps.enter_card(form)
        for sentence in (
            "今回のお支払い総額1,870円",
            "スタンダードプラン、WAF 2025年11月5日（水）に1,870円（税込）",
        ):
            assert form.says(sentence), sentence
        form.press("OK")

    assert ("waf", date(2025, 10, 20), date(2025, 11, 30)) in balance.terms()
    assert Subscription.get(Subscription.product == "waf").renews
    assert {consent.document for consent in Consent.select()} == {"server-terms", "waf-terms"}
    assert [event.kind for event in HostingEvent.select().where(HostingEvent.product == "waf")] == ["start"]


def test_on_the_5th_the_waf_is_charged_together_with_the_server(contracted: Browser, worker: Worker) -> None:
    worker.comes(2025, 11, 5, 10)

    order = Order.get(Order.kind == "auto")
    assert (order.total_yen, order.state) == (1_870, "paid")
    assert ("waf", date(2025, 12, 1), date(2025, 12, 31)) in balance.terms()


def test_a_reservation_can_drop_the_waf(contracted: Browser, worker: Worker) -> None:
    with at(2025, 10, 21, 10):
        steps.go(contracted, "/renewal/change").follow(LATER).choose("更新しない", under=WAF).press("最終確認へ進む")
        assert contracted.says("WAF：2025年11月30日（日）に終了します")
        contracted.press(OK_LATER)
    worker.comes(2025, 11, 5, 10)

    assert Order.get(Order.kind == "auto").total_yen == 1_320
    assert [product for product, starts_on, _ in balance.terms() if starts_on == date(2025, 12, 1)] == ["server"]


def test_a_reservation_can_add_the_waf(waf: Catalog, app: Flask, browser: Browser, worker: Worker) -> None:
    a_customer("new")
    with at(2025, 10, 20, 10):
        steps.buy_a_month(browser)
        steps.go(browser, "/renewal/change").follow(LATER).choose("3か月 1,584円", under=WAF).tick(TERMS)
        browser.press("最終確認へ進む").press(OK_LATER)
    worker.comes(2025, 11, 5, 10)

    assert Order.get(Order.kind == "auto").total_yen == 1_320 + 1_584
    assert ("waf", date(2025, 12, 1), date(2026, 2, 28)) in balance.terms()


def test_a_manual_renewal_lists_the_waf_with_its_end(contracted: Browser) -> None:
    with at(2025, 10, 21, 10):
        steps.open_renewal(steps.go(contracted, "/contract"))
        assert contracted.is_chosen("変更しない", under=WAF), "it renews by itself"
        assert contracted.says("契約終了日 2025年11月30日（日）（1か月）")
        contracted.choose("3か月 1,584円", under=WAF).tick(TERMS).press("金額を再計算する")

        assert contracted.says("WAF：2025年11月30日（日） → 2026年2月28日（土）", "#estimate")


def test_every_page_about_the_contract_names_the_waf(contracted: Browser) -> None:
    with at(2025, 10, 21, 10):
        for address in ("/contract", "/contract/timeline", "/renewal/change", "/renewal/reset"):
            assert steps.go(contracted, address).says("WAF"), address


@pytest.fixture
def desk(contracted: Browser, app: Flask, settings: Settings) -> Browser:
    return sign_in(Browser(app, settings.public_url), a_clerk())


@pytest.mark.parametrize("view", ["audit_lines", "audit_terms"])
def test_the_audit_views_contain_the_wafs_id(desk: Browser, view: str) -> None:
    rows = csv.DictReader(io.StringIO(desk.visit(f"/staff/files/{view}.csv").html.removeprefix("\ufeff")))

    assert [row["product"] for row in rows] == ["server", "waf"]


def test_staff_pages_name_the_waf(desk: Browser) -> None:
    for address in (f"/staff/orders/{Order.get().number}", "/staff/accounts/new", "/staff/provisioning"):
        desk.visit(address)
        assert desk.status == 200
        assert desk.says("WAF"), address


def test_the_demo_persona_with_every_option_has_the_waf(app: Flask, browser: Browser) -> None:
    with time_machine.travel("2026-11-25T03:00:00Z"):
        filling.make_ready(app, [persona for persona in PERSONAS if persona.login in ("new", "card")])
        assert browser.visit("/login").says("（バックアップ、デバイスセキュリティ、WAFも）")

    mine = Account.by_login("card").subscriptions
    assert {subscription.product for subscription in mine} == {"server", "backup", "device", "waf"}
