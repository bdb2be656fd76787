"""A CSV that no profile knows: its first lines, what its columns may be, and how it is read once staff have said it."""

from datetime import date

import pytest

from portal.enums import DateForm, LineKind
from portal.rules.transfers.bank_files.csv_file import MOST_COLUMNS, TOO_WIDE, UNKNOWN, UnknownCsv, read
from portal.rules.transfers.bank_files.csv_mapping import Mapping, likely_columns, likely_header, tables
from portal.rules.transfers.bank_files.statement import Unreadable
from tests.bank_files import OURS

TODAY = date(2026, 11, 28)
HEADER = ("年月日", "お取引内容", "お引出金額", "お預入金額", "残高")
TEXT = """みほん銀行 入出金明細
期間,2026/11/01,2026/11/28
年月日,お取引内容,お引出金額,お預入金額,残高
2026/11/04,振込 ﾔﾏﾀﾞ ﾀﾛｳ,,"13,200","113,200"
2026/11/05,電気料金,5000,,"108,200"
"""
MAPPING = Mapping("みほん銀行", HEADER, DateForm.SEIREKI, "年月日", "お預入金額", "お引出金額", "お取引内容", "残高")


def lines(content: bytes, mapping: Mapping) -> list[tuple[date, int, str, str]]:
    found = read(content, OURS, [OURS], TODAY, (mapping.profile,))
    return [(line.booked_on, line.yen, line.payer, line.reference) for line in found.lines]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "euc_jp", "utf-16"])
def test_a_file_is_known_by_its_header_in_every_encoding(encoding: str) -> None:
    content = TEXT.encode(encoding)

    assert lines(content, MAPPING) == [(date(2026, 11, 4), 13_200, "ﾔﾏﾀﾞ ﾀﾛｳ", "残高 113,200")]
    assert any(table[2] == list(HEADER) for table in tables(content))


def test_without_a_mapping_it_is_asked_for(request: pytest.FixtureRequest) -> None:
    with pytest.raises(UnknownCsv):
        read(TEXT.encode(), OURS, [OURS], TODAY)
    with pytest.raises(Unreadable) as refused:
        read("これは表ではありません".encode(), OURS, [OURS], TODAY)
    assert (type(refused.value), str(refused.value)) == (Unreadable, UNKNOWN)


@pytest.mark.parametrize(("columns", "refusal"), [(MOST_COLUMNS, UNKNOWN), (MOST_COLUMNS + 1, TOO_WIDE)])
def test_columns_are_asked_for_while_somebody_can_choose_among_them(columns: int, refusal: str) -> None:
    wide = ",".join(f"列{place}" for place in range(columns))
    with pytest.raises(Unreadable) as refused:
        read(f"a,b,c\n{wide}".encode(), OURS, [OURS], TODAY)

    assert (isinstance(refused.value, UnknownCsv), str(refused.value)) == (refusal == UNKNOWN, refusal)


def test_the_header_and_the_columns_are_guessed() -> None:
    (table, *_) = tables(TEXT.encode())

    assert likely_header(table) == 2
    assert likely_columns(HEADER) == {"balance": "4", "payer": "1", "went": "2", "came": "3", "day": "0"}


def test_columns_with_one_name_or_none_are_told_apart() -> None:
    header = ("日付", "金額", "", "金額", "a,b")
    mapping = Mapping("x", header, DateForm.SEIREKI, "日付", "金額（4列目）", "", "列3", "")

    assert lines('日付,金額,,金額,"a,b"\n20261104,1,ﾔﾏﾀﾞ,660,x'.encode(), mapping) == [(date(2026, 11, 4), 660, "ﾔﾏﾀﾞ", "")]


@pytest.mark.parametrize(
    ("form", "text", "day"),
    [("seireki", "2026年11月4日", 4), ("seireki2", "261104", 4), ("wareki", "081104", 4)],
)
def test_days_are_read_as_staff_said(form: str, text: str, day: int) -> None:
    mapping = Mapping("x", ("日", "入金", "名"), DateForm(form), "日", "入金", "", "名", "")

    assert lines(f"日,入金,名\n{text},660,ﾔﾏﾀﾞ".encode(), mapping)[0][0] == date(2026, 11, day)


def test_money_that_went_out_may_have_a_minus() -> None:
    mapping = Mapping("x", ("日", "額", "名"), DateForm.SEIREKI, "日", "額", "額", "名", "")
    found = read("日,額,名\n20261104,660,ﾔﾏﾀﾞ\n20261105,-660,組戻 ﾔﾏﾀﾞ\n20261105,-1,x".encode(), OURS, [OURS], TODAY, (mapping.profile,))

    assert [line.kind for line in found.lines] == [LineKind.TRANSFER, LineKind.CORRECTION]
    assert (found.outgoing, found.outgoing_yen) == (2, 661)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("日,入金,名\n今日,660,ﾔﾏﾀﾞ", "2件目のレコード：日付「今日」を読めません。"),
        ("日,入金,名\n20261104,六百,ﾔﾏﾀﾞ", "2件目のレコード：入金「六百」を金額として読めません。"),
        ("日,入金,名\n20261104,0,ﾔﾏﾀﾞ", "2件目のレコード：入金と出金のどちらかに金額が必要です"),
        ("日,入金,名\n合計,660", "2件目のレコード：項目の数が2個です。"),
    ],
)
def test_what_cannot_be_read_so_is_refused_with_its_line(text: str, reason: str) -> None:
    """A line of 0 yen too: nothing is made of it, and nobody is mailed."""
    mapping = Mapping("x", ("日", "入金", "名"), DateForm.SEIREKI, "日", "入金", "", "名", "")

    with pytest.raises(Unreadable) as refused:
        lines(text.encode(), mapping)
    assert str(refused.value).startswith(reason)
