"""振込入金通知 (01) and 入出金取引明細 (03): every record is checked, and every sum. Raises Unreadable with the record and the reason."""

from collections.abc import Callable, Collection, Iterator
from datetime import date

from portal.enums import LineKind
from portal.rules.transfers.bank_files.balances import balance, balances_of
from portal.rules.transfers.bank_files.layouts import LAYOUTS, Layout
from portal.rules.transfers.bank_files.record import Group, Record
from portal.rules.transfers.bank_files.records import records_of
from portal.rules.transfers.bank_files.statement import DayBalance, StatementFile, StatementLine, Unreadable

HEADER, DATA, TRAILER, END = "1289"
FORMATS = {"01": "全銀 振込入金通知", "03": "全銀 入出金取引明細"}
FOLLOWS = {"": HEADER, HEADER: DATA + TRAILER, DATA: DATA + TRAILER, TRAILER: HEADER + END, END: ""}
CORRECTION = "19"
TRANSFER = "11"
_NOTES = {"10": "現金", "12": "他店券入金", "13": "交換", "14": "振替", "15": "継続", "18": "その他"}
_CALLED_BACK = ("ｸﾐﾓﾄﾞｼ", "ｸﾐﾓﾄｼ", "組戻")
_NOT_OURS = "口座 {} は、この会社の口座ではありません。会社の設定（bank_accounts）か、選んだファイルを確かめてください。"
ONLY_THESE = "振込入金通知（01）か入出金取引明細（03）を選んでください。"
_LARGE = "100億円以上の振込の形式（B）です。この行は読めないため、ファイル全体を取り込みません。"


def read(content: bytes, ours: Collection[str], today: date) -> StatementFile:
    """`ours`: the keys of the company's accounts. `today` gives dates without an era their century."""
    records = list(_records(records_of(content)))
    kind = records[0].values["種別"]
    lines: list[StatementLine] = []
    outgoing: list[int] = []
    warnings: list[str] = []
    balances: list[DayBalance] = []
    seen: set[tuple[bytes, ...]] = set()
    for group, trailer in _groups(records):
        key = (group.header.raw, *(line.raw for line in group.lines))
        if group.lines and key in seen:
            raise Unreadable(group.header.number, "同じ口座の同じ明細が、ファイルの中に2回あります。")
        seen.add(key)
        account = _account(group.header, ours)
        found, sent = READERS[kind](group, trailer, account, today, warnings)
        lines += found
        outgoing += sent
        balances += balances_of(group, trailer, account, today) if kind == "03" else []
    if kind == "03":
        _check_end(records, warnings)
    return StatementFile(FORMATS[kind], tuple(lines), len(outgoing), sum(outgoing), tuple(warnings), tuple(balances))


def _records(raw: list[bytes]) -> Iterator[Record]:
    """Each in its place: header, lines, trailer, as often as there are accounts, then one end."""
    before, kind = "", ""
    for number, record in enumerate(raw, 1):
        this = chr(record[0])
        if this not in FOLLOWS[before] or not FOLLOWS[before]:
            raise Unreadable(number, f"データ区分「{this}」は、ここには来ないはずです。")
        if this == HEADER:
            kind = _kind(number, record, kind)
        yield Record(number, record, _values(number, record, LAYOUTS[kind][this]))
        before = this
    if before != END:
        raise Unreadable(len(raw), "最後のレコード（エンド・レコード）がありません。ファイルが途中で切れています。")


def _kind(number: int, record: bytes, before: str) -> str:
    kind, code = record[1:3].decode("ascii", "replace"), chr(record[3])
    if kind not in LAYOUTS:
        raise Unreadable(number, f"種別コード「{kind}」のファイルは取り込めません。{ONLY_THESE}")
    if before and before != kind:
        raise Unreadable(number, "1つのファイルに、違う種別コードがあります。")
    if code != "0":
        raise Unreadable(number, f"コード区分「{code}」のファイルは取り込めません。JIS（0）で保存し直してください。")
    return kind


def _values(number: int, record: bytes, layout: Layout) -> dict[str, str]:
    found, start = {}, 0
    for name, _, length in layout:
        part = record[start : start + length]
        start += length
        try:
            found[name] = part.decode("cp932")
        except UnicodeDecodeError as error:
            raise Unreadable(number, f"{name}の文字が壊れています。") from error
        if not found[name].isprintable():
            raise Unreadable(number, f"{name}の文字が壊れています。")
    return found


def _groups(records: list[Record]) -> Iterator[tuple[Group, Record]]:
    group = None
    for record in records:
        match record.values["区分"]:
            case "1":
                group = Group(record)
            case "2":
                group.lines.append(record)
            case "8":
                yield group, record


def _account(header: Record, ours: Collection[str]) -> str:
    number = header.values["口座番号"].strip()[-7:].zfill(7)
    key = "-".join((header.values["銀行"], header.values["支店"], header.values["種目"], number))
    if key not in ours or header.values["口座番号"].strip()[:-7].strip("0"):
        raise Unreadable(header.number, _NOT_OURS.format(key))
    return key


