"""Commands about files of the bank."""

import os
from pathlib import Path

from models import Staff
from portal.actions.transfers import bank_files
from portal.actions.transfers.bank_files import ImportPlan
from portal.actions.transfers.deposits import NotPossible
from portal.catalog import BankAccount, load_catalog
from portal.enums import StaffRole
from portal.formats import yen
from portal.rules.transfers.bank_files.reading import content_of
from portal.rules.transfers.bank_files.statement import Unreadable
from portal.runtime.settings import settings_from
from portal.store.opening import Refused, open_database


def import_bank_file(file: Path, dry_run: bool, account: str, staff: str) -> None:
    """Import the file whole, or say what an import would do. Refused with the record and the reason; then nothing was imported."""
    settings = settings_from(os.environ)
    accounts = load_catalog(settings.company_folder).bank_accounts
    open_database(settings)
    try:
        with file.open("rb") as stream:
            content = content_of(stream)
        kept = bank_files.keep(content, file.name, _staff(staff), accounts, _chosen(account, accounts))
        plan = bank_files.plan_of(kept, accounts)
        if not dry_run:
            plan = bank_files.import_file(kept, kept.staff, accounts, is_as_shown=lambda _: True)
    except OSError as error:
        raise Refused(f"{file} を読めません：{error.strerror}") from error
    except (Unreadable, NotPossible) as problem:
        raise Refused(f"{file}：{problem} 何も取り込まれていません。") from problem
    print(_in_words(plan, "取り込みます（まだ何も変わっていません）" if dry_run else "取り込みました"))


def _in_words(plan: ImportPlan, done: str) -> str:
    lines = [f"新しい行 {len(plan.new)}件、既知 {len(plan.known)}件、取消・組戻し {len(plan.corrections)}件を{done}。"]
    total = sum(line.yen for line in plan.deposits)
    lines.append(f"入金 {len(plan.deposits)}件 {yen(total)}、手入力済み {len(plan.typed)}件、対象外 {len(plan.others)}件。")
    if plan.doubtful:
        records = "、".join(str(known.line.record) for known in plan.doubtful[:20])
        lines.append(f"別の入金かもしれない行：{records}件目（前の行と見分けられません。別の入金なら、画面から取り込んでください）。")
    return "\n".join([*lines, *(f"ご注意：{warning}" for warning in plan.found.warnings)])


def _staff(login: str) -> Staff:
    """Whose name stands in the history: the one named, or the only one who may act."""
    acting = list(Staff.select().where(Staff.is_active, Staff.role == StaffRole.ACTING).order_by(Staff.login))
    found = [one for one in acting if one.login == login] if login else acting
    if len(found) != 1:
        raise Refused(f"--staff に、操作できる担当者のログインIDを指定してください：{'、'.join(one.login for one in acting) or 'いません'}")
    return found[0]


def _chosen(number: str, accounts: tuple[BankAccount, ...]) -> BankAccount | None:
    found = next((account for account in accounts if account.number == number), None)
    if number and found is None:
        raise Refused(f"口座 {number} はありません。次のどれかを指定してください：{'、'.join(account.number for account in accounts)}")
    return found
