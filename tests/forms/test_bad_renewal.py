"""Invalid and forged input in the renewal form: a message at the field, typed values are kept, nothing is sold."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from models import Order, OrderLine, Subscription
from portal.catalog import Catalog
from portal.gateways.companies import Companies
from portal.sandbox.books import Books
from tests import balance, bank, steps
from tests.browser import Browser
from tests.choices import a_selection, with_product
from tests.purchase import Shop

pytestmark = pytest.mark.usefixtures("newcomer")
WITH_CERTIFICATE = a_selection(months=12, ssl="quick", backup_months=12)


@pytest.fixture
def form(browser: Browser, app: Flask, catalog: Catalog, books: Books, companies: Companies, business_day: Callable) -> Browser:
    """A contract with a certificate and a backup, paid by transfer, of this customer and of another; at the form of this one's renewal."""
    shop = Shop(catalog, books, companies.card)
    business_day(date(2024, 11, 30))
    for login in ("new", "other"):
        bank.pay_in(shop.place_for_transfer(shop.draft(login), WITH_CERTIFICATE))
    business_day(date(2025, 11, 20))
    return steps.to_the_renewal(browser).tick(steps.SSL_TERMS).tick(steps.BACKUP_TERMS)


def certificate(login: str) -> str:
    found = Subscription.select().where(Subscription.product == "ssl")
    return f"certificate_{next(row.id for row in found if row.account.login == login)}"


def is_nothing_sold() -> bool:
    return balance.states() == ["paid", "paid", "draft"] and OrderLine.select().count() == 6


def send(form: Browser, **forged: str | list[str] | None) -> Browser:
    return form.press("お支払い方法選択へ", forged=forged)


@pytest.mark.parametrize("months", ["0", "-1", "7", "x", "１２", "🍣"])
def test_months_not_on_offer_are_refused(form: Browser, months: str) -> None:
    send(form, months=months)

    assert form.status == 422
    assert form.says("契約期間を選んでください", ".errors")
    assert form.is_chosen(steps.BACKUP_TERMS)
    assert is_nothing_sold()


@pytest.mark.parametrize("field", ["backup", "device_months"])
def test_an_option_not_on_offer_is_refused(form: Browser, field: str) -> None:
    send(form, **{field: "5"})

    assert form.status == 422
    assert form.says("契約期間は、表示されている中から選んでください", ".errors")
    assert is_nothing_sold()


def test_a_certificate_accepts_only_renew_or_skip(form: Browser) -> None:
    send(form, **{certificate("new"): "ev"})

    assert form.status == 422
    assert form.says("独自SSLは、更新するかしないかを選んでください", ".errors")
    assert is_nothing_sold()


def test_another_customers_certificate_is_not_found(form: Browser) -> None:
    send(form, **{certificate("new"): "", certificate("other"): "renewed"})

    assert form.h1 == "お支払い方法"
    assert not form.says("独自SSL", "table")


def test_a_second_certificate_cannot_be_bought_here(form: Browser) -> None:
    send(form, ssl="quick")

    assert form.status == 422
    assert form.says("独自SSLは、表示されている中から選んでください", ".errors")
    assert is_nothing_sold()


def test_a_missing_consent_is_named_and_the_choice_is_kept(form: Browser) -> None:
    send(form.untick(steps.BACKUP_TERMS).choose("3か月 1,254円", under=steps.BACKUP).choose("6か月 7,260円"))

    assert form.says("バックアップオプションの特約への同意が必要です", "#for-agree_backup")
    assert form.is_chosen("3か月 1,254円", under=steps.BACKUP)
    assert form.is_chosen("6か月 7,260円")
    assert is_nothing_sold()


def test_all_mistakes_are_shown_at_once_in_page_order(form: Browser) -> None:
    send(form.untick(steps.SSL_TERMS), months="7", **{certificate("new"): "x"}, backup="5", device_months="5", devices="0")

    names = [link["href"].removeprefix("#") for link in form.page.soup.select(".errors a")]
    assert names == ["months", certificate("new"), "agree_ssl", "backup", "device_months", "devices", "agree_device"]
    assert all(form.page.soup.find(id=name) for name in names)


def test_opening_the_payment_before_the_consent_redirects_to_the_form(form: Browser) -> None:
    form.visit(f"/orders/{Order.get(Order.kind == 'renew').number}/payment")

    assert form.h1 == "契約内容の選択"
    assert form.says("お支払い方法を選ぶ前に、契約内容の入力が必要です")


def test_a_certificate_of_a_kind_no_longer_sold_is_shown_and_not_offered(form: Browser, app: Flask, catalog: Catalog) -> None:
    app.extensions["catalog"] = with_product(catalog, "ssl", variants=catalog.product("ssl").variants[1:])

    steps.open_renewal(form)
    assert form.says("お取り扱いを終了したため、更新できません", f"#{certificate('new')}")
    send(form, **{certificate("new"): "renewed"})

    assert form.status == 422
    assert form.says("お取り扱いを終了したため、更新できません", ".errors")
    assert is_nothing_sold()


@pytest.mark.parametrize("kind", ["auto", "add", "RENEW", "x", "🍣", ["renew", "new"]])
def test_an_invalid_order_kind_starts_no_contract(form: Browser, kind: str | list[str]) -> None:
    form.visit("/contract").post_raw("/orders", {"kind": kind})

    assert is_nothing_sold()
    assert form.h1 in ("サーバー契約・更新", "契約内容の選択")
