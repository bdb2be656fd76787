"""入金待ち: sorted by due date, and found by the text of the bank statement."""

from collections.abc import Callable
from datetime import date

import pytest

from portal.catalog import Catalog
from tests.browser import Browser
from tests.staff_desk import Clerk, a_bank_order, a_deposit, a_report, allocate


def numbers(desk: Browser) -> list[str]:
    return [link.get_text() for link in desk.page.soup.select("tbody th a")]


def test_without_orders_the_list_of_awaited_transfers_is_empty(desk: Browser) -> None:
    assert desk.says("入金を待っている申し込みはありません")


def test_awaited_transfers_are_sorted_by_due_date_and_late_ones_marked(desk: Browser, catalog: Catalog, business_day: Callable) -> None:
    business_day(date(2026, 11, 16))
    later = a_bank_order(catalog, "later")
    business_day(date(2026, 11, 2))
    sooner = a_bank_order(catalog, "sooner")
    business_day(date(2026, 11, 17))

    desk.visit("/staff/")

    assert numbers(desk) == [sooner.number, later.number]
    assert desk.text("tbody").count("期限超過") == 1
    assert desk.says("2026年11月16日（月） 期限超過")


def test_reported_transfers_and_received_amounts_are_shown(desk: Browser, clerk: Clerk, catalog: Catalog) -> None:
    order = a_bank_order(catalog)
    a_report(order, "ミホン タロウ")
    desk.visit("/staff/")
    assert desk.says("ミホン タロウ", "tbody")
    assert desk.says("お振込確認中", "tbody")

    allocate(desk, a_deposit(clerk, 3_000), order)
    desk.visit("/staff/")

    assert desk.says("一部入金", "tbody")
    assert desk.says("10,200円", "tbody")


NAMES = ["見本", "太郎", "見本太郎", "見本　太郎", "ミホン", "みほん", "ﾐﾎﾝ ﾀﾛｳ", "new"]
AMOUNTS = ["１３，２００", "13,200", "13200", "10,200"]


@pytest.mark.parametrize("search_query", [*NAMES, *AMOUNTS])
def test_an_awaited_order_is_found_by_the_search(desk: Browser, clerk: Clerk, catalog: Catalog, search_query: str) -> None:
    order = a_bank_order(catalog)
    other = a_bank_order(catalog, "other", months=1, name="別人 花子")
    a_report(order, "ミホン タロウ")
    allocate(desk, a_deposit(clerk, 3_000), order)

    desk.visit("/staff/").fill("検索", search_query).press("検索する")

    assert numbers(desk) == [order.number]
    assert desk.value("検索") == search_query
    assert other.number not in desk.html


def test_an_awaited_order_is_found_by_its_number_however_it_was_copied(desk: Browser, catalog: Catalog) -> None:
    order, other = a_bank_order(catalog), a_bank_order(catalog, "other", months=1, name="別人 花子")
    number = order.number
    for text in (f"#{number}", f"No.{number}", f"{number[:4]}-{number[4:]}", f"{number} ﾍﾞﾂﾉﾋﾄ", f"お申し込み番号：{number}", number[2:]):
        desk.visit("/staff/").fill("検索", text).press("検索する")

        assert numbers(desk) == [number], text
        assert other.number not in desk.html


def test_an_order_is_found_by_its_whole_or_partial_number(desk: Browser, catalog: Catalog) -> None:
    order = a_bank_order(catalog)

    for search_query in (order.number, order.number[:5], order.number.translate(str.maketrans("0123456789", "０１２３４５６７８９"))):
        desk.visit("/staff/").fill("検索", search_query).press("検索する")
        assert numbers(desk) == [order.number]


@pytest.mark.parametrize("search_query", ["%", "_", "' OR 1=1 --", "\\", "𠮷" * 500, "\0", "999999999999999999999999"])
def test_a_senseless_search_finds_nothing_without_an_error(desk: Browser, catalog: Catalog, search_query: str) -> None:
    a_bank_order(catalog)

    desk.visit("/staff/").fill("検索", search_query).press("検索する")

    assert desk.status == (400 if search_query == "\0" else 200)
    assert not numbers(desk)


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999999999999", "２"])
def test_an_out_of_range_page_number_shows_an_empty_list(desk: Browser, catalog: Catalog, page: str) -> None:
    a_bank_order(catalog)

    assert desk.visit(f"/staff/?page={page}").status == 200


def test_long_lists_are_paged(desk: Browser, catalog: Catalog) -> None:
    orders = [a_bank_order(catalog, f"c{place}").number for place in range(21)]
    desk.visit("/staff/")
    first = numbers(desk)

    desk.follow("次のページ")

    assert sorted(first + numbers(desk)) == sorted(orders)
    assert not desk.offers("次のページ")
    assert desk.follow("前のページ").says("1ページ目")
