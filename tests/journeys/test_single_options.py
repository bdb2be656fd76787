"""「バックアップ」「デバイスセキュリティ」: bought, enlarged and stopped on pages of their own."""

import json
import re
from datetime import date

import pytest
from flask import Flask

from models import Confirmation, Mail, Order, Reservation, Subscription, Term
from portal.enums import OrderKind
from tests import balance, staff_desk, steps
from tests.browser import Browser
from tests.clock_days import Worker


@pytest.fixture
def customer(browser: Browser, business_day) -> Browser:
    """A server for one month from 2026-11-10 (until 12-31), paid by card."""
    business_day(date(2026, 11, 10))
    return steps.buy_a_month(browser)


def add_backup(browser: Browser, months: str = "3か月") -> Browser:
    browser.visit("/backup").choose(months).tick(steps.BACKUP_TERMS).press("お支払い方法選択へ")
    return browser


def test_backup_is_bought_on_its_own_page_for_once(customer: Browser) -> None:
    steps.by_card(add_backup(customer))

    assert customer.says("今後の自動更新のお支払いには使いません")
    customer.press("OK")
    order, backup = Order.get(Order.kind == OrderKind.ADD), Subscription.get(Subscription.product == "backup")
    assert (order.adds, order.state, order.total_yen, backup.renews) == ("backup", "paid", 1254, False)
    assert customer.visit("/backup").says("2027年2月28日（日）に終了します")


def test_the_renewal_of_backup_is_turned_on_and_off_alone(customer: Browser, business_day) -> None:
    steps.by_card(add_backup(customer, "1か月")).press("OK")
    customer.visit("/backup").follow("バックアップの自動更新をオンにする")
    assert customer.says("まだ変更されていません")
    assert customer.says("2026年12月5日（土）に1,760円")

    customer.press("OK")
    assert customer.says("自動更新をオンにしました")
    assert customer.says("オン")
    assert Subscription.get(Subscription.product == "backup").renews
    customer.follow("バックアップの自動更新をオフにする").press("OK")
    assert not Subscription.get(Subscription.product == "backup").renews
    assert Subscription.get(Subscription.product == "server").renews


@pytest.fixture
def owner(browser: Browser, business_day) -> Browser:
    """Server and backup until 2026-12-31, two devices until 2027-02-28, bought on 2026-11-10 by card."""
    business_day(date(2026, 11, 10))
    return steps.buy_a_month(browser, options=True)


def add_devices(browser: Browser, count: str = "3") -> Browser:
    return browser.visit("/security").fill("台数", count).tick(steps.DEVICE_TERMS).press("お支払い方法選択へ")


def test_more_devices_are_had_from_now_on_until_the_same_end(owner: Browser) -> None:
    """November to February, both included: 4 months × 3 devices × 308 yen."""
    steps.by_card(add_devices(owner)).press("OK")

    assert owner.h1 == "お支払いが完了しました"
    order = Order.get(Order.kind == OrderKind.ADD)
    assert (order.total_yen, order.adds) == (4 * 3 * 308, "device")
    assert [str(term.ends_on) for term in Term.select().where(Term.order == order)] == ["2027-02-28"]
    assert owner.visit("/security").says("5台（うち3台は期間の途中で追加）")
    assert owner.visit("/contract").says("デバイスセキュリティ 5台")


def test_staff_read_the_same_number_of_devices_and_the_same_next_charge(owner: Browser, app: Flask) -> None:
    """Two from the beginning and three since, in one row and in one charge."""
    steps.by_card(add_devices(owner)).press("OK")
    desk = staff_desk.sign_in(Browser(app, owner.base_url), staff_desk.a_clerk())

    page = desk.visit("/staff/accounts/new")

    assert page.text("main").count("デバイスセキュリティ 5台") == 1
    assert not page.says("デバイスセキュリティ 2台")
    assert not page.says("デバイスセキュリティ 3台")
    shown = re.findall(r'<data value="(\d+)"', page.html)
    assert set(shown) == set(re.findall(r'<data value="(\d+)"', owner.visit("/contract").html))
    assert desk.visit("/staff/accounts").text("main").count("デバイスセキュリティ") == 1


