"""充当 and 取消: as confirmed, once, and both in the history. Balance and terms are checked after every test (conftest)."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
import time_machine

from models import Allocation, Deposit, Event, Order
from portal import clock
from portal.actions.transfers import allocation, bank_orders, deposits
from portal.catalog import Catalog
from tests import balance
from tests.browser import Browser
from tests.passes import expire_unpaid
from tests.purchase import CATALOG
from tests.staff_desk import REASON, YEN, Clerk, a_bank_order, a_deposit, a_report, allocate, to_the_review, undo

SUNDAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def forenoon() -> Iterator[None]:
    """Ten o'clock in Japan, so that no test crosses midnight and outdates its confirmation."""
    with time_machine.travel(clock.real_now().replace(hour=1, minute=0), tick=True):
        yield


def now(row: Deposit | Order) -> Deposit | Order:
    return type(row).get_by_id(row.id)


def test_the_exact_amount_pays_the_order_and_its_term_begins_today(
    desk: Browser, clerk: Clerk, catalog: Catalog, business_day: Callable
) -> None:
    business_day(SUNDAY)
    order = a_bank_order(catalog)
    deposit = a_deposit(clerk, on=date(2026, 11, 20))

    to_the_review(desk, deposit, order)
    assert desk.says("入金状況：お振込待ち → 入金確認済")
    assert desk.says("不足：13,200円 → 0円")
    assert desk.says("13,200円 → 0円", "#look")
    assert desk.says("「【かわせみサーバー】ご入金を確認しました")
    assert desk.says("スタンダードプラン")
    assert desk.says("2026年11月22日（日）から2027年11月30日（火）まで")
    assert desk.says(REASON)
    assert balance.states() == ["placed"]
    desk.press("OK（13,200円を充当する）")

    assert desk.says("申し込みは入金確認済になりました")
    assert desk.says("残り（未充当）0円")
    assert balance.terms() == [("server", SUNDAY, date(2027, 11, 30))]
    assert now(order).paid_on == date(2026, 11, 20)
    assert Event.get(Event.entity == f"deposit {deposit.number}", Event.to_state == "allocated").reason.endswith(REASON)


def test_a_perfect_match_takes_three_presses_from_the_list_and_no_reason(desk: Browser, clerk: Clerk, catalog: Catalog) -> None:
    order = a_bank_order(catalog)
    a_report(order, "ミホン タロウ")
    deposit = a_deposit(clerk, payer=f"{order.number} ﾐﾎﾝ ﾀﾛｳ")
    desk.visit("/staff/deposits")

    desk.follow(deposit.number)
    desk.follow(f"{order.number} に充当する")
    assert desk.text("#look .tag").split() == ["一致", "一致", "一致", "期限内"]
    assert desk.value("メモ（任意）") == ""
    desk.press("OK（13,200円を充当する）")

    assert desk.says("申し込みは入金確認済になりました")
    assert Event.get(Event.entity == f"deposit {deposit.number}", Event.to_state == "allocated").reason.endswith("番号・金額・名義が一致")


@pytest.mark.parametrize(("yen", "payer"), [(13_200, "別の名前"), (3_000, "ﾐﾎﾝ ﾀﾛｳ")])
def test_a_match_that_is_not_perfect_asks_for_a_reason(desk: Browser, clerk: Clerk, catalog: Catalog, yen: int, payer: str) -> None:
    order = a_bank_order(catalog)
    a_report(order, "ミホン タロウ")
    desk.visit(f"/staff/deposits/{a_deposit(clerk, yen, f'{order.number} {payer}').number}").follow(f"{order.number} に充当する")

    desk.press("確認へ進む")

    assert desk.status == 422
    assert desk.says("理由を入力してください", ".error")


def test_a_part_of_a_perfect_match_needs_a_reason_and_a_memo_is_kept(desk: Browser, clerk: Clerk, catalog: Catalog) -> None:
    order = a_bank_order(catalog)
    a_report(order, "ミホン タロウ")
    deposit = a_deposit(clerk, payer=f"{order.number} ﾐﾎﾝ ﾀﾛｳ")
    desk.visit(f"/staff/deposits/{deposit.number}/orders/{order.number}")
    assert desk.press("OK", forged={"yen": "1,000"}).status == 409

    desk.visit(f"/staff/deposits/{deposit.number}/orders/{order.number}").fill("メモ（任意）", "電話で確認").press("OK")

    assert Event.get(Event.entity == f"deposit {deposit.number}", Event.to_state == "allocated").reason.endswith("電話で確認")


