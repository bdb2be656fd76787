"""What a page must not leave out: fewer devices than now, a card that will have expired, from when the next term but one can be paid."""

import pytest

from models import Mail
from portal.enums import MailKind
from tests import steps
from tests.browser import Browser
from tests.clock_days import Worker, at

PAGES = ("/", "/contract")


@pytest.mark.parametrize(("devices", "words"), [("1", "デバイスセキュリティ 1台（いまは2台）"), ("2", "")])
def test_the_final_screen_names_the_number_of_devices_where_it_changes(browser: Browser, devices: str, words: str) -> None:
    with at(2025, 10, 20, 10):
        steps.buy_a_month(browser, options=True).visit("/renewal/reset").press("OK")
    with at(2025, 11, 20, 10):
        steps.go(browser, "/contract").press("契約更新の操作へ進む").choose("3か月", under=steps.DEVICE).fill("台数", devices)
        browser.choose("更新しない", under=steps.BACKUP).tick(steps.DEVICE_TERMS)
        steps.by_transfer(browser.press("お支払い方法選択へ"))

    assert browser.h1 == "お申し込みの最終確認"
    assert browser.says(words) if words else not browser.says("いまは")


def test_nothing_is_called_unnecessary_where_the_card_will_have_expired(browser: Browser) -> None:
    """The server ends in January, the card in December."""
    with at(2025, 10, 20, 10):
        steps.to_the_form(browser).choose("3か月 3,795円").tick(steps.SERVER_TERMS).press("お支払い方法選択へ")
        browser.press("クレジットカード情報入力").fill("カード番号", steps.GOOD).fill("有効期限", "12/25")
        browser.fill("セキュリティコード", "123").fill("カード名義", "TARO MIHON").press("送信する").press("OK")

        for page in PAGES:
            assert browser.visit(page).says("2026年1月4日（日）までに、新しいカードをご登録ください", "#status")
            assert not browser.says("お手続きは不要です")
        assert browser.says("ご登録のカードは、お支払い日までに有効期限が切れます", "#renewal")
        assert "不要" not in Mail.get(Mail.kind == MailKind.PAYMENT_CONFIRMED).body


def test_after_a_reset_with_the_next_term_paid_every_page_names_the_day_from_which_the_one_after_it_can_be_paid(
    browser: Browser, worker: Worker
) -> None:
    with at(2025, 10, 20, 10):
        steps.buy_a_month(browser)
    worker.comes(2025, 11, 5, 0, 5)
    with at(2025, 11, 6, 10):
        steps.go(browser, "/renewal/reset").press("OK")

        for page in (browser.url, "/contract"):
            assert browser.visit(page).says("その次の更新のお手続きは、2025年12月1日（月）からできます")
            assert not browser.offers("契約更新の操作へ進む")
    with at(2025, 12, 1, 10):
        assert steps.go(browser, "/contract").offers("契約更新の操作へ進む")
