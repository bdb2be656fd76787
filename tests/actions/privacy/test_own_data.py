"""What a customer is shown of what is stored: all of it, and nothing of anybody else or that opens something."""

import json

import pytest

from models import (
    TABLES,
    Account,
    Announcement,
    BankFile,
    BankLine,
    CountedTry,
    CsvMapping,
    Deposit,
    Heartbeat,
    HostingEvent,
    Installation,
    InvoiceDay,
    InvoiceOwed,
    InvoiceVoid,
    KeptInput,
    MatchingRun,
    MovedMoney,
    OneTimeLink,
    PasswordRequest,
    PaymentMethodSetup,
    PayoutFile,
    RecoveryCode,
    ReleasedPart,
    Remittance,
    RenewalSetting,
    Reservation,
    Schedule,
    SentNotice,
    Session,
    Staff,
    StatementDay,
    WebhookEvent,
)
from portal.actions.privacy import own_sections
from portal.actions.privacy.own_data import Section, as_json, own_data
from tests import bank, steps
from tests.browser import Browser
from tests.factories import a_customer
from tests.purchase import EVERYTHING

NOT_SHOWN = {
    "the company's own, and the program's notes": (
        Installation,
        Staff,
        RecoveryCode,
        Heartbeat,
        Schedule,
        BankFile,
        BankLine,
        InvoiceOwed,
        CsvMapping,
        MatchingRun,
        StatementDay,
        PayoutFile,
        Remittance,
    ),
    "opens something, or counts tries": (OneTimeLink, PasswordRequest, PaymentMethodSetup, KeptInput, CountedTry),
    "the customer's part is in 入金 and お振り込みの連絡": (Deposit, MovedMoney, ReleasedPart, WebhookEvent),
    "on 「サーバー契約・更新」 as what comes next, and in 履歴 and メール": (
        RenewalSetting,
        Reservation,
        Announcement,
        SentNotice,
        HostingEvent,
    ),
    "a paper that is void has its history": (InvoiceVoid,),
    "sums over all customers": (InvoiceDay,),
}


def test_every_table_is_shown_or_has_a_reason():
    """A new table about customers: a row of SECTIONS, or of NOT_SHOWN."""
    shown = {table for table in TABLES if hasattr(own_sections, table.__name__)}
    hidden = {table for tables in NOT_SHOWN.values() for table in tables}

    assert shown & hidden == set()
    assert [table.__name__ for table in TABLES if table not in shown | hidden] == []


@pytest.fixture
def bought(shop) -> Account:
    shop.buy("other", selection=EVERYTHING)
    order = shop.place_for_transfer(shop.draft("mine"))
    bank.pay_in(order, 5_000)
    bank.pay_in(order, 8_200)
    return order.account


@pytest.mark.store
def test_all_of_ones_own_data_and_nothing_of_others(bought):
    found = as_json(own_data(bought))
    text = json.dumps(found, ensure_ascii=False)

    assert [row["番号"] for row in found["お申し込み"]] == [order.number for order in bought.orders]
    assert sum(row["金額（円）"] for row in found["入金"]) == 13_200
    assert {"お申し込みの明細", "約款への同意", "ご契約の期間", "最終確認の画面", "メール", "履歴", "領収書など"} <= {
        title for title, rows in found.items() if rows
    }
    assert Account.by_login("other").email not in text
    assert not any(order.number in text for order in Account.by_login("other").orders)
    assert "keiri" not in text
    assert bank.REASON not in text


def test_nothing_opens_anything(bought):
    stored = [repr(value) for row in (bought, *bought.payment_methods, *Session.select()) for value in row.__data__.values() if value]
    secrets = [value.strip("'") for value in stored if len(value) > 50]
    text = json.dumps(as_json(own_data(bought)))

    assert secrets
    assert [value for value in secrets if value in text] == []


def test_the_page_shows_the_newest_and_says_how_many_more_there_are():
    few, many = (Section("x", [{"番号": number} for number in range(rows)]) for rows in (3, 17))

    assert ([row["番号"] for row in few.newest], few.more) == ([2, 1, 0], 0)
    assert ([row["番号"] for row in many.newest], many.more) == (list(range(16, 1, -1)), 2)


KINDS = {
    "お申し込みの明細": "スタンダードプラン",
    "約款への同意": "サーバーご利用約款",
    "入金": "13200",
    "カードとおさいぽ!": "Visa 下4桁 4242",
}


def test_a_customer_reads_and_takes_what_is_stored(browser: Browser):
    a_customer("other")
    a_customer("new")
    steps.pay(browser)
    browser.visit("/account").follow("保存されている情報を見る")
    assert (browser.h1, browser.url) == ("保存されている情報", "/account/data")
    assert browser.says("new@example.jp")
    for kind, words in KINDS.items():
        assert browser.follow(kind).says(words, "table"), words
        assert not browser.says("other")
    for wrong in ("0", "99", "x", "-1"):
        assert browser.visit(f"/account/data?kind={wrong}").says("new@example.jp", "table"), wrong

    browser.follow("ファイル（JSON）で受け取る")
    assert browser.headers["Content-Disposition"].startswith('attachment; filename="new-')
    assert "public" not in browser.headers["Cache-Control"]
    assert json.loads(browser.now.text)["アカウント"][0]["ログインID"] == "new"
    assert json.loads(browser.now.text)["最終確認の画面"][0]["画面の文"]
