"""Reads company/catalog.toml and its documents. Any error stops the start; all errors are reported together."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from portal.catalog.documents import read_documents
from portal.catalog.identity import read_bank_account, read_company, read_payouts, read_virtual_accounts
from portal.catalog.items import USUAL_ACCOUNTS, Catalog, RenewalNumbers, RetentionNumbers
from portal.catalog.lines import lines_of
from portal.catalog.mistakes import CatalogError, Mistakes
from portal.catalog.product_rows import read_products
from portal.catalog.syntax import syntax_mistake
from portal.catalog.table import LAST_SURE_DAY, Table
from portal.enums import BookAccount

# The last day to change is four days before a charge, in the same month.
FIRST_CHARGE_DAY = 5
SHORTEST_STOP, LONGEST_STOP = 8, 90  # the deletion is announced seven days ahead
MOST_ACCEPTED = 10_000
LONGEST_ACCOUNT = 12
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
YEARS_BY_LAW = 7  # 法人税法: accounts and their papers
WALLET_DAYS = (5, 10, 15, 20, 25)  # the database allows no others


def load_catalog(folder: Path) -> Catalog:
    """The catalog of a company's folder. Raises CatalogError."""
    file = folder / "catalog.toml"
    text = _text_of(file)
    mistakes = Mistakes(file, lines_of(text))
    catalog = read_catalog(Table(_parse(file, text), mistakes), folder)
    mistakes.raise_if_any()
    return catalog


def _text_of(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as problem:
        raise CatalogError(f"会社の台帳 {file} を読めません（{problem.strerror}）。場所と読み取りの権限を確かめてください。") from None
    except UnicodeDecodeError:
        raise CatalogError(f"会社の台帳 {file} の文字コードがUTF-8ではありません。UTF-8で保存し直してください。") from None


def _parse(file: Path, text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise CatalogError(syntax_mistake(file, text, str(problem))) from None


def read_catalog(root: Table, folder: Path) -> Catalog:
    """The catalog as far as it can be read. Errors are added to `root.mistakes`."""
    rows = root.tables("documents")
    documents, old_documents = read_documents(rows, folder)
    accounts = tuple(read_bank_account(row) for row in root.tables("bank_accounts"))
    catalog = Catalog(
        company=read_company(root.table("company")),
        products=read_products(root.tables("products"), [row.values.get("id") for row in rows]),
        documents=documents,
        old_documents=old_documents,
        bank_accounts=accounts,
        tax_percent=root.whole("tax_percent", 0, 99),
        closed_days=root.dates("closed_days"),
        renewal=_renewal(root.table("renewal")),
        accepted_difference_yen=root.whole("accepted_difference_yen", 0, MOST_ACCEPTED, default=0),
        retention=_retention(root.table("retention")) if "retention" in root.values else RetentionNumbers(),
        accounting=_accounting(root.table("accounting")) if "accounting" in root.values else USUAL_ACCOUNTS,
        virtual_accounts=read_virtual_accounts(root.table("virtual_accounts")) if "virtual_accounts" in root.values else None,
        payouts=read_payouts(root.table("payouts"), accounts) if "payouts" in root.values else None,
    )
    root.known("retention")
    root.known("accounting")
    root.known("payouts")
    root.known("virtual_accounts")
    root.finish()
    return catalog


def _accounting(table: Table) -> Mapping[BookAccount, str]:
    """Each may be left out. Accounting software cuts longer names, and a spreadsheet would run some as a formula."""
    names = {account: table.text(account.value, account.label) for account in BookAccount}
    for account, name in names.items():
        if len(name) > LONGEST_ACCOUNT or name.startswith(FORMULA):
            table.wrong(account.value, f"{LONGEST_ACCOUNT}文字以内で、= + - @ のほかの文字から書いてください。")
    table.finish()
    return names


def _retention(table: Table) -> RetentionNumbers:
    """Each may be left out."""
    usual = RetentionNumbers()
    numbers = RetentionNumbers(
        records_years=table.whole("records_years", YEARS_BY_LAW, 30, usual.records_years),
        mails_months=table.whole("mails_months", 3, 120, usual.mails_months),
        messages_months=table.whole("messages_months", 3, 120, usual.messages_months),
        sign_ins_hours=table.whole("sign_ins_hours", 1, 720, usual.sign_ins_hours),
        logs_days=table.whole("logs_days", 1, 3_650, usual.logs_days),
    )
    table.finish()
    return numbers


def _renewal(table: Table) -> RenewalNumbers:
    numbers = RenewalNumbers(
        card_day=table.whole("card_day", FIRST_CHARGE_DAY, LAST_SURE_DAY),
        wallet_days=table.wholes("wallet_days", FIRST_CHARGE_DAY, LAST_SURE_DAY),
        charge_days=table.wholes("charge_days", FIRST_CHARGE_DAY, LAST_SURE_DAY),
        notice_days=table.wholes("notice_days", 1, 90, falling=True),
        stopped_days=table.whole("stopped_days", SHORTEST_STOP, LONGEST_STOP),
    )
    if not set(numbers.wallet_days) <= set(WALLET_DAYS):
        table.wrong("wallet_days", "5、10、15、20、25 の中から選んでください。")
    table.finish()
    return numbers
