"""仕訳: each kind of money becomes its own entry, earned by the day, and nothing that was exported ever changes. Bytes of the files."""

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from portal.catalog.items import USUAL_ACCOUNTS
from portal.enums import AllocationSource, BookAccount, EntryKind
from portal.rules.staff.journal import Earning, Entry, Moment, MoneyRow, Receipt, entries, of_papers
from portal.rules.staff.journal_files import FORMATS, Format, write

GOLDEN = Path(__file__).with_name("journal")
BANK, CARD, WALLET = AllocationSource.BANK, AllocationSource.CARD, AllocationSource.WALLET
NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 31)


def moment(day: int, month: int = 11) -> Moment:
    return Moment(datetime(2026, month, day, 3, tzinfo=UTC), date(2026, month, day))


def row(source: str, came: AllocationSource = BANK, yen: int = 13_200, order: str = "12345678", **about: object) -> MoneyRow:
    return MoneyRow(source, came, yen, "D1", order, **{"of": date(2026, 11, 4), "made": moment(4)} | about)


def made(*money: MoneyRow, receipts: tuple[Receipt, ...] = (), last: date = DECEMBER) -> list[tuple[object, ...]]:
    return [(one.day.day, one.kind, one.debit, one.credit, one.yen) for one in of(money, receipts, last)]


def of(money: tuple[MoneyRow, ...], receipts: tuple[Receipt, ...], last: date = DECEMBER) -> list[Entry]:
    days = [day for day in (date(2026, 11, 30), DECEMBER) if day <= last]
    ends = {day: datetime(day.year, day.month, day.day, 15, tzinfo=UTC) for day in days}
    return entries(money, of_papers(receipts, NOVEMBER, last, ends), NOVEMBER, last)


@pytest.mark.parametrize(
    ("money", "wanted"),
    [
        (row("deposit", order=""), (EntryKind.DEPOSITED, "bank", "held")),
        (row("bank"), (EntryKind.ALLOCATED, "held", "advance")),
        (row("card", CARD), (EntryKind.CHARGED, "card", "advance")),
        (row("wallet", WALLET), (EntryKind.CHARGED, "wallet", "advance")),
        (row("card", CARD, order=""), (EntryKind.CHARGED_FOR_NOTHING, "card", "held")),
        (row("returned", BANK, -13_200, order=""), (EntryKind.RETURNED, "held", "bank")),
        (row("returned", CARD, -13_200), (EntryKind.RETURNED, "advance", "card")),
        (row("returned", CARD, -13_200, sale_percent=10), (EntryKind.RETURNED_SALE, "sales_return", "card")),
        (row("returned", WALLET, -13_200, sale_percent=10), (EntryKind.RETURNED_SALE, "sales_return", "wallet")),
        (row("returned", CARD, 13_200, sale_percent=10), (EntryKind.CAME_AGAIN, "card", "sales_return")),
        (row("returned", CARD, 13_200), (EntryKind.CAME_AGAIN, "card", "advance")),
        (row("returned", CARD, 13_200, order=""), (EntryKind.CAME_AGAIN, "card", "held")),
    ],
)
def test_money_is_advance_once_it_counts_for_an_order_and_held_before(money: MoneyRow, wanted: tuple) -> None:
    assert made(money) == [(4, *wanted, 13_200)]


@pytest.mark.parametrize(
    ("money", "wanted"),
    [
        (row("deposit", order=""), (EntryKind.DEPOSIT_GONE, "held", "bank")),
        (row("bank"), (EntryKind.UNALLOCATED, "advance", "held")),
        (row("returned", BANK, -13_200), (EntryKind.RETURN_MOVED, "held", "advance")),
        (row("returned", BANK, 13_200), (EntryKind.UNALLOCATED, "advance", "held")),
    ],
)
def test_what_is_taken_back_is_an_entry_of_the_day_on_which_that_was_done(money: MoneyRow, wanted: tuple) -> None:
    before = made(money)
    after = made(replace(money, moved=moment(9)))

    assert after == [*before, (9, *wanted, 13_200)]


def a_receipt(**about: object) -> Receipt:
    """A year, paid on November 22nd."""
    line = Earning(13_200, date(2026, 11, 22), date(2027, 11, 30))
    usual = {"number": "7", "yen": 13_200, "tax_yen": 1_200, "lines": (line,)}
    return Receipt(order="12345678", tax_percent=10, issued_on=date(2026, 11, 22), **usual | about)


@pytest.mark.parametrize(
    ("day", "yen"),
    [
        (date(2026, 11, 21), 0),
        (date(2026, 11, 22), 35),
        (date(2026, 11, 30), 317),
        (date(2027, 11, 29), 13_164),
        (date(2027, 11, 30), 13_200),
    ],
)
def test_sales_are_earned_by_the_day(day: date, yen: int) -> None:
    """374 days."""
    assert a_receipt().earned(day) == yen


