"""The tour: three steps with the real pages and jobs, and sums that agree."""

from datetime import date

import pytest

from models import Account, Order
from portal import clock
from portal.demo import tour
from portal.enums import OrderState
from portal.sandbox.books import tour as book
from tests.factories import a_customer
from tests.reconciliation import ledger

DAY = date(2026, 11, 10)


@pytest.fixture
def guide(browser, on):
    """A presenter in the first step."""
    on(DAY)
    return browser.visit("/demo/tour").press("ツアーを始める")


def test_three_steps_lead_from_the_order_to_the_renewal_a_year_later(guide, books):
    assert guide.h1 == "申し込む（デモのツアー 1 / 3）"
    assert guide.says("お振込待ち", "[aria-labelledby=customer]")
    assert guide.says("作成中 → 申し込み済み", "[aria-labelledby=staff]")
    assert guide.says("お申し込みを受け付けました", "[aria-labelledby=mails]")

    guide.press("次へ：お金が動く")
    assert clock.today() == date(2026, 11, 11)
    assert guide.says("入金確認済", "[aria-labelledby=customer]")
    assert guide.says("番号・金額が一致", "[aria-labelledby=staff]")
    assert guide.says("ご入金を確認しました", "[aria-labelledby=mails]")

    guide.press("次へ：1年後")
    assert (guide.h1, clock.today()) == ("1年後（デモのツアー 3 / 3）", date(2027, 10, 31))
    assert guide.says("2028年11月30日（木）まで", "[aria-labelledby=customer]")
    assert guide.says("更新のお手続きをお願いします", "[aria-labelledby=mails]")
    assert [cell.get_text() for cell in guide.page.soup.select("[data-label=差]")] == ["0円", "0円"]
    assert [order.total_yen for order in Order.select().where(Order.state == OrderState.PAID)] == [13_200, 13_200]
    assert ledger(books).faults() == []

    guide.follow("前へ：お金が動く")
    assert guide.says("コントロールパネル（この場面のとき）")
    assert not guide.says("2028年", "[aria-labelledby=customer]")
    assert guide.follow("次へ：1年後").press("ツアーを終える").h1 == "デモの目次"


def test_a_second_press_of_next_makes_no_second_step(guide, app):
    tour.go_on(app, 1, "")
    guide.press("次へ：お金が動く")

    assert [made.step for made in book.made(app.extensions["books"])] == [1, 2]


def test_a_contract_that_was_changed_outside_stops_the_tour_and_says_so(guide):
    Order.update(state=OrderState.CANCELLED).where(Order.account == Account.by_login("tour")).execute()
    guide.press("次へ：お金が動く")

    assert guide.status == 409
    assert guide.says("ツアーの外で変わったため", "[role=alert]")
    assert guide.press("最初から（新しいお客様で）").says("見本 旅 様（tour2）")


def test_who_turned_the_clock_further_meanwhile_is_not_led_back(guide, hurried):
    guide.visit("/demo/clock").fill("日付", "2026-11-20").press("この日へ").visit("/demo/tour").press("次へ：お金が動く")
    guide.visit("/demo/clock").fill("日付", "2027-11-25").press("この日へ").visit("/demo/tour").press("次へ：1年後")

    assert guide.says("2027年11月25日（木）", ".lead")
    assert not guide.says("→", ".lead")


def test_the_bar_leads_back_to_the_tour_until_it_ends(guide):
    assert guide.visit("/login").says("ツアー 1 / 3　申し込む", ".tour")
    guide.follow("ツアーに戻る").visit("/demo/tour?step=0").visit("/demo/tour")
    assert guide.h1.startswith("申し込む")

    guide.press("ツアーを終える")
    assert not guide.visit("/login").page.soup.select(".tour")


def test_a_link_for_slides_signs_in_with_one_press(browser, on):
    on(DAY)
    a_customer("card")
    browser.visit("/demo/at/card?to=/contract")

    assert browser.h1.startswith("card：")
    assert browser.press("card でログイン").h1 == "サーバー契約・更新"
    browser.press("ログアウト")
    assert browser.visit("/demo/at/nobody").status == 404
    assert browser.visit("/demo/sheet").says("4242 4242 4242 4242")