def test_a_partial_deposit_is_completed_by_a_second_one(desk: Browser, clerk: Clerk, catalog: Catalog) -> None:
    order, first, second = a_bank_order(catalog), a_deposit(clerk, 3_000), a_deposit(clerk, 10_200, "別")

    to_the_review(desk, first, order)
    assert desk.says("入金状況：お振込待ち → 一部入金")
    assert desk.says("不足：13,200円 → 10,200円")
    desk.press("OK")
    assert (balance.states(), balance.terms()) == (["placed"], [])
    allocate(desk, second, order)

    assert balance.states() == ["paid"]
    assert balance.received() == [3_000, 10_200]


def test_the_customer_reads_how_much_is_missing(desk: Browser, browser: Browser, clerk: Clerk, catalog: Catalog) -> None:
    order = a_bank_order(catalog)
    allocate(desk, a_deposit(clerk, 3_000), order)

    browser.sign_in("new").visit("/contract")

    assert browser.says("一部入金", "#status")
    assert browser.says("あと10,200円のお振り込みが必要です", "#status")
    assert browser.says("ご請求 13,200円 − ご入金済み 3,000円")
    assert browser.visit("/staff/").h1 == "入金待ち", "both are signed in side by side"


def test_the_rest_of_an_overpayment_pays_another_order(desk: Browser, clerk: Clerk, catalog: Catalog) -> None:
    one, two = a_bank_order(catalog, "one"), a_bank_order(catalog, "two")
    deposit = a_deposit(clerk, 30_000)

    allocate(desk, deposit, one)
    assert desk.says("残り（未充当）16,800円")
    allocate(desk, deposit, two)

    assert desk.says("残り（未充当）3,600円")
    assert balance.states() == ["paid", "paid"]
    assert desk.visit("/staff/attention").says("3,600円")


def test_a_part_of_a_deposit_may_be_chosen(desk: Browser, clerk: Clerk, catalog: Catalog) -> None:
    order, deposit = a_bank_order(catalog), a_deposit(clerk)

    allocate(desk, deposit, order, yen="１，０００")

    assert (now(order).received_yen, now(deposit).rest_yen) == (1_000, 12_200)


@pytest.mark.parametrize("yen", ["0", "-1", "13,201", "12.5", "", "abc", "999999999999"])
def test_an_amount_that_does_not_fit_is_refused(desk: Browser, clerk: Clerk, catalog: Catalog, yen: str) -> None:
    to_the_review(desk, a_deposit(clerk, 50_000), a_bank_order(catalog), yen=yen)

    assert desk.status == 422
    assert desk.value("充当する金額") == yen
    assert balance.received() == []


@pytest.mark.parametrize("reason", ["", "　", "a\nb", "x" * 201])
def test_an_allocation_without_a_reason_is_refused(desk: Browser, clerk: Clerk, catalog: Catalog, reason: str) -> None:
    order, deposit = a_bank_order(catalog), a_deposit(clerk)
    to_the_review(desk, deposit, order).press("OK", forged={"reason": reason})

    assert desk.status == 409
    assert balance.received() == []


@pytest.mark.parametrize("forged", [{"yen": "1"}, {"reason": "別の理由"}, {"shown": "0" * 64}, {"shown": None}])
def test_ok_allocates_only_what_was_shown(desk: Browser, clerk: Clerk, catalog: Catalog, forged: dict) -> None:
    to_the_review(desk, a_deposit(clerk), a_bank_order(catalog)).press("OK", forged=forged)

    assert desk.status == 409
    assert desk.says("表示したあとで状態が変わりました")
    assert balance.received() == []


def test_pressing_ok_twice_allocates_once(desk: Browser, clerk: Clerk, catalog: Catalog) -> None:
    order = a_bank_order(catalog)
    allocate(desk, a_deposit(clerk, 30_000), order).back().press("OK")

    assert desk.says("申し込みは入金確認済になりました")
    assert balance.received() == [YEN]


def test_a_colleagues_change_meanwhile_is_shown_first(desk: Browser, other_desk: Browser, clerk: Clerk, catalog: Catalog) -> None:
    one, two, deposit = a_bank_order(catalog, "one"), a_bank_order(catalog, "two"), a_deposit(clerk, 20_000)
    to_the_review(desk, deposit, one)
    allocate(other_desk, deposit, two)

    desk.press("OK")

    assert desk.status == 409
    assert desk.says("残り 6,800円")
    assert balance.states() == ["placed", "paid"]


def test_a_changed_but_sufficient_rest_is_shown_again(desk: Browser, other_desk: Browser, clerk: Clerk, catalog: Catalog) -> None:
    one, two, deposit = a_bank_order(catalog, "one"), a_bank_order(catalog, "two"), a_deposit(clerk, 30_000)
    to_the_review(desk, deposit, one)
    allocate(other_desk, deposit, two)
    desk.press("OK")
    assert (desk.status, balance.states()) == (409, ["placed", "paid"])

    desk.press("OK")

    assert balance.states() == ["paid", "paid"]


