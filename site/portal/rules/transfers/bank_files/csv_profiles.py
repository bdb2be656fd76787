"""PROFILES: the CSV files of banks, each known by its header. A new bank is a row. Columns are found by their names, not their places.

Source: the headers that these banks' pages give (2024 to 2026).
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass

from portal.rules.transfers.bank_files import days
from portal.rules.transfers.bank_files.days import ReadDay


@dataclass(frozen=True)
class Profile:
    """`header`: all its columns. `day`: one column, or year, month and day. `came`, `went`: yen; the same column where a sign says which.

    `payer`: the columns that say who paid and what it is. `reference`: what the bank calls the line, else its balance is that.
    `account`: the columns of 金融機関, 支店, 科目 and 口座番号, where the file says whose it is.
    """

    bank: str
    header: str
    day: tuple[str, ...]
    came: str
    went: str
    payer: tuple[str, ...]
    balance: str = ""
    reference: str = ""
    read_day: ReadDay = days.seireki
    direction: str = ""
    code: str = ""
    account: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        return column_names(next(csv.reader([self.header])))


def column_names(cells: Sequence[str]) -> tuple[str, ...]:
    """The cells of a header as names that are different from each other: of a blank one its place, of a second one its number."""
    names: list[str] = []
    for place, cell in enumerate(cells, 1):
        name = cell.strip() or f"列{place}"
        names.append(f"{name}（{place}列目）" if name in names else name)
    return tuple(names)


PROFILES = (
    Profile("楽天銀行", "取引日,入出金(円),残高(円),入出金先内容", ("取引日",), "入出金(円)", "入出金(円)", ("入出金先内容",), "残高(円)"),
    Profile("GMOあおぞらネット銀行", "日付,摘要,入金金額,出金金額,残高,メモ", ("日付",), "入金金額", "出金金額", ("摘要",), "残高"),
    Profile("SBI新生銀行", "取引日,摘要,出金金額,入金金額,残高,メモ", ("取引日",), "入金金額", "出金金額", ("摘要",), "残高"),
    Profile(
        "住信SBIネット銀行",
        "日付,内容,出金金額(円),入金金額(円),残高(円),メモ",
        ("日付",),
        "入金金額(円)",
        "出金金額(円)",
        ("内容",),
        "残高(円)",
    ),
    Profile(
        "PayPay銀行",
        "操作日(年),操作日(月),操作日(日),操作時刻(時),操作時刻(分),操作時刻(秒),取引順番号,摘要,お支払金額,お預り金額,残高,メモ",
        ("操作日(年)", "操作日(月)", "操作日(日)"),
        "お預り金額",
        "お支払金額",
        ("摘要",),
        "残高",
        "取引順番号",
    ),
    Profile(
        "三菱UFJ銀行",
        "日付,摘要,摘要内容,支払い金額,預かり金額,差引残高,メモ,未資金化区分,入払区分",
        ("日付",),
        "預かり金額",
        "支払い金額",
        ("摘要", "摘要内容"),
        "差引残高",
    ),
    Profile(
        "三菱UFJ銀行 BizSTATION",
        "金融機関コード,金融機関名,支店コード,支店名,科目,口座番号,口座名,取引日,入払区分,取引区分,取引金額,内他店券金額,"
        "手形・小切手区分,手形・小切手番号,振込依頼人番号,振込依頼人名,仕向金融機関名,仕向支店名,摘要,EDI情報",
        ("取引日",),
        "取引金額",
        "取引金額",
        ("取引区分", "振込依頼人名", "摘要"),
        read_day=days.seireki2,
        direction="入払区分",
        code="振込依頼人番号",
        account=("金融機関コード", "支店コード", "科目", "口座番号"),
    ),
    Profile(
        "三井住友銀行",
        "お取引日,お引出し,お預入れ,お取り扱い内容,残高,メモ,ラベル",
        ("お取引日",),
        "お預入れ",
        "お引出し",
        ("お取り扱い内容",),
        "残高",
    ),
    Profile(
        "ゆうちょ銀行",
        "日付,入出金明細ID,詳細1,詳細2,払出し金額,預入れ金額,貸付金額,返済金額,残高,取扱店,取扱店名,メモ",
        ("日付",),
        "預入れ金額",
        "払出し金額",
        ("詳細1", "詳細2"),
        "残高",
        "入出金明細ID",
    ),
)
