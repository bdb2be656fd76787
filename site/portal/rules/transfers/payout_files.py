"""総合振込 (種別 21) as banks read it: records of 120 bytes, each with CR LF, in Shift_JIS (全銀協 制定フォーマット).

The same values give the same bytes, whenever the file is made. Names of banks and branches are optional and left to the bank.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

SIZE = 120
KINDS = {"1": "普通", "2": "当座", "4": "貯蓄"}
BY_WIRE, NOT_NEW = "7", "0"  # 振込区分 電信; 新規コード その他


@dataclass(frozen=True)
class Sender:
    """The company at its bank. `client_code`: the number that the bank gave it for such files. `kind`: as in KINDS."""

    client_code: str
    name: str
    bank_code: str
    branch_code: str
    kind: str
    number: str


@dataclass(frozen=True)
class Transfer:
    """One row: to whose account how many yen. `reference`: 顧客コード, our number of it."""

    bank_code: str
    branch_code: str
    kind: str
    number: str
    name: str
    yen: int
    reference: str


def masked(bank_code: str, branch_code: str, kind: str, number: str, name: str) -> str:
    """An account as it is shown after it was typed: 「9999-001 普通 ****567 ﾔﾏ…」; 「消去済み」 if there is none any more."""
    return f"{bank_code}-{branch_code} {KINDS[kind]} ****{number[-3:]} {name[:2]}…" if number else "消去済み"


def payout_file(sender: Sender, pays_on: date, transfers: Sequence[Transfer]) -> bytes:
    """Raises ValueError if something does not fit into its field, and UnicodeEncodeError: the forms and the catalog have checked both."""
    lines = ["".join(record) for record in _records(sender, pays_on, transfers)]
    content = "".join(f"{line}\r\n" for line in lines).encode("shift_jis")
    if len(content) != len(lines) * (SIZE + 2):
        raise ValueError("a record has not 120 bytes")
    return content


def _records(sender: Sender, pays_on: date, transfers: Sequence[Transfer]) -> Iterator[Sequence[str]]:
    account = (_number(sender.bank_code, 4), _text("", 15), _number(sender.branch_code, 3), _text("", 15), sender.kind)
    head = ("1", "21", "0", _number(sender.client_code, 10), _text(sender.name, 40), f"{pays_on:%m%d}")
    yield (*head, *account, _number(sender.number, 7), _text("", 17))
    for row in transfers:
        yield _data(row)
    yield "8", _number(len(transfers), 6), _number(sum(row.yen for row in transfers), 12), _text("", 101)
    yield "9", _text("", 119)


def _data(row: Transfer) -> Sequence[str]:
    bank = (_number(row.bank_code, 4), _text("", 15), _number(row.branch_code, 3), _text("", 15), "0000")
    payee = (row.kind, _number(row.number, 7), _text(row.name, 30), _number(row.yen, 10))
    return "2", *bank, *payee, NOT_NEW, _number(row.reference, 10), _number(0, 10), BY_WIRE, _text("", 8)


def _number(value: int | str, size: int) -> str:
    return _fitting(str(value).rjust(size, "0"), size)


def _text(value: str, size: int) -> str:
    return _fitting(value.ljust(size), size)


def _fitting(text: str, size: int) -> str:
    if len(text) != size:
        raise ValueError(f"{text!r} is longer than {size}")
    return text
