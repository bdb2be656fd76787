"""Invalid input on the contract page: a message at the field and in the summary, typed values are kept, nothing is sold."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from models import Consent, Order, OrderLine
from portal.catalog import Catalog
from portal.sandbox.books import Books
from tests import balance, steps
from tests.browser import Browser
from tests.choices import repriced, with_product

pytestmark = pytest.mark.usefixtures("newcomer")


def nothing_is_sold(books: Books) -> bool:
    return balance.is_nothing_moved(books) and set(balance.states()) <= {"draft"} and not OrderLine.select().exists()


@pytest.fixture
def form(browser: Browser) -> Browser:
    return steps.to_the_form(browser)


def send(form: Browser, **forged: str | list[str] | None) -> Browser:
    return form.press("お支払い方法選択へ", forged=forged)


def test_a_missing_consent_is_named_at_its_box_and_in_the_summary(form: Browser, books: Books) -> None:
    send(form.choose("クイック認証", under="独自SSL").tick(steps.SERVER_TERMS))

    assert form.status == 422
    assert form.title.startswith("エラー：")
    assert form.says("入力内容に1件の誤りがあります", ".errors")
    assert form.says("独自SSLの特約への同意が必要です", ".errors")
    assert form.says("独自SSLの特約への同意が必要です", "#for-agree_ssl")
    assert form.is_chosen("クイック認証", under="独自SSL")
    assert form.is_chosen(steps.SERVER_TERMS)
    assert nothing_is_sold(books)


def test_all_mistakes_are_shown_at_once(form: Browser) -> None:
    send(form.choose("12か月", under=steps.DEVICE).fill("台数", "0"), months="7")

    assert form.says("契約期間を選んでください", ".errors")
    assert form.says("台数は1から20までの数字で入力してください", ".errors")
    assert form.says("「サーバーご利用約款」への同意が必要です", ".errors")
    assert form.says("デバイスセキュリティの特約への同意が必要です", ".errors")


def test_the_summary_of_mistakes_leads_to_the_fields(form: Browser) -> None:
    send(form.choose("12か月", under=steps.DEVICE).fill("台数", "0"))

    links = [link["href"].removeprefix("#") for link in form.page.soup.select(".errors a")]
    assert len(links) == 3
    for id_ in links:
        field = form.page.soup.find(id=id_)
        assert field.name in ("input", "select")
        assert f"{id_}-error" in field["aria-describedby"]
        assert field["aria-invalid"] == "true"


@pytest.mark.parametrize("devices", ["0", "-1", "1000000000", "", "🍣𠮷", "<b>1</b>", '"', "&amp;"])
def test_a_bad_number_of_devices_stays_as_it_was_typed(form: Browser, books: Books, devices: str) -> None:
    send(form.choose("12か月", under=steps.DEVICE).tick(steps.SERVER_TERMS).tick(steps.DEVICE_TERMS).fill("台数", devices))

    assert form.status == 422
    assert form.value("台数") == devices
    assert form.says("台数は1から20までの数字で入力してください", "p.error")
    assert nothing_is_sold(books)
    form.fill("台数", "２").press("お支払い方法選択へ")
    assert form.says("デバイスセキュリティ 2台")


@pytest.mark.parametrize("months", ["0", "-1", "7", "", "x", "１２", "10" * 9, "🍣", None])
def test_months_not_on_offer_are_refused_and_a_valid_term_is_preselected(form: Browser, books: Books, months: str | None) -> None:
    send(form.tick(steps.SERVER_TERMS), months=months)

    assert form.status == 422
    assert form.says("契約期間を選んでください", ".errors")
    assert nothing_is_sold(books)
    form.choose("12か月 13,200円").press("お支払い方法選択へ")
    assert form.h1 == "お支払い方法"


def test_months_not_on_offer_cannot_be_paid_by_skipping_the_form(form: Browser, books: Books) -> None:
    order = form.url
    send(form.tick(steps.SERVER_TERMS), months="7")

    form.visit(f"{order}/payment")

    assert form.h1 == "契約内容の選択"
    assert form.says("お支払い方法を選ぶ前に、契約内容の入力が必要です")
    form.post_raw(f"{order}/payment", {"method": "card", "do": "next"})
    assert form.h1 == "契約内容の選択"
    assert nothing_is_sold(books)


def test_opening_the_payment_before_the_consent_redirects_to_the_form(form: Browser, books: Books) -> None:
    form.visit(f"{form.url}/payment")

    assert form.h1 == "契約内容の選択"
    assert nothing_is_sold(books)


@pytest.mark.parametrize("first", ["1", "12"])
def test_a_field_sent_twice_shows_the_value_that_counts(form: Browser, first: str) -> None:
    other = "12" if first == "1" else "1"
    send(form.tick(steps.SERVER_TERMS), months=[first, other])

    assert form.says({"1": "1,320円", "12": "13,200円"}[first], "table")
    form.follow("内容を変更する")
    assert form.is_chosen({"1": "1か月 1,320円", "12": "12か月 13,200円"}[first])


@pytest.mark.parametrize("size", [1_000_000, 70_000])
def test_a_field_of_a_megabyte_is_refused_and_changes_nothing(form: Browser, books: Books, size: int) -> None:
    before = Order.get().typed

    send(form, devices="x" * size)

    assert form.status == 413
    assert form.says("何も変更されていません")
    assert Order.get().typed == before


def test_an_overlong_value_is_refused_at_its_field_and_shortened(form: Browser) -> None:
    send(form.choose("12か月", under=steps.DEVICE), devices="9" * 10_000)

    assert form.status == 422
    assert len(Order.get().choices["devices"]) == 200


@pytest.mark.parametrize("method", ["", "WALLET", "bank ", "cash", "🍣", "x" * 1000])
def test_a_method_that_is_not_offered_is_refused(browser: Browser, books: Books, method: str) -> None:
    steps.to_the_payment(browser).press("クレジットカード情報入力", forged={"method": method})

    if method:  # nothing chosen means the first that is offered
        assert browser.status == 422
        assert browser.says("お支払い方法は、表示されている中から選んでください", ".errors")
        assert browser.h1 == "お支払い方法"
    assert nothing_is_sold(books)


@pytest.mark.parametrize("shown", ["", "x", "0" * 64, None, ["0" * 64, "1" * 64]])
def test_ok_on_contents_that_were_not_shown_shows_them_and_charges_nothing(browser: Browser, books: Books, shown: object) -> None:
    steps.to_the_confirmation(browser).press("OK", forged={"shown": shown})

    assert (browser.status, browser.h1) == (409, "お申し込みの最終確認")
    assert nothing_is_sold(books)


def test_amounts_sent_by_the_browser_are_ignored(browser: Browser, books: Books) -> None:
    steps.to_the_confirmation(browser).press("OK", forged={"yen": "1", "total_yen": "1", "price": "0", "token": "other"})

    assert balance.taken(books) == [13_200]


@pytest.mark.parametrize("name", ["𠮷野 太郎", "SÖHNE O'NEIL"])
def test_the_card_company_accepts_any_holders_name(browser: Browser, books: Books, name: str) -> None:
    steps.to_the_card_page(browser).fill("カード番号", steps.GOOD).fill("有効期限", "１２／３５").fill("セキュリティコード", "１２３")
    browser.fill("カード名義", name).press("送信する").press("OK")

    assert balance.taken(books) == [13_200]


# -- the catalog changes between the confirmation and OK ----------------------------------------------------------------


def restart_with(app: Flask, change: Callable[[Catalog], Catalog]) -> None:
    """The operator edits company/ and restarts."""
    app.extensions["catalog"] = change(app.extensions["catalog"])


def dearer(catalog: Catalog) -> Catalog:
    return repriced(catalog, lambda prices: {months: yen + 110 for months, yen in prices.items()}, "server")


def newer_terms(catalog: Catalog) -> Catalog:
    documents = tuple(
        replace(each, version="2027-01-01", sha256="f" * 64) if each.id == "server-terms" else each for each in catalog.documents
    )
    return replace(catalog, documents=documents)


def without_a_year(catalog: Catalog) -> Catalog:
    return repriced(catalog, lambda prices: {months: yen for months, yen in prices.items() if months != 12}, "server")


def without_the_plan(catalog: Catalog) -> Catalog:
    return with_product(catalog, "server", plans=tuple(plan for plan in catalog.plans if plan.id != "standard"))


def test_a_price_changed_meanwhile_is_shown_again_and_nothing_is_charged(browser: Browser, app: Flask, books: Books) -> None:
    steps.to_the_confirmation(browser)
    restart_with(app, dearer)

    browser.press("OK（この内容で申し込み、13,200円を支払う）")

    assert browser.status == 409
    assert browser.says("表示したあとで内容が変わりました")
    assert browser.says("今回のお支払い総額14,520円")
    assert nothing_is_sold(books)
    browser.press("OK（この内容で申し込み、14,520円を支払う）")
    assert balance.taken(books) == balance.received() == [14_520]


def test_terms_of_service_changed_meanwhile_need_a_new_consent(browser: Browser, app: Flask, books: Books) -> None:
    steps.to_the_confirmation(browser)
    restart_with(app, newer_terms)

    browser.press("OK")

    assert browser.h1 == "契約内容の選択"
    assert browser.says("内容と同意のチェックを確認してください")
    assert not browser.is_chosen(steps.SERVER_TERMS)
    assert nothing_is_sold(books)
    browser.tick(steps.SERVER_TERMS).press("お支払い方法選択へ").press("クレジットカード情報入力")
    steps.enter_card(browser).press("OK")
    assert [(each.document, each.version) for each in Consent.select()] == [("server-terms", "2027-01-01")]


def test_a_term_no_longer_sold_must_be_chosen_again(browser: Browser, app: Flask, books: Books) -> None:
    steps.to_the_confirmation(browser)
    restart_with(app, without_a_year)

    browser.press("OK")

    assert browser.h1 == "契約内容の選択"
    assert nothing_is_sold(books)
    assert not browser.says("お見積り合計")


@pytest.mark.parametrize("way", [steps.to_the_form, steps.to_the_payment, steps.to_the_confirmation])
def test_a_plan_no_longer_sold_breaks_no_page(browser: Browser, app: Flask, books: Books, way: Callable) -> None:
    way(browser)
    restart_with(app, without_the_plan)

    browser.reload()

    assert browser.status < 500
    assert nothing_is_sold(books)
    browser.visit("/contract")
    assert browser.says("現在お申し込みいただけるプランがありません")


# -- consent ------------------------------------------------------------------------------------------------------------


def test_consent_to_an_option_not_chosen_is_neither_needed_nor_stored(browser: Browser, books: Books) -> None:
    steps.to_the_form(browser).tick(steps.SERVER_TERMS).tick(steps.BACKUP_TERMS).press("お支払い方法選択へ")
    steps.enter_card(browser.press("クレジットカード情報入力")).press("OK")

    assert [consent.document for consent in Consent.select()] == ["server-terms"]


def test_consent_withdrawn_before_the_payment_no_longer_counts(browser: Browser, books: Books) -> None:
    steps.to_the_payment(browser).follow("内容を変更する").untick(steps.SERVER_TERMS).press("金額を再計算する")

    browser.visit(f"{browser.url}/payment")

    assert browser.h1 == "契約内容の選択"
    assert nothing_is_sold(books)


def test_each_document_can_be_read_before_agreeing_to_it(browser: Browser, catalog: Catalog) -> None:
    steps.to_the_form(browser)

    for document in catalog.documents:
        tab = browser.new_tab().follow(f"{document.title}を読む")
        assert (tab.status, tab.h1) == (200, document.title)
        assert tab.says(f"{document.version} 版")
