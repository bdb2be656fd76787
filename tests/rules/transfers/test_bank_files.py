"""Files of 全銀 records, in every shape that banks give them: read exactly, or refused whole with the record and the reason."""

from datetime import date

import pytest

from portal.catalog import Catalog
from portal.enums import LineKind
from portal.rules.transfers.bank_files import days, reading
from portal.rules.transfers.bank_files.layouts import LAYOUTS
from portal.rules.transfers.bank_files.reading import content_of, read_bank_file
from portal.rules.transfers.bank_files.statement import LARGEST_FILE, StatementFile, Unreadable
from tests.bank_files import OURS, Paid, as_bytes, c, header, n, zengin01, zengin03

TODAY = date(2026, 11, 22)
DAY = date(2026, 11, 4)
LINES = [
    Paid(13_200, "ﾔﾏﾀﾞ ﾀﾛｳ", DAY, code="9999000001"),
    Paid(12_760, "12345678 ｽｽﾞｷ ﾊﾅｺ", DAY, date(2026, 11, 3)),
    Paid(5_500, "ｶ)ﾃｽﾄｼﾖｳｼﾞ", DAY),
    Paid(5_500, "ｶ)ﾃｽﾄｼﾖｳｼﾞ", DAY),
]
CANCELLED = Paid(3_300, "ﾐﾅﾓﾄ ｼﾞﾛｳ", DAY, is_cancelled=True)
CORRECTED = Paid(500, "ﾃｲｾｲ", DAY, kind="19")
FEE = Paid(440, "ﾃｽｳﾘﾖｳ", DAY, kind="14", out=True)
CALLED_BACK = Paid(3_300, "ﾐﾅﾓﾄ ｼﾞﾛｳ", DAY, out=True, text="ﾌﾘｺﾐｸﾐﾓﾄﾞｼ")
INTEREST = Paid(12, "ﾘｿｸ", DAY, kind="18")


def read(content: bytes, catalog: Catalog) -> StatementFile:
    return read_bank_file(content, catalog.bank_accounts, TODAY)


def money(found: StatementFile) -> list[tuple[int, str]]:
    return [(line.yen, line.payer) for line in found.lines]


def as_csv(records: list[str], kind: str) -> bytes:
    """全銀形式CSV, as banks give it: without zeros before numbers, without the unused field at the end."""
    rows = []
    for record in records:
        cells, start = [], 0
        for name, letter, length in LAYOUTS[kind][record[0]]:
            text = record[start : start + length].strip()
            start += length
            cells += [] if name == "_" else [text if letter == "C" else text.lstrip("0") or "0"]
        rows.append(",".join(f'"{cell}"' for cell in cells))
    return "\r\n".join(rows).encode("cp932")


