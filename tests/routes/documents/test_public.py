"""Pages that anybody may read: true by the catalog and the rules, for everybody the same, without a cookie."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from portal.catalog import load_catalog
from portal.enums import Method
from portal.formats import yen
from portal.rules.renewals.charge_days import charge_day, last_change_day
from portal.rules.transfers.due_dates import due_day
from tests.browser import Browser
from tests.page import squeeze

COMPANY = Path(__file__).parents[3] / "company"
FOOTER = {
    "料金": "/prices",
    "ご利用ガイド": "/guide",
    "約款": "/documents",
    "特定商取引法に基づく表記": "/legal/tokutei",
    "プライバシーポリシー": "/legal/privacy",
    "アクセシビリティ": "/legal/accessibility",
}


@pytest.mark.parametrize(("label", "address"), FOOTER.items())
def test_every_public_page_is_one_step_from_the_foot_and_kept_by_any_cache(browser: Browser, label: str, address: str) -> None:
    browser.visit("/login").follow(label)

    assert browser.url == address
    assert browser.headers["Cache-Control"].startswith("public")
    assert "Set-Cookie" not in browser.headers
    assert {link.get_text() for link in browser.page.soup.select("footer nav a")} == set(FOOTER)


def test_the_price_page_names_each_price_that_is_sold_in_all_and_per_month(browser: Browser, catalog) -> None:
    said = squeeze(browser.visit("/prices").text("main"))
    for plan in catalog.plans:
        assert all(yen(plan.total_yen(months)) in said and yen(plan.monthly_yen[months]) in said for months in plan.months)
    assert "スタンダードプラン" in said
    assert "12か月13,200円1,100円" in said  # 1,100 x 12
    assert "36か月9,108円253円" in said  # one device, 253 x 36
    assert squeeze("EV SSL") in said


def test_what_is_withdrawn_has_no_price(app: Flask, browser: Browser) -> None:
    catalog = app.extensions["catalog"]
    app.extensions["catalog"] = replace(catalog, products=tuple(replace(found, is_withdrawn=True) for found in catalog.products))

    assert browser.visit("/prices").says("新しいお申し込みは受け付けておりません")
    assert not browser.says("スタンダードプラン", "main")


def test_the_law_page_says_the_days_that_the_rules_act_on(app: Flask, browser: Browser) -> None:
    ends_on, ordered_on = date(2025, 11, 30), date(2025, 11, 1)
    numbers = replace(
        app.extensions["catalog"].renewal, card_day=7, wallet_days=(10, 20), charge_days=(7, 14), notice_days=(40, 5), stopped_days=21
    )
    app.extensions["catalog"] = replace(app.extensions["catalog"], renewal=numbers)
    charged = charge_day(Method.CARD, ends_on, numbers=numbers)
    before_the_wallet = (ends_on - last_change_day(Method.WALLET, ends_on)).days
    said = browser.visit("/legal/tokutei").text("main")

    assert f"契約期間が終わる月の{charged.day}日。変更・解除の期限は、その月の{last_change_day(Method.CARD, charged).day}日です。" in said
    assert f"10日、20日のうち、お客様が選ばれた日。変更・解除の期限は、その{before_the_wallet}日前です。" in said
    assert "同じ月の7日、14日のうち" in said
    assert "その40日前と5日前に" in said
    assert f"お申し込みの日から{(due_day(ordered_on) - ordered_on).days}日以内" in said
    assert "21日間は、途切れなく更新できます" in said


def test_the_law_page_leads_to_the_prices_and_says_how_to_end_in_mid_term(browser: Browser) -> None:
    browser.visit("/legal/tokutei")
    assert browser.says("残りの期間の料金は返金いたしません")
    assert browser.says("途中での解約は、support@kawasemi.example.jp")
    assert browser.page.soup.select_one("main dl a")["href"] == "/prices"


def test_a_method_that_cannot_be_used_is_not_named(app: Flask, browser: Browser) -> None:
    app.extensions["catalog"] = replace(app.extensions["catalog"], bank_accounts=())
    said = browser.visit("/legal/tokutei").text("main")

    assert "お支払い方法 クレジットカード、おさいぽ!" in said.replace("\n", " ")
    assert "銀行振込のお申し込みは" not in said


# -- terms


@pytest.fixture
def two_versions(app: Flask, tmp_path) -> None:
    catalog = app.extensions["catalog"]
    now = catalog.documents[0]
    newer = replace(now, version="2027-04-01", html=now.html.replace("振込手数料はお客様のご負担です。", "振込手数料は弊社が負担します。"))
    app.extensions["catalog"] = replace(catalog, documents=(newer, *catalog.documents[1:]), old_documents=(now,))


def test_every_version_of_the_terms_is_listed_with_what_changed(two_versions, browser: Browser) -> None:
    browser.visit("/documents")
    assert browser.says("サーバーご利用約款 2027-04-01版（いまの版）")
    browser.follow("サーバーご利用約款 2026-04-01版")
    assert browser.says("いまの版は、2027-04-01 版です")
    browser.visit("/documents/server-terms/2027-04-01")
    assert browser.says("2026-04-01 版からの変更")
    assert browser.says("変更前：銀行振込は、お申し込みの日から14日以内にお振り込みください。振込手数料はお客様のご負担です。")
    assert browser.says("変更後：銀行振込は、お申し込みの日から14日以内にお振り込みください。振込手数料は弊社が負担します。")
    assert browser.text("#changes ~ h3") == "第4条（料金とお支払い）"


def test_the_sample_company_says_the_numbers_of_its_catalog() -> None:
    """Its free texts and terms repeat some of them."""
    catalog = load_catalog(COMPANY)
    terms = catalog.documents[0].html
    assert f"契約期間が終わる月の{catalog.renewal.card_day}日" in terms
    assert f"停止から{catalog.renewal.stopped_days}日の間" in terms
    assert f"{max(catalog.renewal.notice_days)}日前までに" in terms
    assert not any(sign.isdigit() for sign in catalog.company.payment_time)
