"""お預かり: listed by age, used for the next order, and written about; the customer reads what it was used for."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from models import Account, Allocation, Mail, Order
from portal import clock
from portal.actions.payments.money import assign_rest, record_returned
from portal.actions.staff import held
from portal.actions.transfers import bank_orders
from portal.catalog import Catalog
from portal.enums import MailKind
from tests.browser import Browser
from tests.factories import Workshop, a_customer
from tests.staff_desk import YEN, Clerk, a_bank_order, a_deposit, undo

TODAY = date(2026, 11, 16)


@pytest.fixture(autouse=True)
def today(business_day: Callable) -> None:
    business_day(TODAY)


def hold(clerk: Clerk, account: Account, yen: int, days: int) -> Allocation:
    """Money of the customer that came so many days ago."""
    deposit = a_deposit(clerk, yen, on=TODAY - timedelta(days=days))
    assign_rest(deposit, account)
    return Allocation.get(Allocation.deposit == deposit)


def listed(desk: Browser) -> list[str]:
    return [row.get_text() for row in desk.page.soup.select("tbody th a")]


def test_money_is_counted_by_its_age_the_longest_held_first(desk: Browser, clerk: Clerk) -> None:
    for days, yen in ((0, 1), (30, 20), (31, 300), (90, 4_000), (91, 50_000), (365, 600_000), (366, 7_000_000)):
        hold(clerk, a_customer(f"days{days}", name=f"見本 {days}日"), yen, days)
    a_deposit(clerk, 99)  # nobody's yet

    assert [(age.label, age.rows, age.yen) for age in held.ages()] == [
        ("30日まで", 2, 21),
        ("90日まで", 2, 4_300),
        ("1年まで", 2, 650_000),
        ("1年を超える", 1, 7_000_000),
    ]
    desk.visit("/staff/held")
    assert desk.says("合計7件7,654,321円")
    assert listed(desk)[:2] == ["見本 366日", "見本 365日"]


def test_of_a_charge_that_no_order_took_what_went_back_is_held_no_more(workshop: Workshop) -> None:
    order = workshop.order(a_customer())
    Allocation.update(order=None, account=order.account).where(Allocation.order == order).execute()
    charge = Allocation.get()
    record_returned(charge, 3_000, TODAY)

    assert [row.yen for row in held.held(None).rows] == [10_200]
    assert sum(age.yen for age in held.ages()) == 10_200 == order.account.held_yen
    Allocation.update(order=order, account=None).execute()


def test_the_pages_of_the_list_neither_repeat_nor_miss_a_row(desk: Browser, clerk: Clerk) -> None:
    for place in range(45):
        hold(clerk, a_customer(f"many{place}", name=f"見本 {place}"), 100, place % 3)
    names = listed(desk.visit("/staff/held"))
    assign_rest(Allocation.select().order_by(Allocation.received_on, Allocation.id).first().deposit, None)  # gone meanwhile
    names += listed(desk.follow("次のページ")) + listed(desk.follow("次のページ"))

    assert len(names) == len(set(names)) == 45
    assert not desk.offers("次のページ")
    assert desk.visit("/staff/held?after=きのう").status == 200


def test_held_money_is_used_for_the_next_order_and_the_customer_reads_it(desk: Browser, clerk: Clerk, catalog: Catalog) -> None:
    first = a_bank_order(catalog)
    bank_orders.give_up(first)
    kept = hold(clerk, first.account, YEN + 500, 9)
    order = a_bank_order(catalog)
    desk.visit(f"/staff/orders/{order.number}").follow("お預かり 13,700円（2026年11月7日（土）の入金）を使う")
    desk.fill("理由", "お電話でのご希望").press("確認へ進む")
    assert desk.says("お客様のお預かり 13,700円 → 500円")
    assert desk.says("お預かりしていた金額をお支払いに充てました")
    desk.press("OK")

    assert Order.get_by_id(order.id).is_paid
    [told] = Mail.select().where(Mail.kind == MailKind.HELD_USED)
    assert "残り500円は、引き続きお預かりしています" in told.body
    assert not Mail.select().where(Mail.kind == MailKind.MONEY_HELD).exists()
    desk.sign_in("new")
    assert desk.visit("/history").says("うち13,200円はお預かりから")
    assert desk.visit("/contract").says("500円をお預かりしています")

    undo(desk, kept.deposit)
    assert desk.visit("/contract").says("13,700円をお預かりしています")
    assert not desk.visit("/history").says("お預かりから")


def test_who_cannot_sign_in_does_not_see_it_on_a_page(desk: Browser, clerk: Clerk) -> None:
    kept = hold(clerk, a_customer(), 1_000, 40)
    assert desk.visit(f"/staff/deposits/{kept.deposit.number}").says("お客様の画面に表示しています。")
    Account.update(closed_at=clock.now()).execute()

    assert desk.reload().says("アカウントを閉じているため、お客様は画面で見られません。")


def test_staff_write_to_the_customer_once_however_often_ok_is_pressed(desk: Browser, clerk: Clerk) -> None:
    kept = hold(clerk, a_customer(), 1_000, 40)
    desk.visit("/staff/held").follow("お客様に連絡する")
    assert desk.press("確認へ進む").says("お客様への文を入力してください。", ".errors")
    desk.fill("お客様への文", "お振込先をお知らせください。").press("確認へ進む")
    assert desk.says("お振込先をお知らせください。")
    desk.press("OK（メールを送る）")

    assert desk.says("メールを送ります。")
    [letter] = Mail.select().where(Mail.kind == MailKind.HELD_LETTER)
    assert "お預かりしている1,000円についてご連絡します。\n\nお振込先をお知らせください。" in letter.body
    assert not desk.says("ご連絡なし")
    assign_rest(kept.deposit, None)
    assert desk.visit(f"/staff/deposits/{kept.deposit.number}/letter").status == 404