def _line(record: Record, group: Group, today: date) -> dict[str, object]:
    """What both formats say in the same words."""
    yen, booked = record.count("金額"), record.day("勘定日", today)
    if yen == 0:
        raise Unreadable(record.number, "金額が0円です。")
    if booked is None:
        raise Unreadable(record.number, "勘定日がありません。")
    first, last = group.header.day("勘定日（自）", today), group.header.day("勘定日（至）", today)
    if first and last and not first <= booked <= last:
        raise Unreadable(record.number, f"勘定日 {booked} が、見出しの期間（{first}から{last}まで）の外です。")
    code, reference = record.text("依頼人コード"), record.text("照会番号")
    about = {"record": record.number, "booked_on": booked, "valued_on": record.day("起算日", today) or booked, "yen": yen}
    return about | {
        "payer": record.text("依頼人名"),
        "code": code.strip("0") and code,
        "reference": reference.strip("0") and reference,
    }


Read = Callable[[Group, Record, str, date, list[str]], tuple[list[StatementLine], list[int]]]


def _notices(group: Group, trailer: Record, account: str, today: date, warnings: list[str]) -> tuple[list[StatementLine], list[int]]:
    """01. 振込合計 counts the cancelled ones too, or leaves them out: banks do either."""
    found, cancelled = [], []
    for record in group.lines:
        if record.digits("金額") == 0 and record.raw[128:140].isdigit() and int(record.raw[128:140]):
            raise Unreadable(record.number, _LARGE)
        is_cancelled = record.digits("取消区分") == 1
        kind, note = (LineKind.CORRECTION, "取消") if is_cancelled else (LineKind.TRANSFER, "")
        line = StatementLine(kind=kind, account=account, note=note, **_line(record, group, today))
        found.append(line)
        cancelled += [line.yen] * is_cancelled
    total = (len(found), sum(line.yen for line in found))
    without = (total[0] - len(cancelled), total[1] - sum(cancelled))
    if (trailer.count("件数"), trailer.count("合計")) not in (total, without):
        said = f"{trailer.count('件数')}件 {trailer.count('合計'):,}円"
        raise Unreadable(trailer.number, f"振込の合計（{said}）が、明細の合計（{total[0]}件 {total[1]:,}円）と合いません。")
    said = (trailer.digits("取消件数"), trailer.digits("取消合計"))
    if said != (None, None) and said != (len(cancelled), sum(cancelled)) and any(said):
        raise Unreadable(trailer.number, f"取消の合計が、明細の合計（{len(cancelled)}件 {sum(cancelled):,}円）と合いません。")
    return found, []


def _statement(group: Group, trailer: Record, account: str, today: date, warnings: list[str]) -> tuple[list[StatementLine], list[int]]:
    """03. Money that went out is counted and left out, unless it took a transfer back."""
    found, came, went = [], [], []
    for record in group.lines:
        about = _line(record, group, today)
        match record.digits("入払区分"):
            case 1:
                came.append(about["yen"])
                found.append(StatementLine(account=account, **_meaning(record), **about))
            case 2:
                went.append(about["yen"])
                if any(word in record.text("摘要") for word in _CALLED_BACK):
                    found.append(StatementLine(kind=LineKind.CORRECTION, account=account, note="組戻し", **about))
            case other:
                raise Unreadable(record.number, f"入払区分「{other}」は、1（入金）でも2（出金）でもありません。")
    for name, yen in (("入金", came), ("出金", went)):
        said = (trailer.count(f"{name}件数"), trailer.count(f"{name}合計"))
        if said != (len(yen), sum(yen)):
            counted = f"明細の合計（{len(yen)}件 {sum(yen):,}円）"
            raise Unreadable(trailer.number, f"{name}の合計（{said[0]}件 {said[1]:,}円）が、{counted}と合いません。")
    if trailer.count("明細件数") != len(group.lines):
        raise Unreadable(trailer.number, f"明細の件数（{trailer.count('明細件数')}件）が、実際の件数（{len(group.lines)}件）と合いません。")
    _check_balance(group.header, trailer, sum(came) - sum(went), warnings)
    return found, went


def _meaning(record: Record) -> dict[str, object]:
    kind = record.text("取引区分")
    if kind == CORRECTION:
        return {"kind": LineKind.CORRECTION, "note": "訂正"}
    if kind in ("", TRANSFER):
        return {"kind": LineKind.TRANSFER}
    return {"kind": LineKind.OTHER, "note": _NOTES.get(kind, f"取引区分 {kind}")}


def _check_balance(header: Record, trailer: Record, change: int, warnings: list[str]) -> None:
    before, after = balance(header, "取引前残高"), balance(trailer, "取引後残高")
    if before is not None and after is not None and before + change != after:
        warnings.append(f"残高が合いません（取引前 {before:,}円、入出金 {change:,}円、取引後 {after:,}円）。")


def _check_end(records: list[Record], warnings: list[str]) -> None:
    """A warning only: banks do not count the same things."""
    end, groups = records[-1], sum(record.values["区分"] == HEADER for record in records)
    if end.digits("総件数") not in (None, len(records)) or end.digits("口座数") not in (None, groups):
        warnings.append("エンド・レコードの件数が、実際の件数と違います。")


READERS: dict[str, Read] = {"01": _notices, "03": _statement}
