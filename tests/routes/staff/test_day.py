"""1日のまとめ: each figure is the number of rows that its link leads to, and the audit views have the same yen."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from models import BankFile, Deposit, Order
from portal import clock
from portal.actions.staff import bank_days, day
from portal.actions.staff.figures import Figure
from portal.actions.transfers import bank_files
from portal.catalog import Catalog
from portal.enums import DayPart
from tests.bank_files import Paid, as_bytes, zengin01, zengin03
from tests.browser import Browser
from tests.figures import wrong_figures
from tests.purchase import CATALOG, Shop
from tests.staff_desk import Clerk, a_bank_order, a_deposit, allocate

SUNDAY = date(2026, 11, 29)
FRIDAY = date(2026, 11, 27)


@pytest.fixture
def shop(catalog: Catalog, books: object, companies: object) -> Shop:
    return Shop(catalog, books, companies.card)


def bring(content: bytes, shop: Shop) -> BankFile:
    file = bank_files.keep(content, "meisai.txt", shop.staff, CATALOG.bank_accounts)
    bank_files.import_file(file, shop.staff, CATALOG.bank_accounts, is_as_shown=lambda plan: True)
    return file


@pytest.mark.store
def test_each_figure_is_its_rows_and_what_the_views_have(shop: Shop, business_day: Callable) -> None:
    business_day(FRIDAY)
    shop.buy()
    order = shop.place_for_transfer(shop.draft("bank"))
    shop.deposit(5_000)
    business_day(SUNDAY)
    bring(as_bytes(zengin01([Paid(13_200, f"{order.number} ﾐﾎﾝ", FRIDAY), Paid(660, "ﾖｿ", SUNDAY)])), shop)

    found = {part: (one.rows, one.yen) for part, one in day.figures(FRIDAY).items() if one.rows}

    assert found == {
        DayPart.DEPOSITS: (2, 18_200),
        DayPart.CARDS: (1, 13_200),
        DayPart.PLACED: (2, 26_400),
        DayPart.PAID: (1, 13_200),
        DayPart.AWAITED: (1, 13_200),
        DayPart.RESTS: (2, 18_200),
        DayPart.TYPED: (1, 5_000),
        DayPart.DONE: (1, 0),
    }
    days = [FRIDAY, SUNDAY, order.due_on, order.due_on + timedelta(days=1)]
    assert [wrong for chosen in days for wrong in wrong_figures(chosen)] == []


@pytest.mark.parametrize(("after", "parts"), [(0, {DayPart.DUE}), (1, {DayPart.LATE}), (-1, set())])
def test_an_order_is_due_on_its_day_and_late_from_the_next_on(shop: Shop, after: int, parts: set[DayPart]) -> None:
    order = shop.place_for_transfer(shop.draft())

    found = day.figures(order.due_on + timedelta(days=after))

    assert {part for part in (DayPart.DUE, DayPart.LATE) if found[part].rows} == parts
    assert found[DayPart.AWAITED].yen == order.total_yen


@pytest.mark.store
def test_of_an_order_with_a_part_what_it_misses_is_awaited(desk: Browser, clerk: Clerk, catalog: Catalog) -> None:
    order = a_bank_order(catalog)
    allocate(desk, a_deposit(clerk, 3_000), order)

    found = day.figures(order.due_on)

    assert found[DayPart.AWAITED] == found[DayPart.DUE] == Figure(1, order.total_yen - 3_000)
    assert wrong_figures(order.due_on) == wrong_figures(order.due_on + timedelta(days=1)) == []


def a_statement(*lines: Paid, before: int = 100_000) -> bytes:
    return as_bytes(zengin03(lines, before=before))


TRANSFER, OUT = Paid(13_200, "ﾐﾎﾝ ﾀﾛｳ", FRIDAY), Paid(440, "ﾃｽｳﾘﾖｳ", FRIDAY, out=True, text="ﾃｽｳﾘﾖｳ")
INTEREST, CORRECTED = Paid(12, "ﾘｿｸ", FRIDAY, kind="18"), Paid(500, "ﾃｲｾｲ", FRIDAY, kind="19")
CALLED_BACK = Paid(660, "ﾖｿ", FRIDAY, out=True, text="ｸﾐﾓﾄﾞｼ")


@pytest.mark.store
def test_the_banks_balances_agree_with_the_lines_to_the_yen(shop: Shop, business_day: Callable) -> None:
    business_day(SUNDAY)
    bring(a_statement(TRANSFER, OUT, INTEREST, CORRECTED, CALLED_BACK), shop)

    (found,) = bank_days.bank_days(FRIDAY)

    assert (found.opening, found.incoming, found.outgoing, found.closing) == (100_000, 13_712, 1_100, 112_612)
    parts = (found.deposits, found.ignored, found.corrected, found.called_back)
    assert [(one.rows, one.yen) for one in parts] == [(1, 13_200), (1, 12), (1, 500), (1, 660)]
    assert found.agrees
    assert found.other_outgoing_yen == 440


def test_a_day_in_two_parts_of_a_file_is_one_day(shop: Shop, business_day: Callable) -> None:
    business_day(SUNDAY)
    first, second = zengin03([TRANSFER]), zengin03([INTEREST, OUT], before=113_200)
    end = second[-1].replace(f"{5:010}00001", f"{9:010}00002")
    bring(as_bytes([*first[:-1], *second[:-1], end]), shop)

    (found,) = bank_days.bank_days(FRIDAY)

    assert (found.opening, found.incoming, found.outgoing, found.closing) == (100_000, 13_212, 440, 112_772)
    assert found.agrees


def test_a_day_without_a_file_is_seen_in_the_next_opening_balance(shop: Shop, business_day: Callable) -> None:
    business_day(SUNDAY)
    bring(a_statement(Paid(1_000, "ｱ", FRIDAY - timedelta(days=2))), shop)
    bring(a_statement(TRANSFER, before=101_500), shop)

    (found,) = bank_days.bank_days(FRIDAY)

    assert (found.before, found.step_yen, found.agrees) == (101_000, 500, False)


def test_a_balance_that_does_not_follow_from_the_lines_is_named_with_its_yen(desk: Browser, shop: Shop, business_day: Callable) -> None:
    business_day(SUNDAY)
    *records, trailer, end = zengin03([TRANSFER], before=100_000)
    bring(as_bytes([*records, trailer.replace("113200", "113300"), end]), shop)

    assert desk.visit(f"/staff/day/{FRIDAY}").says("期末残高が、明細の合計と 100円 違います")


def test_a_line_that_is_missing_is_named_with_its_yen(shop: Shop, business_day: Callable) -> None:
    """It cannot happen by the pages: a row was lost."""
    business_day(SUNDAY)
    file = bring(a_statement(TRANSFER, INTEREST), shop)
    file.lines.where(file.lines.model.yen == 12).get().delete_instance()

    (found,) = bank_days.bank_days(FRIDAY)

    assert (found.missing_yen, found.agrees) == (12, False)


def test_the_days_page_leads_to_its_rows_and_its_files(desk: Browser, clerk: Clerk, catalog: Catalog) -> None:
    order, deposit = a_bank_order(catalog), a_deposit(clerk)
    allocate(desk, deposit, order)

    desk.visit("/staff").follow("1日のまとめ")
    assert desk.says("銀行の入金")
    assert desk.says("13,200円")
    desk.follow("銀行の入金 1件")
    assert desk.says(deposit.number)
    assert desk.says("ﾐﾎﾝ ﾀﾛｳ")
    desk.follow("1日のまとめへ戻る").follow("担当者の操作 ")
    assert desk.says("経理 花子")
    desk.follow("1日のまとめへ戻る").follow("前の日")
    assert desk.says("0件")
    desk.follow("今日").fill("見る日", "2026/11/3").press("この日を見る")
    assert desk.url == "/staff/day/2026-11-03"
    assert Order.get_by_id(order.id).is_paid
    assert Deposit.select().count() == 1


@pytest.mark.parametrize("address", ["2026-02-30", "20261129", "x", "1999-12-31", "2200-01-01", "2026-11-29/other"])
def test_what_is_no_day_is_no_page(desk: Browser, address: str) -> None:
    assert desk.visit(f"/staff/day/{address}").status == 404


def test_a_day_that_cannot_be_read_is_today(desk: Browser) -> None:
    assert desk.visit("/staff/day?on=x").url == f"/staff/day/{clock.today()}"