def test_a_confirmation_left_open_over_midnight_is_shown_again_with_the_new_term(
    desk: Browser, clerk: Clerk, catalog: Catalog, business_day: Callable
) -> None:
    business_day(date(2026, 11, 30))
    to_the_review(desk, a_deposit(clerk), a_bank_order(catalog))
    business_day(date(2026, 12, 1))

    desk.press("OK")
    assert desk.status == 409
    assert balance.received() == []
    desk.press("OK")

    assert balance.terms() == [("server", date(2026, 12, 1), date(2027, 11, 30))]


@pytest.mark.parametrize(("days", "is_paid"), [(14, True), (15, False)])
def test_late_money_pays_an_expired_order_only_if_the_bank_had_it_in_time(
    desk: Browser, clerk: Clerk, catalog: Catalog, business_day: Callable, days: int, is_paid: bool
) -> None:
    placed_on = date(2026, 10, 5)
    business_day(placed_on)
    order = a_bank_order(catalog)
    business_day(date(2026, 10, 30))
    assert expire_unpaid() == 1
    deposit = a_deposit(clerk, on=placed_on + timedelta(days=days))
    desk.visit(f"/staff/deposits/{deposit.number}").follow(order.number)

    if is_paid:
        desk.fill("理由", REASON).press("確認へ進む").press("OK")
        assert balance.states() == ["paid"]
    else:
        assert desk.says("期限は2026-10-19、銀行の日付は2026-10-20で、期限のあとの入金です")
        assert not desk.offers("確認へ進む")
        desk.post_raw(f"/staff/deposits/{deposit.number}/orders/{order.number}/allocation", {"yen": "13200", "reason": "x", "shown": "x"})
        assert desk.status == 409
        assert balance.states() == ["expired"]


def test_the_earlier_of_transfer_and_value_date_counts(desk: Browser, clerk: Clerk, catalog: Catalog, business_day: Callable) -> None:
    business_day(date(2026, 10, 5))
    order = a_bank_order(catalog)
    business_day(date(2026, 10, 30))
    expire_unpaid()
    desk.visit("/staff/deposits/new").fill("取扱日", "2026-10-21").fill("起算日", "2026-10-19").fill("金額", "13200")
    desk.fill("振込依頼人名", f"{order.number} ﾐﾎﾝ").press("入力する").follow(order.number)

    desk.fill("理由", REASON).press("確認へ進む").press("OK")

    assert balance.states() == ["paid"]


def test_money_dated_before_the_order_shows_a_warning(desk: Browser, clerk: Clerk, catalog: Catalog) -> None:
    order = a_bank_order(catalog)

    to_the_review(desk, a_deposit(clerk, on=clock.today() - timedelta(days=3)), order)

    assert desk.says("この入金は、お申し込みより前の日付です")


def test_a_cancelled_order_takes_no_money(desk: Browser, clerk: Clerk, catalog: Catalog) -> None:
    order, deposit = a_bank_order(catalog), a_deposit(clerk)
    to_the_review(desk, deposit, order)
    bank_orders.give_up(order)

    desk.press("OK")

    assert desk.status == 409
    assert desk.says("この申し込みは、取り消されています")
    assert now(deposit).rest_yen == YEN


def test_an_undo_gives_the_money_back_and_withdraws_the_terms(desk: Browser, clerk: Clerk, catalog: Catalog) -> None:
    order, deposit = a_bank_order(catalog), a_deposit(clerk)
    allocate(desk, deposit, order)

    desk.follow("取り消す").fill("理由", "別のお客様の入金").press("確認へ進む")
    assert desk.says("入金状況：入金確認済 → お振込待ち")
    assert desk.says("スタンダードプラン")
    assert balance.states() == ["paid"]
    desk.press("OK（13,200円の充当を取り消す）")

    assert desk.says("残り（未充当）13,200円")
    assert (balance.states(), balance.terms(), balance.received()) == (["placed"], [], [])
    history = Event.select().where(Event.entity == f"order {order.number}").order_by(Event.id)
    assert [(event.from_state, event.to_state) for event in history][-2:] == [("placed", "paid"), ("paid", "placed")]


def test_an_undone_allocation_can_be_made_and_undone_again(desk: Browser, clerk: Clerk, catalog: Catalog) -> None:
    order, deposit = a_bank_order(catalog), a_deposit(clerk)

    for _ in range(2):
        allocate(desk, deposit, order)
        assert balance.states() == ["paid"]
        undo(desk, deposit)
        assert balance.states() == ["placed"]

    assert Event.select().where(Event.entity == f"deposit {deposit.number}").count() == 5