@pytest.mark.parametrize(("day", "is_offered"), [(10, True), (11, False)])
def test_a_transfer_is_offered_while_its_order_would_expire_within_the_term(
    customer: Browser, business_day, day: int, is_offered: bool
) -> None:
    """The term ends on 2026-12-31. Placed on the 10th, the order is due on the 24th, and 期限切れ on the 30th."""
    customer.visit("/security").choose("1か月").fill("台数", "1").tick(steps.DEVICE_TERMS).press("お支払い方法選択へ")
    steps.by_card(customer).press("OK")
    business_day(date(2026, 12, day))

    add_devices(steps.go(customer, "/security"), "1")

    assert customer.says("銀行振込") is is_offered


@pytest.mark.parametrize("count", ["0", "19", "x", ""])
def test_a_number_that_is_not_sold_is_refused_at_the_field(owner: Browser, count: str) -> None:
    add_devices(owner, count)

    assert owner.status == 422
    assert "台数は1から18までの数字で入力してください" in owner.text(".error")
    assert not Order.select().where(Order.kind == OrderKind.ADD).exists()


def test_an_open_addition_stands_beside_the_order_of_the_contract(owner: Browser) -> None:
    steps.by_transfer(add_devices(owner)).press("OK")
    steps.open_renewal(owner, "change").tick(steps.BACKUP_TERMS).press("お支払い方法選択へ")
    steps.by_transfer(owner).press("OK")

    assert balance.states() == ["paid", "placed", "placed"]
    assert owner.visit("/security").says("お振込待ち")


def ordering(browser: Browser) -> str:
    """Backup by transfer on its own page."""
    steps.by_transfer(add_backup(browser)).press("OK")
    return Order.get(Order.kind == OrderKind.ADD).number


def test_while_a_transfer_is_awaited_the_page_says_so_with_its_day_and_the_way_to_it(customer: Browser) -> None:
    number = ordering(customer)
    for state in ("お振込待ち", "お振込確認中"):
        customer.visit("/backup")
        assert customer.says(f"{state} お申し込み {number} 銀行振込", ".warn"), state
        assert customer.says("お支払い期限：2026年11月24日（火）まで", ".warn")
        assert customer.follow("お支払い情報を見る").says("お振込金額")
        customer.visit(f"/orders/{number}/report").fill("振込名義", "ミホン").press("連絡する")


def test_what_is_ordered_on_its_own_page_cannot_be_chosen_in_the_form_of_the_contract(customer: Browser) -> None:
    steps.open_renewal(customer, "change").choose("3か月 1,254円").tick(steps.BACKUP_TERMS).press("お支払い方法選択へ")
    draft = customer.new_tab()
    number = ordering(customer)
    steps.open_renewal(customer, "change")

    assert customer.says(f"お申し込み {number} で申し込み済みのため、ここでは選べません")
    assert not customer.says(steps.BACKUP_TERMS)
    draft.choose("クレジットカード", under="お支払い方法").press("クレジットカード情報入力")
    assert draft.h1 == "契約内容の選択"
    assert f"お申し込み {number} で申し込み済みのため、ここでは選べません" in draft.text(".error")
    assert customer.visit("/renewal/reservation").says(f"お申し込み {number} で申し込み済みのため")
    assert balance.states() == ["paid", "draft", "placed"]


def test_what_is_ordered_with_the_contract_cannot_be_ordered_on_its_own_page(customer: Browser) -> None:
    draft = add_backup(customer).new_tab()
    steps.open_renewal(customer, "change").choose("3か月 1,254円").tick(steps.BACKUP_TERMS).press("お支払い方法選択へ")
    steps.by_transfer(customer).press("OK")
    number = Order.get(Order.kind == OrderKind.CHANGE).number

    assert customer.visit("/backup").says("「サーバー契約・更新」でお申し込み済みのため、ここではお申し込みいただけません")
    assert customer.says(f"お振込待ち お申し込み {number} 銀行振込", ".warn")
    assert not customer.offers("お支払い方法選択へ")
    draft.choose("クレジットカード", under="お支払い方法").press("クレジットカード情報入力")
    assert (draft.url, draft.says("「サーバー契約・更新」でお申し込み済みのため")) == ("/backup", True)
    assert balance.states() == ["paid", "draft", "placed"]


