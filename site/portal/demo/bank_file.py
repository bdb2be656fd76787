"""The pretend bank gives its statement as a file, as real ones do: 全銀 振込入金通知 (01), 入出金取引明細 (03), or a net bank's CSV."""

import csv
import io
import sqlite3
from collections.abc import Sequence
from datetime import date

from portal.catalog import BankAccount
from portal.rules.transfers.bank_files.layouts import LAYOUTS
from portal.rules.transfers.bank_files.statement import account_key

BANK_NAME, BRANCH_NAME, HOLDER = "ﾃｽﾄ", "ﾎﾝﾃﾝ", "ｶ)ｻﾝﾌﾟﾙｻ-ﾊﾞ-"
KINDS = {"01": "振込入金通知（全銀 01）", "03": "入出金取引明細（全銀 03）", "csv": "CSV"}
TRANSFER = "11"
CSV_HEADER = ("取引日", "入出金(円)", "残高(円)", "入出金先内容")


def statement_file(kind: str, lines: Sequence[sqlite3.Row], account: BankAccount, today: date) -> bytes:
    """`kind`: one of KINDS. `lines`: of the statement, the oldest first."""
    if kind == "csv":
        return _csv(lines)
    bank, branch, account_kind, number = account_key(account).split("-")
    days = [date.fromisoformat(line["booked_on"]) for line in lines] or [today]
    period = {"作成日": _wareki(today), "勘定日（自）": _wareki(min(days)), "勘定日（至）": _wareki(max(days))}
    ours = {"銀行": bank, "銀行名": BANK_NAME, "支店": branch, "支店名": BRANCH_NAME, "種目": account_kind, "口座番号": number}
    header = {"種別": kind, "コード区分": "0", "口座名": HOLDER} | period | ours
    count, total = len(lines), sum(line["yen"] for line in lines)
    sums = {"件数": count, "合計": total, "入金件数": count, "入金合計": total, "明細件数": count, "貸越区分": "1", "取引後残高": total}
    records = [("1", header | {"貸越区分": "1", "取引前残高": 0}), *(("2", _line(line)) for line in lines), ("8", sums)]
    records.append(("9", {"総件数": count + 3, "口座数": 1}))
    return "".join(_record(kind, letter, values) + "\r\n" for letter, values in records).encode("cp932")


def _line(line: sqlite3.Row) -> dict[str, object]:
    booked, valued = (_wareki(date.fromisoformat(line[name])) for name in ("booked_on", "valued_on"))
    about = {"照会番号": line["number"], "勘定日": booked, "起算日": valued, "金額": line["yen"], "依頼人名": line["payer"]}
    return about | {"入払区分": "1", "取引区分": TRANSFER, "摘要": "ﾌﾘｺﾐ", "仕向銀行": BANK_NAME, "仕向店": BRANCH_NAME}


def _record(kind: str, letter: str, values: dict[str, object]) -> str:
    """Digits right-aligned with zeros, letters left-aligned with blanks."""
    parts = []
    for name, field_kind, length in LAYOUTS[kind][letter]:
        text = letter if name == "区分" else str(values.get(name, ""))
        parts.append(text.rjust(length, "0") if field_kind == "N" else text.ljust(length))
    return "".join(parts)


def _wareki(day: date) -> str:
    """令和, as bank files write it."""
    return f"{day.year - 2018:02}{day:%m%d}"


def _csv(lines: Sequence[sqlite3.Row]) -> bytes:
    text, balance = io.StringIO(), 0
    writer = csv.writer(text)
    writer.writerow(CSV_HEADER)
    for line in lines:
        balance += line["yen"]
        writer.writerow((line["booked_on"].replace("-", ""), line["yen"], balance, f"振込 {line['payer']}"))
    return text.getvalue().encode("cp932")