def test_an_undo_repeated_after_going_back_changes_nothing(desk: Browser, clerk: Clerk, catalog: Catalog) -> None:
    order, deposit = a_bank_order(catalog), a_deposit(clerk)
    allocate(desk, deposit, order)
    tab = undo(desk, deposit).new_tab().back()
    desk.back().press("OK")

    assert desk.url == f"/staff/deposits/{deposit.number}"
    assert desk.says("を取り消しました。この金額は、入金の残りに戻りました。")
    assert now(deposit).rest_yen == YEN

    allocate(desk, deposit, order)

    assert tab.press("OK").says("この充当は、すでに取り消されています"), "it is allocated again: no money came back just now"
    assert now(deposit).rest_yen == 0


def test_undoing_one_allocation_leaves_the_other(desk: Browser, clerk: Clerk, catalog: Catalog) -> None:
    order, first, second = a_bank_order(catalog), a_deposit(clerk, 3_000), a_deposit(clerk, 10_200, "別")
    allocate(desk, first, order)
    allocate(desk, second, order)

    undo(desk, first)

    assert (balance.states(), balance.received()) == (["placed"], [10_200])


def test_an_undo_is_refused_while_the_customer_has_another_open_order(desk: Browser, clerk: Clerk, catalog: Catalog) -> None:
    """Built with rows, because no page offers this order to a customer who has a server."""
    order, deposit = a_bank_order(catalog), a_deposit(clerk)
    allocate(desk, deposit, order)
    other = a_bank_order(catalog, "other")
    Order.update(account=order.account).where(Order.id == other.id).execute()

    desk.follow("取り消す")

    assert desk.says("お客様の別の申し込みが進行中のため、取り消せません")
    assert not desk.offers("確認へ進む")
    assert balance.states() == ["paid", "placed"]


@pytest.mark.parametrize("reason", ["", "\u200b\n"])
def test_an_undo_needs_a_reason(desk: Browser, clerk: Clerk, catalog: Catalog, reason: str) -> None:
    deposit = a_deposit(clerk)
    allocate(desk, deposit, a_bank_order(catalog)).follow("取り消す").press("確認へ進む", forged={"reason": reason})

    assert desk.status == 422
    assert balance.states() == ["paid"]


def test_after_ten_minutes_an_allocation_needs_a_new_code(desk: Browser, clerk: Clerk, catalog: Catalog) -> None:
    order, deposit = a_bank_order(catalog), a_deposit(clerk)
    to_the_review(desk, deposit, order)
    assert "確認コード" not in desk.text()

    with time_machine.travel(clock.real_now().timestamp() + 11 * 60, tick=True):
        desk.press("OK")
        assert (desk.status, balance.received()) == (422, [])
        assert desk.says("前回の確認から10分以上たっています", ".error")
        desk.fill("確認コード", "000000").press("OK")
        assert (desk.status, balance.received()) == (422, [])
        desk.fill("確認コード", clerk.code()).press("OK")
        assert balance.states() == ["paid"]
        desk.follow("取り消す").fill("理由", "x").press("確認へ進む")
        assert "確認コード" not in desk.text(), "the code is fresh again"
        desk.press("OK")

    assert balance.states() == ["placed"]


def test_an_undo_needs_a_fresh_code_too(desk: Browser, clerk: Clerk, catalog: Catalog) -> None:
    deposit = a_deposit(clerk)
    allocate(desk, deposit, a_bank_order(catalog))

    with time_machine.travel(clock.real_now().timestamp() + 11 * 60, tick=True):
        desk.follow("取り消す").fill("理由", "x").press("確認へ進む").press("OK")
        assert (desk.status, balance.states()) == (422, ["paid"])
        desk.fill("確認コード", clerk.recovery_codes[0]).press("OK")

    assert balance.states() == ["placed"]


def test_the_customers_open_page_shows_what_staff_confirm(desk: Browser, browser: Browser, clerk: Clerk, catalog: Catalog) -> None:
    order = a_bank_order(catalog)
    customer = Browser(browser.application, browser.base_url).sign_in("new").visit("/contract")
    allocate(desk, a_deposit(clerk), order)

    fragment = customer.htmx("#poll")

    assert fragment.says("入金確認済")
    assert fragment.spoken == "ご入金を確認しました"


def test_the_action_refuses_an_outdated_confirmation(clerk: Clerk, catalog: Catalog) -> None:
    order, deposit = a_bank_order(catalog), a_deposit(clerk, 30_000)

    with pytest.raises(deposits.NotPossible, match="変わりました"):
        allocation.allocate(deposit, order, YEN, clerk.staff, "x", allocation.Seen(29_999, YEN), catalog=CATALOG)

    assert [(found.yen, found.order) for found in Allocation.select()] == [(30_000, None)]