SHAPES = {
    "01 with line ends": lambda: as_bytes(zengin01(LINES)),
    "01 without line ends": lambda: as_bytes(zengin01(LINES), end=""),
    "01 with LF": lambda: as_bytes(zengin01(LINES), end="\n"),
    "01, the last line without its end, and an old end mark": lambda: as_bytes(zengin01(LINES)).removesuffix(b"\r\n") + b"\x1a",
    "01, blanks at line ends cut off": lambda: "\r\n".join(record.rstrip() for record in zengin01(LINES)).encode("cp932"),
    "01 copied into UTF-8": lambda: as_bytes(zengin01(LINES), encoding="utf-8"),
    "01 copied into UTF-8 with its mark": lambda: as_bytes(zengin01(LINES), encoding="utf-8-sig"),
    "01 as CSV": lambda: as_csv(zengin01(LINES), "01"),
    "03 with line ends": lambda: as_bytes(zengin03(LINES)),
    "03 without line ends": lambda: as_bytes(zengin03(LINES), end=""),
    "03 as CSV": lambda: as_csv(zengin03(LINES), "03"),
    "03 with money that went out": lambda: as_bytes(zengin03([FEE, *LINES, FEE])),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_each_shape_of_a_file_gives_exactly_its_lines(shape: str, catalog: Catalog):
    found = read(SHAPES[shape](), catalog)

    assert money(found) == [(line.yen, line.payer) for line in LINES]
    assert {line.kind for line in found.lines} == {LineKind.TRANSFER}
    assert [line.booked_on for line in found.lines] == [DAY] * 4
    assert [line.valued_on for line in found.lines] == [DAY, date(2026, 11, 3), DAY, DAY]
    assert [line.code for line in found.lines] == ["9999000001", "", "", ""]
    assert {line.account for line in found.lines} == {OURS}
    assert not found.warnings


def test_a_record_by_hand_is_read_at_the_published_places(catalog: Catalog):
    """Every field of 01 typed out, so that the places do not come from the helper."""
    head = "101" + "0" + "081104" * 3 + "9999" + "ﾃｽﾄ".ljust(15) + "999" + "ﾎﾝﾃﾝ".ljust(15) + "1" + "9000001" + "ｶ)ｻﾝﾌﾟﾙ".ljust(40)
    data = "2" + "000042" + "081104" + "081102" + "0000013200" + "0000000000" + "0000000000" + "ﾔﾏﾀﾞ ﾀﾛｳ".ljust(48) + "ﾃｽﾄ".ljust(15)
    trailer = "8" + "000001" + "000000013200" + "000000" + "000000000000"
    content = "".join(record.ljust(200) for record in (head, data, trailer, "9")).encode("cp932")

    (line,) = read(content, catalog).lines

    assert (line.reference, line.booked_on, line.valued_on, line.yen, line.payer) == (
        "000042",
        DAY,
        date(2026, 11, 2),
        13_200,
        "ﾔﾏﾀﾞ ﾀﾛｳ",
    )


def test_what_the_bank_takes_back_is_a_line_of_its_own(catalog: Catalog):
    cancelled = read(as_bytes(zengin01([LINES[0], CANCELLED])), catalog).lines[1]
    corrected, called_back, other = read(as_bytes(zengin03([CORRECTED, CALLED_BACK, FEE, INTEREST])), catalog).lines

    assert [(line.kind, line.note) for line in (cancelled, corrected, called_back, other)] == [
        (LineKind.CORRECTION, "取消"),
        (LineKind.CORRECTION, "訂正"),
        (LineKind.CORRECTION, "組戻し"),
        (LineKind.OTHER, "その他"),
    ]


@pytest.mark.parametrize("counts_cancelled", [True, False])
def test_banks_count_cancelled_lines_or_leave_them_out(counts_cancelled: bool, catalog: Catalog):
    found = read(as_bytes(zengin01([LINES[0], CANCELLED], counts_cancelled=counts_cancelled)), catalog)

    assert len(found.lines) == 2


def test_a_file_may_hold_several_accounts_or_no_line(catalog: Catalog):
    first, second = zengin01(LINES[:2]), zengin01(LINES[2:])

    assert len(read(as_bytes([*first[:-1], *second]), catalog).lines) == 4
    assert read(as_bytes(zengin01([])), catalog).lines == ()


def test_a_balance_that_does_not_close_is_a_warning(catalog: Catalog):
    records = zengin03(LINES)
    records[-2] = records[-2][:40] + n(1, 14) + records[-2][54:]

    assert "残高が合いません" in read(as_bytes(records), catalog).warnings[0]


def replaced(records: list[str], which: int, start: int, text: str) -> bytes:
    changed = list(records)
    changed[which] = changed[which][:start] + text + changed[which][start + len(text) :]
    return as_bytes(changed)


def twice(records: list[str]) -> bytes:
    return as_bytes([*records[:-1], *records])


R01, R03 = zengin01(LINES), zengin03(LINES)
MISTAKES = {
    "cut after a record": (as_bytes(R01[:-1]), "エンド・レコード"),
    "cut in a record, without line ends": (as_bytes(R01, end="")[:-50], "7件目のレコード：ファイルの長さ"),
    "cut in a record": (as_bytes(R01)[:700], "4件目のレコード：長さが"),
    "a record twice": (as_bytes([*R01[:2], *R01[1:]]), "7件目のレコード：振込の合計"),
    "the whole account twice": (twice(R01), "2回あります"),
    "a record too long": (as_bytes(R01).replace(b"\r\n", b" \r\n", 1), "1件目のレコード：長さが201"),
    "no header": (as_bytes(R01[1:]), "この銀行の形式を知りません"),
    "records in another order": (as_bytes([R01[0], *R01[2:-1], R01[1], R01[-1]]), "ここには来ないはず"),
    "another kind of file": (replaced(R01, 0, 1, "21"), "種別コード「21」"),
    "EBCDIC by its mark": (replaced(R01, 0, 3, "1"), "コード区分「1」"),
    "EBCDIC": (b"\xf1\xf0\xf1" * 100, "EBCDIC"),
    "another account": (as_bytes(zengin01(LINES, header_of={"number": "1234567"})), "この会社の口座ではありません"),
    "another bank": (as_bytes(zengin03(LINES, header_of={"bank": "0001"})), "この会社の口座ではありません"),
    "a number that is too long": (as_bytes(zengin03(LINES, header_of={"number": "1009000001"})), "この会社の口座ではありません"),
    "a wrong sum": (replaced(R01, 2, 28, "1"), "振込の合計"),
    "a wrong count": (replaced(R01, -2, 6, "5"), "振込の合計"),
    "a wrong sum of 03": (replaced(R03, 1, 35, "9"), "入金の合計"),
    "a wrong count of records": (replaced(R03, -2, 60, "9"), "明細の件数"),
    "letters for yen": (replaced(R01, 1, 20, "A"), "金額「0A00013200」が数字ではありません"),
    "no yen": (replaced(R01, 1, 19, " " * 10), "金額がありません"),
    "0 yen": (replaced(R01, 1, 19, "0" * 10), "金額が0円"),
    "ten thousand million yen": (replaced(R01, 1, 19, "0" * 10)[:330] + b"010000000000" + replaced(R01, 1, 19, "0" * 10)[342:], "100億円"),
    "no date": (replaced(R01, 1, 7, "000000"), "勘定日がありません"),
    "no such date": (replaced(R01, 1, 7, "080231"), "日付「080231」を読めません"),
    "in the western calendar": (replaced(R01, 1, 7, "261104"), "400日の中にありません"),
    "tomorrow": (replaced(R01, 1, 13, "081123"), "400日の中にありません"),
    "outside the period": (replaced(R01, 1, 7, "081103"), "見出しの期間"),
    "neither in nor out": (replaced(R03, 1, 21, "3"), "入払区分「3」"),
    "a broken letter": (replaced(R01, 1, 50, "?").replace(b"?", b"\x05"), "文字が壊れています"),
    "empty": (b" \r\n", "ファイルが空です"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "を読めません"),
    "kanji in UTF-8": (as_bytes(R01, encoding="utf-8").replace("ﾃｽﾄ".encode(), "𠮷".encode()), "にない文字"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_file_with_a_mistake_is_refused_whole_with_the_reason(mistake: str, catalog: Catalog):
    content, reason = MISTAKES[mistake]

    with pytest.raises(Unreadable) as refused:
        read(content, catalog)

    assert reason in str(refused.value)


def test_nonsense_without_end_is_refused_after_four_megabytes(catalog: Catalog):
    class Endless:
        taken = 0

        def read(self, size: int) -> bytes:
            self.taken += size
            return b"1" * size

    endless = Endless()
    with pytest.raises(Unreadable, match="大きすぎます"):
        content_of(endless)
    assert endless.taken <= LARGEST_FILE + 1
    with pytest.raises(Unreadable, match="大きすぎます"):
        read_bank_file(b"1" * (LARGEST_FILE + 1), catalog.bank_accounts, TODAY)
    assert reading.content_of.__doc__


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("081104", DAY),
        ("261104", date(2014, 11, 4)),
        ("310430", date(2019, 4, 30)),
        ("010501", date(2019, 5, 1)),
        ("010430", date(1989, 4, 30)),
        ("080229", date(1996, 2, 29)),
        ("000000", None),
        ("      ", None),
        ("08110", None),
        ("08-11-04", DAY),
        ("8.11.4", DAY),
        ("R8.11.04", DAY),
        ("令和8年11月4日", DAY),
        ("R081104", None),
        ("2026-11-04", None),
    ],
)
def test_dates_without_an_era(text: str, day: date | None):
    assert days.wareki(text, TODAY) == day


@pytest.mark.parametrize(
    ("text", "read_day", "day"),
    [
        ("261104", days.seireki2, DAY),
        ("081104", days.seireki2, date(2008, 11, 4)),
        ("080229", days.seireki2, date(2008, 2, 29)),
        ("26/11/04", days.seireki2, DAY),
        ("20261104", days.seireki, DAY),
        ("2026/11/4", days.seireki, DAY),
        ("2026年11月04日", days.seireki, DAY),
        ("26/11/04", days.seireki, None),
    ],
)
def test_dates_with_the_western_year(text: str, read_day: days.ReadDay, day: date | None):
    assert read_day(text, TODAY) == day


def test_a_date_older_than_400_days_is_no_date_of_a_line():
    assert days.mistake(date(2025, 10, 18), "071018", TODAY) == ""
    assert days.mistake(date(2025, 10, 17), "071017", TODAY)
    assert days.mistake(date(1996, 2, 29), "080229", TODAY)
    assert days.mistake(None, "000000", TODAY)


def test_every_layout_has_200_bytes():
    assert {sum(length for _, _, length in layout) for layouts in LAYOUTS.values() for layout in layouts.values()} == {200}
    assert len(header("01", DAY, DAY)) == len(header("03", DAY, DAY)) == 200
    assert c("ｱ", 3) == "ｱ  "