def test_each_month_earns_its_part_and_the_last_one_the_rest() -> None:
    assert made(receipts=(a_receipt(),)) == [
        (30, EntryKind.EARNED, "advance", "sales", 317),
        (31, EntryKind.EARNED, "advance", "sales", 1_411 - 317),
    ]


def test_the_parts_of_the_tax_add_up_to_the_paper() -> None:
    firsts = [date(2026, 12, 1), *(date(2027, month, 1) for month in range(1, 13))]
    ends = dict.fromkeys((day - timedelta(days=1) for day in firsts), datetime(2026, 1, 1, tzinfo=UTC))
    found = of_papers([a_receipt(tax_yen=1_199)], NOVEMBER, date(2028, 1, 1), ends)

    assert (sum(one.yen for one in found), sum(one.tax_yen for one in found)) == (13_200, 1_199)


def test_a_term_paid_late_earns_what_it_has_missed_at_once() -> None:
    line = Earning(3_000, date(2026, 9, 1), date(2026, 11, 30))

    assert made(receipts=(a_receipt(yen=3_000, lines=(line,)),)) == [(30, EntryKind.EARNED, "advance", "sales", 3_000)]


def test_an_accepted_difference_makes_every_line_less() -> None:
    assert a_receipt(yen=12_760).earned(date(2027, 11, 30)) == 12_760


@pytest.mark.parametrize(("day", "undone"), [(22, 0), (29, 0), (30, 317)])
def test_a_void_receipt_takes_back_what_it_has_earned(day: int, undone: int) -> None:
    """On the last day of a month too: what was exported in the morning stays."""
    found = made(receipts=(a_receipt(void=moment(day)),), last=DECEMBER)

    assert found == (
        [(30, EntryKind.SALE_UNDONE, "sales", "advance", undone), (30, EntryKind.EARNED, "advance", "sales", undone)] if undone else []
    )


def test_what_went_back_of_a_receipt_comes_off_the_returns_once_it_is_void() -> None:
    found = of((), (a_receipt(void=moment(25), returned=(1_000, 219, -110)),))

    assert [(one.kind, one.debit, one.credit, one.yen, one.tax_yen) for one in found] == [
        (EntryKind.RETURN_UNDONE, BookAccount.ADVANCE, BookAccount.SALES_RETURN, 1_109, 90 + 19 - 10)
    ]


def written(entries: list[Entry], form: Format, names: dict[BookAccount, str]) -> bytes:
    file = io.BytesIO()
    write(entries, form, names, file)
    return file.getvalue()


def a_month() -> list[Entry]:
    """An entry of each kind, as far as November and December have them."""
    money = (
        row("deposit", order="", moved=moment(6), who="'=cmd"),
        row("bank", moved=moment(7), of=date(2026, 11, 2)),
        row("card", CARD),
        row("wallet", WALLET, order=""),
        row("returned", CARD, -3_000, sale_percent=10, made=moment(10)),
        row("returned", BANK, -440, order="", made=moment(11)),
        row("returned", CARD, 3_000, sale_percent=10, made=moment(11)),
        row("returned", BANK, -3_000, made=moment(12), moved=moment(13)),
    )
    return of(money, (a_receipt(), a_receipt(number="8", void=moment(1, 12), returned=(1_000,))))


def test_every_kind_is_in_the_files() -> None:
    assert {one.kind for one in a_month()} == set(EntryKind)


@pytest.mark.parametrize("form", FORMATS)
def test_the_bytes_of_a_file(form: str) -> None:
    assert written(a_month(), FORMATS[form], USUAL_ACCOUNTS) == (GOLDEN / f"{form}.csv").read_bytes()


@pytest.mark.parametrize(("form", "debit", "credit"), [("freee", 15, 29), ("yayoi", 8, 14), ("moneyforward", 8, 16)])
def test_debit_is_credit_on_each_day_of_a_file(form: str, debit: int, credit: int) -> None:
    text = written(a_month(), FORMATS[form], USUAL_ACCOUNTS).decode(FORMATS[form].encoding)
    rows = list(csv.reader(io.StringIO(text)))[1 if FORMATS[form].header else 0 :]

    assert {len(found) for found in rows} == {len(FORMATS[form].header) or 25}
    assert [found[debit] for found in rows] == [found[credit] for found in rows] == [str(one.yen) for one in a_month()]


def test_an_account_may_have_another_name() -> None:
    names = USUAL_ACCOUNTS | {BookAccount.HELD: "仮受金"}

    assert "仮受金" in written(a_month(), FORMATS["yayoi"], names).decode("cp932")


def test_what_an_encoding_does_not_know_becomes_a_question_mark() -> None:
    names = USUAL_ACCOUNTS | {BookAccount.HELD: "預り金🙂"}

    assert "預り金?" in written(a_month(), FORMATS["yayoi"], names).decode("cp932")
