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
CALLED_BACK = "ｸﾐﾓﾄﾞｼ"
CSV_HEADER = ("取引日", "入出金(円)", "残高(円)", "入出金先内容")


def statement_file(kind: str, lines: Sequence[sqlite3.Row], account: BankAccount, today: date) -> bytes:
    """`kind`: one of KINDS. `lines`: of the statement. In the order of their days, as banks give them."""
    lines = sorted(lines, key=lambda line: line["booked_on"])
    if kind == "csv":
        return _csv(lines)
    bank, branch, account_kind, number = account_key(account).split("-")
    days = [date.fromisoformat(line["booked_on"]) for line in lines] or [today]
    period = {"作成日": _wareki(today), "勘定日（自）": _wareki(min(days)), "勘定日（至）": _wareki(max(days))}
    ours = {"銀行": bank, "銀行名": BANK_NAME, "支店": branch, "支店名": BRANCH_NAME, "種目": account_kind, "口座番号": number}
    header = {"種別": kind, "コード区分": "0", "口座名": HOLDER} | period | ours
    came, went = [line["yen"] for line in lines if line["yen"] > 0], [-line["yen"] for line in lines if line["yen"] < 0]
    count, balance = len(lines), sum(came) - sum(went)
    sums = {"件数": count, "合計": sum(came) + sum(went), "取消件数": len(went), "取消合計": sum(went)}
    sums |= {"入金件数": len(came), "入金合計": sum(came), "出金件数": len(went), "出金合計": sum(went)}
    sums |= {"明細件数": count, "貸越区分": "1", "取引後残高": balance}
    records = [("1", header | {"貸越区分": "1", "取引前残高": 0}), *(("2", _line(line)) for line in lines), ("8", sums)]
    records.append(("9", {"総件数": count + 3, "口座数": 1}))
    return b"".join(_record(kind, letter, values) + b"\r\n" for letter, values in records)


def _line(line: sqlite3.Row) -> dict[str, object]:
    booked, valued = (_wareki(date.fromisoformat(line[name])) for name in ("booked_on", "valued_on"))
    is_back = line["yen"] < 0
    about = {"照会番号": line["number"], "勘定日": booked, "起算日": valued, "金額": abs(line["yen"]), "依頼人名": line["payer"]}
    about |= {"依頼人コード": line["code"]}
    about |= {"入払区分": "2" if is_back else "1", "取消区分": "1" if is_back else "0", "摘要": CALLED_BACK if is_back else "ﾌﾘｺﾐ"}
    return about | {"取引区分": TRANSFER, "仕向銀行": BANK_NAME, "仕向店": BRANCH_NAME}


def _record(kind: str, letter: str, values: dict[str, object]) -> bytes:
    """Digits right-aligned with zeros, letters left-aligned with blanks, by bytes: some banks print kanji."""
    parts = []
    for name, field_kind, length in LAYOUTS[kind][letter]:
        text = (letter if name == "区分" else str(values.get(name, ""))).encode("cp932")
        parts.append(text.rjust(length, b"0") if field_kind == "N" else text.ljust(length))
    return b"".join(parts)


def _wareki(day: date) -> str:
    """令和, as bank files write it."""
    return f"{day.year - 2018:02}{day:%m%d}"


def _csv(lines: Sequence[sqlite3.Row]) -> bytes:
    text, balance = io.StringIO(), 0
    writer = csv.writer(text)
    writer.writerow(CSV_HEADER)
    for line in lines:
        balance += line["yen"]
        writer.writerow(
            (line["booked_on"].replace("-", ""), line["yen"], balance, f"{'振込' if line['yen'] > 0 else '組戻'} {line['payer']}")
        )
    return text.getvalue().encode("cp932")
