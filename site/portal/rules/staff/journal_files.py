"""The journal as files that accounting software takes in. Columns and where they come from: docs/ja/仕訳.md.

Sources: freee 「その他の会計ソフトから仕訳データを移行する」 (the template), 弥生会計 「仕訳データの項目と記述形式」 (25 columns),
マネーフォワード クラウド会計 「仕訳帳のインポート」 (27 columns). Each is a row of FORMATS. What a payer typed stands in the list alone.
"""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import IO

from portal.enums import BookAccount, EntryKind, Method, TaxCategory
from portal.rules.staff.journal import Entry

Names = Mapping[BookAccount, str]
SUB_ACCOUNTS = {BookAccount.CARD: Method.CARD.label, BookAccount.WALLET: Method.WALLET.label}
LONGEST_IN_YAYOI = 64  # half-width letters of 摘要
_FREEE_SIDE = (
    "勘定科目",
    "科目コード",
    "補助科目",
    "取引先",
    "取引先コード",
    "部門",
    "品目",
    "メモタグ",
    "セグメント1",
    "セグメント2",
    "セグメント3",
    "金額",
    "税区分",
    "税額",
)  # fmt: skip
_MF_SIDE = ("勘定科目", "補助科目", "部門", "取引先", "税区分", "インボイス", "金額(円)", "税額")
_MF_END = ("摘要", "仕訳メモ", "タグ", "MF仕訳タイプ", "決算整理仕訳", "作成日時", "作成者", "最終更新日時", "最終更新者")
_NO_TAX = "対象外"


@dataclass(frozen=True)
class Side:
    """借方 or 貸方 of an entry, in words. `tax`: yen of 消費税 inside, empty where there is none."""

    account: str
    sub_account: str
    category: str
    tax: str


@dataclass(frozen=True)
class Format:
    """`categories`: 税区分 as the software calls it, with {} for the rate. `has_mark`: UTF-8 with BOM."""

    id: str
    name: str
    encoding: str
    header: tuple[str, ...]
    categories: Mapping[TaxCategory, str]
    line: Callable[[int, Entry, Side, Side], list[object]]
    end: str = "\r\n"


def write(entries: Iterable[Entry], form: Format, names: Names, file: IO[bytes]) -> None:
    """The whole file, one entry after another. What its encoding does not know becomes "?"."""
    text = io.TextIOWrapper(file, form.encoding, errors="replace", newline="")
    writer = csv.writer(text, lineterminator=form.end)
    if form.header:
        writer.writerow(form.header)
    for place, entry in enumerate(entries, 1):
        debit = _side(entry, entry.debit, entry.debit_category, form, names)
        credit = _side(entry, entry.credit, entry.credit_category, form, names)
        writer.writerow(form.line(place, entry, debit, credit))
    text.flush()
    text.detach()


def journal_months(today: date) -> dict[str, date]:
    """The month before and this one, which is what an accountant asks for: 2026-10 and 2026-11, with their first days."""
    this = today.replace(day=1)
    return {f"{month:%Y-%m}": month for month in ((this - timedelta(days=1)).replace(day=1), this)}


def summary(entry: Entry) -> str:
    """摘要: 「充当 申し込み 12345678 入金 D..., 取扱日 2026-11-27」. Numbers and days of the portal alone."""
    if entry.kind is EntryKind.EARNED:
        return f"{entry.day.year}年{entry.day.month}月分の売上（領収書{entry.count}件）"
    parts = [entry.kind.label, f"申し込み{entry.order}" if entry.order else "", entry.number and f"番号{entry.number}"]
    parts += [f"{entry.of}の分" if entry.of and entry.of != entry.day else ""]
    return " ".join(part for part in parts if part)


def _side(entry: Entry, account: BookAccount, category: TaxCategory, form: Format, names: Names) -> Side:
    has_tax = category is not TaxCategory.NONE
    words = form.categories[category].format(entry.tax_percent)
    return Side(names[account], SUB_ACCOUNTS.get(account, ""), words, str(entry.tax_yen) if has_tax else "")


def _day(day: date) -> str:
    return f"{day:%Y/%m/%d}"


def _plain(place: int, entry: Entry, debit: Side, credit: Side) -> list[object]:
    sides = (debit.account, debit.sub_account, debit.category, credit.account, credit.sub_account, credit.category)
    return [entry.day, entry.kind.label, *sides, entry.yen, debit.tax or credit.tax, entry.of or "", entry.number, entry.order, entry.who]


def _freee(place: int, entry: Entry, debit: Side, credit: Side) -> list[object]:
    def side(found: Side) -> list[object]:
        return [found.account, "", found.sub_account, *[""] * 8, entry.yen, found.category, found.tax]

    return ["[明細行]", _day(entry.day), place, "", *side(debit), *side(credit), summary(entry)]


def _yayoi(place: int, entry: Entry, debit: Side, credit: Side) -> list[object]:
    def side(found: Side) -> list[object]:
        return [found.account, found.sub_account, "", found.category, entry.yen, found.tax]

    text = summary(entry).encode("cp932", errors="replace")[:LONGEST_IN_YAYOI].decode("cp932", errors="ignore")
    return ["2000", "", "", _day(entry.day), *side(debit), *side(credit), text, "", "", "0", "", "", "0", "0", "no"]


def _money_forward(place: int, entry: Entry, debit: Side, credit: Side) -> list[object]:
    def side(found: Side) -> list[object]:
        return [found.account, found.sub_account, "", "", found.category, "", entry.yen, found.tax]

    return [place, _day(entry.day), *side(debit), *side(credit), summary(entry), *[""] * 8]


_PLAIN = (
    "計上日",
    "種類",
    "借方科目",
    "借方補助",
    "借方税区分",
    "貸方科目",
    "貸方補助",
    "貸方税区分",
    "金額",
    "うち消費税",
    "対象の日",
    "番号",
    "申し込み番号",
    "名前",
)
_FREEE = [
    "[表題行]",
    "日付",
    "伝票番号",
    "決算整理仕訳",
    *(f"借方{name}" for name in _FREEE_SIDE),
    *(f"貸方{name}" for name in _FREEE_SIDE),
]
_MF = ["取引No", "取引日", *(f"借方{name}" for name in _MF_SIDE), *(f"貸方{name}" for name in _MF_SIDE), *_MF_END]
_IN_WORDS = {TaxCategory.NONE: _NO_TAX, TaxCategory.SALES: "課税売上{}%", TaxCategory.SALES_RETURN: "課税売上返還{}%"}
_IN_YAYOI = {TaxCategory.NONE: _NO_TAX, TaxCategory.SALES: "課税売上込{}%", TaxCategory.SALES_RETURN: "課税売返込{}%"}
_IN_MF = {TaxCategory.NONE: _NO_TAX, TaxCategory.SALES: "課税売上 {}%", TaxCategory.SALES_RETURN: "課税売上-返還等 {}%"}
FORMATS = {
    form.id: form
    for form in (
        Format("list", "一覧", "utf-8-sig", _PLAIN, _IN_WORDS, _plain),
        Format("freee", "freee会計", "utf-8-sig", (*_FREEE, "摘要"), _IN_WORDS, _freee),
        Format("yayoi", "弥生会計", "cp932", (), _IN_YAYOI, _yayoi),
        Format("moneyforward", "マネーフォワード クラウド会計", "cp932", tuple(_MF), _IN_MF, _money_forward),
    )
}
