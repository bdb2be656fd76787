"""A bank's own CSV, read by the profile of its header. Raises Unreadable with the line and the reason."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from portal.enums import LineKind
from portal.rules.transfers.bank_files import days
from portal.rules.transfers.bank_files.csv_profiles import PROFILES, Profile, column_names
from portal.rules.transfers.bank_files.csv_text import cells_of, may_be_cut, texts
from portal.rules.transfers.bank_files.statement import StatementFile, StatementLine, Unreadable

LINES_BEFORE_THE_HEADER = 20
_YEN = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d{1,13})", re.ASCII)
_KINDS = {"1": "1", "2": "2", "4": "4", "普通": "1", "当座": "2", "貯蓄": "4"}
_INCOMING, _OUTGOING = ("1", "入", "入金"), ("2", "出", "出金", "払", "支払")
# A digit after the word is the bank's own, unless more follow: then they are a number that the payer typed.
_TRANSFER = re.compile(
    r"^(?:(?:他行|為替|当行|口座)?振込(?:入金)?(?:\d(?!\d))?|[フﾌ][リﾘ][コｺ][ミﾐ](?:\d(?!\d))?|11(?!\d)|入金)[\s　＊*:：]*"
)
_CORRECTED = re.compile("組戻|取消|訂正|ｸﾐﾓﾄﾞｼ|ﾃｲｾｲ|ﾄﾘｹｼ|クミモドシ|テイセイ|トリケシ")
_NO_TRANSFER = re.compile("利息|利子|現金|ATM|カード入金|配当|ｹﾞﾝｷﾝ|ﾘｿｸ")
WHOSE = "どの口座の明細か、ファイルに書かれていません。口座を選んでください。"
UNKNOWN = (
    "この銀行の形式を知りません。全銀の形式（振込入金通知か入出金取引明細）のファイルか、次の銀行の CSV を選んでください："
    + "、".join(profile.bank for profile in PROFILES)
    + "。ほかの銀行の CSV は、担当者の画面「銀行のファイルを取り込む」で列を一度選ぶと、次から見出しで分かります。"
)
FEWEST_COLUMNS, MOST_COLUMNS = 3, 40  # of a file whose columns somebody could choose
CUT = "最後の行が改行で終わっていません。ファイルが途中で切れて、最後の名前が短くなっていないか、確かめてください。"
TOO_WIDE = f"知らない形式で、列が{MOST_COLUMNS}を超えています。列の少ない形式で、もう一度ダウンロードしてください。"


class UnknownCsv(Unreadable):
    """A table whose header no profile has: staff can say once what its columns are."""


@dataclass(frozen=True)
class Row:
    """One line of the file, its cells by the names of their columns."""

    number: int
    cells: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.cells[name].strip() if name else ""

    def yen(self, name: str) -> int:
        """0 if it is blank."""
        text = unicodedata.normalize("NFKC", self[name]).removeprefix("¥").removesuffix("円").replace(" ", "")
        if text and not _YEN.fullmatch(text):
            raise Unreadable(self.number, f"{name}「{self[name][:50]}」を金額として読めません。")
        return int(text.replace(",", "")) if text else 0


def read(content: bytes, account: str | None, ours: Collection[str], today: date, profiles: Sequence[Profile] = PROFILES) -> StatementFile:
    """`account`: whose statement it is, where the file does not say so. Raises UnknownCsv if its header is of none of the profiles."""
    profile, rows = _rows(content, profiles)
    lines, outgoing, before = [], [], None
    for row in rows:
        if before is not None and before.cells == row.cells and profile.balance:
            raise Unreadable(row.number, "前の行と、残高まで同じです。同じ行が2回あります。")
        before = row
        came, went = _amounts(row, profile)
        if went:
            outgoing.append(went)
        if came or _CORRECTED.search(_what(row, profile)):
            lines.append(_line(row, profile, came or went, is_back=not came, account=_account(row, profile, account, ours), today=today))
    doubts = [*_doubts(rows, profile), *([CUT] if profile.columns[-1] in profile.payer and may_be_cut(content) else [])]
    return StatementFile(f"{profile.bank} CSV", tuple(lines), len(outgoing), sum(outgoing), tuple(doubts))


def _rows(content: bytes, profiles: Sequence[Profile]) -> tuple[Profile, list[Row]]:
    """The profile of the header within the first 20 lines, and the lines below it. Blank lines are left out."""
    problem, is_table = Unreadable(0, "文字を読めません。銀行からダウンロードしたままのファイルを選んでください。"), False
    for text in texts(content):
        try:
            cells = cells_of(text)
        except Unreadable as broken:
            problem = broken
            continue
        for number, row in enumerate(cells[:LINES_BEFORE_THE_HEADER], 1):
            if found := next((profile for profile in profiles if is_header(row, profile)), None):
                return found, list(_below(cells[number:], number, found.columns))
        widest = max((len(row) for row in cells[:LINES_BEFORE_THE_HEADER]), default=0)
        is_table = is_table or FEWEST_COLUMNS <= widest <= MOST_COLUMNS
        problem = Unreadable(0, TOO_WIDE if widest > MOST_COLUMNS else UNKNOWN)
    raise UnknownCsv(0, UNKNOWN) if is_table else problem


def is_header(row: Sequence[str], profile: Profile) -> bool:
    return tuple(_even(name) for name in column_names(row)) == tuple(_even(name) for name in profile.columns)


def _below(cells: Iterable[Sequence[str]], header: int, columns: Sequence[str]) -> Iterator[Row]:
    for number, row in enumerate(cells, header + 1):
        if not any(row):
            continue
        if len(row) != len(columns):
            raise Unreadable(number, f"項目の数が{len(row)}個です。見出しの{len(columns)}個と合いません。")
        yield Row(number, dict(zip(columns, row, strict=True)))


def _even(name: str) -> str:
    return unicodedata.normalize("NFKC", name).replace(" ", "")


def _amounts(row: Row, profile: Profile) -> tuple[int, int]:
    """What came in and what went out."""
    if profile.direction:
        yen, direction = row.yen(profile.came), row[profile.direction]
        if direction not in _INCOMING + _OUTGOING or yen <= 0:
            raise Unreadable(row.number, f"入払区分「{direction}」か金額「{row[profile.came]}」を読めません。")
        return (yen, 0) if direction in _INCOMING else (0, yen)
    if profile.came == profile.went:
        yen = row.yen(profile.came)
        came, went = max(yen, 0), max(-yen, 0)
    else:
        came, went = row.yen(profile.came), row.yen(profile.went)
    if came < 0 or went < 0 or bool(came) == bool(went):
        raise Unreadable(row.number, "入金と出金のどちらかに金額が必要です（0円、マイナス、両方は読めません）。")
    return came, went


def _what(row: Row, profile: Profile) -> str:
    return " ".join(row[name] for name in profile.payer)


def _line(row: Row, profile: Profile, yen: int, *, is_back: bool, account: str, today: date) -> StatementLine:
    day, what, balance = _day(row, profile, today), _what(row, profile), row[profile.balance]
    kind, note = _meaning(what)
    if profile.direction:
        is_cancelled = row["取引区分"] in ("19", "訂正")
        kind, note = (LineKind.CORRECTION, "訂正") if is_cancelled or kind is LineKind.CORRECTION else (LineKind.TRANSFER, "")
    payer = row["振込依頼人名"] if profile.direction else _TRANSFER.sub("", what).strip()
    reference = row[profile.reference] if profile.reference else (f"残高 {balance}" if balance else "")
    code = row[profile.code].strip("0") and row[profile.code]
    kind, note = (LineKind.CORRECTION, "組戻し") if is_back else (kind, note)
    return StatementLine(row.number, kind, account, day, day, yen, payer[:100] or what[:100], code, reference, note)


def _meaning(what: str) -> tuple[LineKind, str]:
    if found := _CORRECTED.search(what):
        return LineKind.CORRECTION, found[0]
    if found := _NO_TRANSFER.search(what):
        return LineKind.OTHER, found[0]
    return LineKind.TRANSFER, ""


def _day(row: Row, profile: Profile, today: date) -> date:
    text = "/".join(row[name] for name in profile.day)
    day = profile.read_day(text, today)
    if wrong := days.mistake(day, text, today):
        raise Unreadable(row.number, wrong)
    return day


def _account(row: Row, profile: Profile, chosen: str | None, ours: Collection[str]) -> str:
    if profile.account:
        bank, branch, kind, number = (row[name] for name in profile.account)
        key = "-".join((bank.zfill(4), branch.zfill(3), _KINDS.get(kind, "0"), number.zfill(7)[-7:]))
    else:
        key = chosen or ""
    if key not in ours:
        raise Unreadable(row.number, f"口座 {key} は、この会社の口座ではありません。" if key else WHOSE)
    return key


def _doubts(rows: Sequence[Row], profile: Profile) -> Iterator[str]:
    """A warning, because banks let their customers leave lines out: each balance should follow from the one before, or the one after."""
    if not profile.balance or len(rows) < 2:
        return
    changes = [came - went for came, went in (_amounts(row, profile) for row in rows)]
    balances = [row.yen(profile.balance) for row in rows]
    pairs = range(len(rows) - 1)
    oldest_first = all(balances[place + 1] - balances[place] == changes[place + 1] for place in pairs)
    newest_first = all(balances[place] - balances[place + 1] == changes[place] for place in pairs)
    if not (oldest_first or newest_first):
        yield "残高がつながりません。行が抜けているか、入金だけを選んだファイルかもしれません。"
