"""What the sandbox card company can do without the portal: a bank that asks for its holder, refunds made there, disputes."""

from datetime import date, timedelta

import pytest

from models import Account, Allocation, Dispute, Order, Payment
from portal import clock
from portal.actions.payments.comparing import compare
from portal.enums import Method
from portal.sandbox.books import Books
from portal.sandbox.books.webhook_queue import due_webhooks
from portal.sandbox.webhooks import deliver
from tests import balance, steps
from tests.browser import Browser
from tests.staff_desk import a_clerk, sign_in

YEN = 13_200
ASKS_LATER = "4000 0027 6000 3184"


@pytest.fixture
def bought(browser: Browser, newcomer: str) -> str:
    steps.pay(browser)
    return Order.get().number


@pytest.fixture
def desk(app, settings) -> Browser:
    return sign_in(Browser(app, settings.public_url), a_clerk())


def at_the_company(desk: Browser, books: Books, settings, *buttons: str) -> None:
    """The presenter presses, and the worker delivers the webhooks, each twice."""
    for button in buttons:
        desk.visit("/demo/card").press(button)
        assert desk.says("数秒で届きます")

    def post(path: str, headers: dict[str, str], body: bytes) -> int:
        return desk.client.post(path, data=body, headers=headers, base_url=desk.base_url).status_code

    deliver(books, settings.notice_secret, post)
    assert due_webhooks(books) == []


def differences(companies) -> tuple:
    return compare(Method.CARD, companies.card, clock.today(), clock.today()).differences


def back() -> list[int]:
    return [row.yen for row in Allocation.select().where(Allocation.source == "returned").order_by(Allocation.id)]


def test_refunds_made_at_the_company_reach_staff_and_the_customer(bought, browser, desk, books, settings, companies) -> None:
    at_the_company(desk, books, settings, "1,000円を返金する", "全額を返金する")

    assert back() == [-1000, 1000 - YEN]
    assert desk.visit("/staff/attention").says("会社の側で行われた返金")
    assert browser.visit(f"/orders/{bought}").says("12,200円")
    assert not desk.visit("/demo/card").offers("不審請求の申請を受ける")
    assert differences(companies) == ()


def test_a_dispute_is_opened_and_lost(bought, browser, desk, books, settings, companies) -> None:
    at_the_company(desk, books, settings, "不審請求の申請を受ける")
    assert desk.visit("/staff/attention").says("不審請求の申請（チャージバック）に、カード会社の期限までに答える必要があります")
    assert desk.visit(f"/staff/orders/{bought}/refund").says("カード会社に不審請求の申請が出ているため、返金できません")
    assert (back(), differences(companies)) == ([], ())

    at_the_company(desk, books, settings, "申請が認められる（当社の負け）")
    assert (back(), Dispute.get().state, Account.get(login="new").is_held) == ([-YEN], "lost", True)
    assert browser.visit(f"/orders/{bought}").says("お支払いはカード会社が取り消しました", "h1")
    assert differences(companies) == ()


def test_a_dispute_is_opened_and_won(bought, desk, books, settings, companies, on) -> None:
    at_the_company(desk, books, settings, "不審請求の申請を受ける")
    assert desk.visit("/staff/attention").says("までに、カード会社の管理画面で答えてください")
    on(clock.today() + timedelta(days=10))
    assert desk.visit("/staff/attention").says("を過ぎました。カード会社の管理画面で、結果を確かめてください")
    at_the_company(desk, books, settings, "申請は認められない（当社の勝ち）")

    assert (back(), Dispute.get().state) == ([], "won")
    assert desk.visit("/demo/card").offers("全額を返金する")
    assert differences(companies) == ()


def test_the_bank_asks_for_the_holder_at_the_automatic_charge(browser, newcomer, on, companies) -> None:
    steps.buy_a_month(browser, ASKS_LATER)
    while Payment.select().count() == 1:
        browser.visit("/demo/clock").press("次の出来事へ")
    order = Payment.select().order_by(Payment.id.desc()).get().order
    steps.go(browser, f"/orders/{order.number}/payment").follow("本人認証をして支払う").press("本人認証へ進む")
    browser.follow("カード会社の本人認証のページを開く").press("認証する")

    assert browser.says("入金確認済")
    assert balance.received() == [1320, 1320]
    assert Order.get_by_id(order.id).is_paid


def test_what_the_company_sends_reaches_the_bank_once_and_is_known_there(browser, newcomer, on, desk) -> None:
    on(date(2026, 11, 2))
    steps.pay(browser)
    on(date(2026, 11, 13))
    desk.visit("/demo/card").press("銀行に着く（charge_20261102）")
    assert desk.says("12,725円が、デモの銀行の口座に着きました")
    assert not desk.offers("銀行に着く（charge_20261102）")
    content = desk.client.get("/demo/bank/01", base_url=desk.base_url).data
    desk.visit("/staff/bank/new").attach("ファイル", "meisai", content).press("内容を確かめる")
    assert desk.says("会社からの入金1件12,725円")
    desk.press("OK")

    assert desk.says("1件を取り込みました（入金 0件、手入力済み 0件、取消・組戻し 0件、対象外 1件）")
    desk.visit("/staff/bank").follow("会社からの入金（カード会社、おさいぽ!）")
    assert desk.says("売上 13,200円")
    assert desk.says("手数料 -475円")
    desk.follow("2026年11月13日（金）の2件目")
    assert desk.says("カード会社やおさいぽ!からの入金（charge_20261102）")
