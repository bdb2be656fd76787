"""Bank files as banks make them, from the published layouts: each field is written out with its length, none is taken from the program."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

BANK, BRANCH, NUMBER = "9999", "999", "9000001"
OURS = "9999-999-1-9000001"


@dataclass(frozen=True)
class Paid:
    """A line: yen, half-width payer, the bank's dates. `kind`: 取引区分 of 03. `is_cancelled`: 取消区分 of 01. `out`: it went out."""

    yen: int
    payer: str
    on: date
    valued_on: date | None = None
    number: int = 0
    code: str = ""
    kind: str = "11"
    is_cancelled: bool = False
    out: bool = False
    text: str = "ﾌﾘｺﾐ"


def n(value: object, length: int) -> str:
    return str(value).rjust(length, "0")


def c(text: str, length: int) -> str:
    assert len(text) <= length
    return text.ljust(length)


def wareki(day: date) -> str:
    return f"{day.year - 2018:02}{day:%m%d}"


def header(kind: str, first: date, last: date, *, bank: str = BANK, branch: str = BRANCH, number: str = NUMBER, balance: int = 0) -> str:
    start = "1" + kind + "0" + wareki(last) + wareki(first) + wareki(last) + n(bank, 4) + c("ﾃｽﾄ", 15) + n(branch, 3) + c("ﾎﾝﾃﾝ", 15)
    if kind == "01":
        return start + "1" + n(number, 7) + c("ｶ)ｻﾝﾌﾟﾙｻ-ﾊﾞ-", 40) + c("", 93)
    return start + "000" + "1" + n(number, 10) + c("ｶ)ｻﾝﾌﾟﾙｻ-ﾊﾞ-", 40) + "1" + "1" + n(balance, 14) + c("", 71)


def notice(line: Paid, place: int) -> str:
    start = "2" + n(line.number or place, 6) + wareki(line.on) + wareki(line.valued_on or line.on) + n(line.yen, 10) + n(0, 10)
    payer = n(line.code, 10) + c(line.payer, 48) + c("ﾃｽﾄ", 15) + c("ﾎﾝﾃﾝ", 15)
    return start + payer + ("1" if line.is_cancelled else "0") + c("", 20) + c("", 52)


def entry(line: Paid, place: int) -> str:
    start = "2" + n(line.number or place, 8) + wareki(line.on) + wareki(line.valued_on or line.on) + ("2" if line.out else "1") + line.kind
    bills = n(line.yen, 12) + n(0, 12) + n(0, 6) + n(0, 6) + "0" + n(0, 7) + n(0, 3)
    return start + bills + n(line.code, 10) + c(line.payer, 48) + c("ﾃｽﾄ", 15) + c("ﾎﾝﾃﾝ", 15) + c(line.text, 20) + c("", 20) + c("", 1)


def zengin01(lines: Sequence[Paid], *, header_of: dict | None = None, counts_cancelled: bool = True) -> list[str]:
    """振込入金通知: the records of one account, with its end."""
    days = [line.on for line in lines] or [date(2026, 11, 4)]
    counted = [line for line in lines if counts_cancelled or not line.is_cancelled]
    back = [line.yen for line in lines if line.is_cancelled]
    trailer = "8" + n(len(counted), 6) + n(sum(line.yen for line in counted), 12) + n(len(back), 6) + n(sum(back), 12) + c("", 163)
    data = [notice(line, place) for place, line in enumerate(lines, 1)]
    return [header("01", min(days), max(days), **(header_of or {})), *data, trailer, "9" + c("", 199)]


def zengin03(lines: Sequence[Paid], *, header_of: dict | None = None, before: int = 100_000) -> list[str]:
    """入出金取引明細."""
    days = [line.on for line in lines] or [date(2026, 11, 4)]
    came, went = [line.yen for line in lines if not line.out], [line.yen for line in lines if line.out]
    sums = n(len(came), 6) + n(sum(came), 13) + n(len(went), 6) + n(sum(went), 13)
    trailer = "8" + sums + "1" + n(before + sum(came) - sum(went), 14) + n(len(lines), 7) + c("", 139)
    data = [entry(line, place) for place, line in enumerate(lines, 1)]
    end = "9" + n(len(lines) + 3, 10) + n(1, 5) + c("", 184)
    return [header("03", min(days), max(days), balance=before, **(header_of or {})), *data, trailer, end]


def as_bytes(records: Sequence[str], *, end: str = "\r\n", encoding: str = "cp932") -> bytes:
    """Whole records of 200 bytes."""
    assert {len(record.encode("cp932")) for record in records} == {200}
    return "".join(record + end for record in records).encode(encoding)
