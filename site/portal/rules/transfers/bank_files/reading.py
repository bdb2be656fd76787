"""The only way in: a bank's file, whatever its format, is read whole or refused whole."""

from collections.abc import Sequence
from datetime import date
from typing import BinaryIO

from portal.catalog import BankAccount
from portal.rules.transfers.bank_files import csv_file, zengin
from portal.rules.transfers.bank_files.csv_profiles import PROFILES, Profile
from portal.rules.transfers.bank_files.records import is_zengin
from portal.rules.transfers.bank_files.statement import LARGEST_FILE, StatementFile, Unreadable, account_key

TOO_LARGE = f"ファイルが大きすぎます（{LARGEST_FILE // 1024 // 1024}MBまで）。銀行の画面で、期間を短くして保存し直してください。"
NOTHING = "ファイルが空です。"


def read_bank_file(
    content: bytes,
    accounts: Sequence[BankAccount],
    today: date,
    *,
    account: BankAccount | None = None,
    mapped: Sequence[Profile] = (),
) -> StatementFile:
    """`accounts`: the company's. `account`: whose statement a CSV is that does not say so; needed where there are several.

    `mapped`: profiles that staff have made. Raises Unreadable with the record and the reason: then nothing of the file is used.
    """
    if len(content) > LARGEST_FILE:
        raise Unreadable(0, TOO_LARGE)
    if not content.strip():
        raise Unreadable(0, NOTHING)
    ours = [account_key(each) for each in accounts]
    if is_zengin(content):
        return zengin.read(content, ours, today)
    the_one = account or (accounts[0] if len(accounts) == 1 else None)
    return csv_file.read(content, the_one and account_key(the_one), ours, today, (*PROFILES, *mapped))


def content_of(stream: BinaryIO) -> bytes:
    """No more of it is read than a bank's file may have."""
    content = stream.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise Unreadable(0, TOO_LARGE)
    return content
