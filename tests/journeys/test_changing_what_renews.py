"""The deadline for changing the next renewal, and what the page says after it."""

import pytest

from tests import steps
from tests.browser import Browser
from tests.clock_days import Worker, at


def by_card(browser: Browser) -> None:
    steps.buy_a_month(browser)


def by_wallet(browser: Browser) -> None:
    steps.buy_a_month_by_wallet(browser)


def to_the_change(browser: Browser) -> Browser:
    return steps.go(browser, "/contract").follow("次回ご契約内容を変更する")


@pytest.mark.parametrize(
    ("buy", "last", "closed", "until", "charged"),
    [
        (by_card, (2025, 11, 4, 23, 59, 59), (2025, 11, 5, 0, 0, 0), "2025年11月4日（火）", "2025年11月5日（水）"),
        (by_wallet, (2025, 11, 11, 23, 59, 59), (2025, 11, 12, 0, 0, 0), "2025年11月11日（火）", "2025年11月15日（土）"),
    ],
)  # fmt: skip
def test_a_change_is_open_until_the_last_second_of_the_deadline(
    browser: Browser, buy: object, last: tuple, closed: tuple, until: str, charged: str
) -> None:
    with at(2025, 10, 20, 10):
        buy(browser)

    with at(*last):
        to_the_change(browser)
        assert browser.offers("契約期間を変更する")
        assert browser.offers("次回の自動更新から変更する（今は支払わない）")
    with at(*closed):
        to_the_change(browser)
        assert browser.says(f"変更の期限（{until} 23時59分）を過ぎたため、{charged}のお支払いの内容は変更できません")
        assert not browser.offers("契約期間を変更する")
        assert not browser.offers("次回の自動更新から変更する（今は支払わない）")
        assert browser.offers("自動更新を止める")
        assert browser.offers("お支払い方法だけを変更する（今は支払わない）")


def test_paying_now_and_reserving_are_offered_with_amount_and_day(browser: Browser) -> None:
    with at(2025, 10, 20, 10):
        by_card(browser)
        to_the_change(browser)

    assert browser.says("いまお支払いいただきます")
    assert browser.says("2025年11月5日（水）の自動更新から、契約期間とオプションを変更します。今は支払いません")
    assert browser.says("2025年11月4日（火） 23時59分までお手続きと取り消しができます")


def test_paying_now_is_refused_while_the_next_term_is_paid(browser: Browser, worker: Worker) -> None:
    with at(2025, 10, 20, 10):
        by_card(browser)
    worker.comes(2025, 11, 5, 0, 5)
    with at(2025, 11, 6, 10):
        to_the_change(browser)

    assert browser.says("次回のご契約はお支払い済みです。契約期間の変更は、2025年12月1日（月）からできます")
    assert not browser.offers("契約期間を変更する")


def test_without_automatic_renewal_no_change_is_offered(browser: Browser) -> None:
    with at(2025, 10, 20, 10):
        by_card(browser)
        browser.visit("/renewal/reset").press("OK").visit("/renewal/change")

    assert browser.h1 == "サーバー契約・更新"
    assert browser.offers("契約更新の操作へ進む")