# -- another number of devices from the next term on -------------------------------------------------------------------------

NEXT, TO_THE_LOOK, OK = "次回からの台数", "最終確認へ進む", "OK（この内容で次回の自動更新を予約する）"


@pytest.fixture
def together(browser: Browser, business_day) -> Browser:
    """Server and two devices until 2026-12-31, bought on 2026-11-10 by card: charged together on 2026-12-05."""
    business_day(date(2026, 11, 10))
    return steps.buy_a_month_with_devices(browser).visit("/security")


@pytest.mark.parametrize(("devices", "yen"), [("3", 1320 + 3 * 330), ("1", 1320 + 330)])
def test_another_number_of_devices_is_reserved_for_the_next_charge(
    together: Browser, worker: Worker, books, business_day, devices: str, yen: int
) -> None:
    together.fill(NEXT, devices).press(TO_THE_LOOK)
    for words in (
        f"デバイスセキュリティ {devices}台",
        f"2026年12月5日（土）に、{yen:,}円",
        "まだ予約されていません",
        "今回のお支払い ありません",
    ):
        assert together.says(words), words
    assert not Reservation.select().exists()
    again = together.new_tab()

    assert together.press(OK).says(f"デバイスセキュリティ {devices}台")
    assert again.press(OK).says("次回の自動更新の内容を予約しました")
    assert Confirmation.select().where(Confirmation.about == "reservation").count() == 1
    assert f"デバイスセキュリティ {devices}台" in Mail.get(Mail.kind == "reservation_made").body
    business_day(date(2026, 12, 5))
    worker.comes(2026, 12, 5, 0, 5)
    assert balance.taken(books)[-1] == yen


def test_a_reserved_number_is_taken_back(together: Browser) -> None:
    together.fill(NEXT, "1").press(TO_THE_LOOK).press(OK).follow("予約を取り消す").press("OK（予約を取り消す）")

    assert together.visit("/security").value(NEXT) == "2"
    assert not Reservation.select().exists()


def test_what_was_reserved_before_stays_beside_the_number(together: Browser) -> None:
    """A longer period of the server, and backup, which is new and was agreed to."""
    together.visit("/renewal/reservation").choose("3か月 3,795円").choose("1か月 440円").tick(steps.BACKUP_TERMS)
    together.tick(steps.DEVICE_TERMS).press(TO_THE_LOOK).press(OK)
    agreed = json.loads(Reservation.get().content)["documents"]
    together.visit("/security").fill(NEXT, "5").press(TO_THE_LOOK).press(OK)

    lines = [(line["product"], line["quantity"], line["months"]) for line in json.loads(Reservation.get().content)["lines"]]
    assert lines == [("server", 1, 3), ("device", 5, 1), ("backup", 1, 1)]
    assert json.loads(Reservation.get().content)["documents"] == agreed
    together.visit("/renewal/reservation")
    assert (together.is_chosen("3か月 3,795円"), together.value("台数")) == (True, "5")


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("0", "更新しないときは、自動更新をオフにしてください"),
        ("21", "次回からの台数は1から20までの数字で入力してください"),
        ("x", "次回からの台数は1から20までの数字で入力してください"),
        ("", "次回からの台数は1から20までの数字で入力してください"),
        ("２", "次回の自動更新は、いまのままで2台です"),
    ],
)
def test_a_number_that_cannot_be_reserved_is_answered_at_the_field(together: Browser, typed: str, answer: str) -> None:
    together.fill(NEXT, typed).press(TO_THE_LOOK)

    assert (together.status, together.value(NEXT)) == (422, typed)
    assert answer in together.text(".error")
    assert not Reservation.select().exists()


def test_after_the_last_day_to_change_no_number_can_be_reserved(together: Browser, business_day) -> None:
    late = together.fill(NEXT, "1").press(TO_THE_LOOK).new_tab()
    business_day(date(2026, 12, 5))

    assert steps.go(late, "/security").says("変更の期限（2026年12月4日（金） 23時59分）を過ぎたため")
    together.press(OK)
    assert steps.go(together, "/security").h1 == "デバイスセキュリティ"
    assert not Reservation.select().exists()
