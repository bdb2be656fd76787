"""The company's name, address, legal texts, invoice number and bank account."""

import logging
import re
from collections.abc import Sequence
from dataclasses import fields

from portal.catalog.brand import read_color, read_mark
from portal.catalog.items import BankAccount, Company, PayoutSender
from portal.catalog.table import Table

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
URL = re.compile(r"https://[^\s]+")
PHONE = re.compile(r"0[0-9]{1,4}-[0-9]{1,4}-[0-9]{3,4}")
INVOICE_NUMBER = re.compile(r"T[0-9]{13}")
CORPORATION, SOLE_TRADER = "法人", "個人"
ACCOUNT_KINDS = ("普通", "当座", "貯蓄")
BANK_NAME = re.compile("[ｱ-ﾝﾞﾟA-Z0-9 ().-]{1,40}")
CHECKED = {"email", "phone", "invoice_number", "url", "brand_color", "brand_mark"}


def read_company(table: Table) -> Company:
    company = Company(
        email=table.matching("email", EMAIL.fullmatch, "例: support@example.jp"),
        phone=table.matching("phone", PHONE.fullmatch, "半角の数字とハイフンで書いてください。例: 03-0000-0000"),
        invoice_number=_invoice_number(table),
        brand_color=read_color(table),
        brand_mark=read_mark(table),
        url=table.matching("url", URL.fullmatch, "https:// から書いてください。") if "url" in table.values else "",
        **{field.name: table.text(field.name) for field in fields(Company) if field.name not in CHECKED},
    )
    table.known("url")
    table.finish()
    return company


def read_bank_account(row: Table) -> BankAccount:
    account = BankAccount(
        bank=row.text("bank"),
        bank_code=_digits(row, "bank_code", 4),
        branch=row.text("branch"),
        branch_code=_digits(row, "branch_code", 3),
        kind=row.one_of("kind", ACCOUNT_KINDS, "、".join(ACCOUNT_KINDS)),
        number=_digits(row, "number", 7),
        holder=row.text("holder"),
    )
    row.finish()
    return account


def read_payouts(table: Table, accounts: Sequence[BankAccount]) -> PayoutSender | None:
    """None if the account is none of the company's."""
    numbers = [account.number for account in accounts]
    code, number = _digits(table, "client_code", 10), table.one_of("account", numbers, "、".join(numbers))
    name = table.matching(
        "name", BANK_NAME.fullmatch, "銀行に届け出た名前を、半角カナ（小さい字と ｰ を除く）・英大文字・数字で40文字まで書いてください。"
    )
    table.finish()
    found = next((account for account in accounts if account.number == number), None)
    return found and PayoutSender(code, name, found)


def read_virtual_accounts(table: Table) -> BankAccount:
    """The range of numbers that the bank lets the company give to its customers."""
    numbers = BankAccount(
        bank=table.text("bank"),
        bank_code=_digits(table, "bank_code", 4),
        branch=table.text("branch"),
        branch_code=_digits(table, "branch_code", 3),
        kind=table.one_of("kind", ACCOUNT_KINDS, "、".join(ACCOUNT_KINDS)),
        number=_digits(table, "first", 7),
        holder=table.text("holder"),
        until=_digits(table, "last", 7),
    )
    if numbers.until < numbers.number:
        table.wrong("last", "first より大きい番号を書いてください。")
    table.finish()
    return numbers


def check_digit(base: str) -> int:
    """The first of the 13 digits of a 法人番号, from the other twelve: 9 - (Σ P·Q mod 9), Q = 1, 2, 1, 2… from the right."""
    return 9 - sum(int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(base))) % 9


def _digits(row: Table, key: str, size: int) -> str:
    return row.matching(key, re.compile(rf"[0-9]{{{size}}}").fullmatch, f'半角の数字{size}けたを、0も略さず " で囲んで書いてください。')


def _invoice_number(table: Table) -> str:
    number = table.matching("invoice_number", INVOICE_NUMBER.fullmatch, "半角の T と数字13けたで書いてください。")
    kind = table.one_of("invoice_number_kind", (CORPORATION, SOLE_TRADER), f"{CORPORATION}、{SOLE_TRADER}", CORPORATION)
    if INVOICE_NUMBER.fullmatch(number) and int(number[1]) != check_digit(number[2:]):
        _report_check_digit(table, number, kind)
    return number


def _report_check_digit(table: Table, number: str, kind: str) -> None:
    """An error for companies. Only a warning for sole traders: no source says that the rule applies to them."""
    what = f"「{number}」は検査数字（T の次の1けた）が合いません。登録番号を写し間違えていないか、確かめてください。"
    if kind == SOLE_TRADER:
        logging.getLogger(__name__).warning("%s company.invoice_number: %s", table.mistakes.file, what)
    else:
        table.wrong("invoice_number", what)
