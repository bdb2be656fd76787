"""Files of the bank: kept when they are read, shown, and imported whole or not at all.

Each new transfer of a file becomes a deposit, as if staff had typed it; what came before, in whatever file, is known and left out.
"""

import base64
import hashlib
import zlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from peewee import JOIN

from models import BankFile, BankLine, Deposit, Remittance, Staff, created_with_number
from portal import clock
from portal.actions import history
from portal.actions.refusals import NotPossible
from portal.actions.transfers.bank_lines import store_balances, store_lines
from portal.actions.transfers.csv_mappings import mapped_profiles
from portal.actions.transfers.remitted_lines import BANK_IMPORT, REASON, claim, remitted
from portal.catalog import BankAccount
from portal.enums import BankFileState, LineKind
from portal.rules.transfers.bank_files.known import KnownLine, StoredLine, TypedDeposit, known_lines, typed_before
from portal.rules.transfers.bank_files.reading import read_bank_file
from portal.rules.transfers.bank_files.statement import StatementFile, StatementLine, account_key
from portal.store.batches import delete
from portal.store.database import database, for_update, hold

KEPT_UNTIL_IMPORTED = timedelta(days=7)  # a file that nobody imports
LONGEST_NAME = 255
UNKNOWN_FORMAT = "列が未設定の CSV"


@dataclass(frozen=True)
class ImportPlan:
    """What an import does. `typed`: record of a new line -> the deposit that staff had typed for it. `known`: lines that are left out.

    `remitted`: record of a new line -> the payment company's remittance that it is.
    """

    found: StatementFile
    new: tuple[StatementLine, ...]
    typed: dict[int, int]
    known: tuple[KnownLine, ...]
    remitted: dict[int, Remittance]

    @property
    def deposits(self) -> list[StatementLine]:
        """The lines that become deposits."""
        is_other = self.typed.keys() | self.remitted.keys()
        return [line for line in self.new if line.kind == LineKind.TRANSFER and line.record not in is_other]

    @property
    def corrections(self) -> list[StatementLine]:
        return [line for line in self.new if line.kind == LineKind.CORRECTION]

    @property
    def others(self) -> list[StatementLine]:
        return [line for line in self.new if line.kind == LineKind.OTHER]

    @property
    def of_companies(self) -> list[StatementLine]:
        """Money of payment companies."""
        return [line for line in self.new if line.record in self.remitted]

    @property
    def doubtful(self) -> list[KnownLine]:
        """Known only because they look the same."""
        return [known for known in self.known if not known.is_certain]

    @property
    def fingerprint(self) -> str:
        """Equal for plans that do the same."""
        does = (
            [line.record for line in self.new],
            sorted(self.typed.items()),
            [(known.line.record, known.stored_id) for known in self.known],
            sorted((record, one.number) for record, one in self.remitted.items()),
        )
        return hashlib.sha256(repr(does).encode()).hexdigest()


def keep(content: bytes, name: str, staff: Staff, accounts: Sequence[BankAccount], account: BankAccount | None = None) -> BankFile:
    """Read the file and keep it, to be shown and imported. The same file again is the same row. Raises Unreadable: nothing is kept."""
    found = read_bank_file(content, accounts, clock.today(), account=account, mapped=mapped_profiles())
    return _kept(content, name, staff, account, found.format)


def keep_unknown(content: bytes, name: str, staff: Staff, account: BankAccount | None = None) -> BankFile:
    """A CSV with a header that nobody knows yet: kept until staff have said what its columns are."""
    return _kept(content, name, staff, account, UNKNOWN_FORMAT)


def _kept(content: bytes, name: str, staff: Staff, account: BankAccount | None, format: str) -> BankFile:
    about = {"sha256": hashlib.sha256(content).hexdigest(), "account": account_key(account) if account else ""}
    with database.atomic():
        hold([f"bank file {about['sha256']}"])
        known = BankFile.get_or_none(BankFile.sha256 == about["sha256"], BankFile.account == about["account"])
        if known and not known.is_imported:
            is_read = (BankFile.id == known.id) & (BankFile.state == BankFileState.READ)
            BankFile.update(format=format, read_at=clock.now()).where(is_read).execute()
        packed = base64.b64encode(zlib.compress(content)).decode("ascii")
        about |= {"name": name[:LONGEST_NAME], "format": format, "content": packed, "staff": staff, "read_at": clock.now()}
        return known or created_with_number(BankFile, **about)


def gone_at(file: BankFile) -> datetime:
    """When a file that nobody imports is forgotten."""
    return file.read_at + KEPT_UNTIL_IMPORTED


def forget_unimported() -> int:
    """Files that staff looked at and never imported name people who may be nobody's customers. Returns how many are gone."""
    return delete(BankFile, (BankFile.state == BankFileState.READ) & (BankFile.read_at < clock.now() - KEPT_UNTIL_IMPORTED))


def name_format(file: BankFile, format: str) -> None:
    """Staff have said what its columns are."""
    BankFile.update(format=format).where(BankFile.id == file.id, BankFile.state == BankFileState.READ).execute()


def content_of(file: BankFile) -> bytes:
    return zlib.decompress(base64.b64decode(file.content))


def plan_of(file: BankFile, accounts: Sequence[BankAccount], forced: Collection[int] = ()) -> ImportPlan:
    """What an import would do now. `forced`: records that look like a known line, and are another transfer all the same.

    Raises Unreadable, if the file was kept under other settings.
    """
    chosen = next((account for account in accounts if account_key(account) == file.account), None)
    read_on = clock.day_of(file.read_at)
    found = read_bank_file(content_of(file), accounts, read_on, account=chosen, mapped=mapped_profiles())
    known = [one for one in known_lines(found.lines, found.format, _stored(found)) if one.is_certain or one.line.record not in forced]
    records = {one.line.record for one in known}
    new = tuple(line for line in found.lines if line.record not in records)
    typed = typed_before(new, _typed(new))
    return ImportPlan(found, new, typed, tuple(known), remitted([line for line in new if line.record not in typed]))


def import_file(
    file: BankFile,
    staff: Staff,
    accounts: Sequence[BankAccount],
    forced: Collection[int] = (),
    *,
    is_as_shown: Callable[[ImportPlan], bool],
) -> ImportPlan:
    """Import it whole: a deposit for each new transfer, a line for each new line. Raises NotAsShown if it would do something else by now.

    Raises NotPossible if it was imported before.
    """
    with database.atomic():
        file = for_update(BankFile.select().where(BankFile.id == file.id)).get()
        hold([BANK_IMPORT])
        if not file.begin_import(clock.now(), staff):
            raise NotPossible("このファイルは取込済みです。")
        plan = plan_of(file, accounts)
        if not is_as_shown(plan):
            raise NotAsShown(plan)
        plan = plan_of(file, accounts, forced) if forced else plan
        store_lines(file, plan.new, plan.typed, staff, {record: REASON.format(one.number) for record, one in plan.remitted.items()})
        claim(file, plan.remitted)
        store_balances(file, plan.found.days)
        reason = f"{file.name}（{file.format}）：新しい行 {len(plan.new)}件、既知 {len(plan.known)}件"
        history.record("bank", file.number, BankFileState.READ, BankFileState.IMPORTED, history.by_staff(staff), reason, account=None)
        return plan


class NotAsShown(Exception):
    """Something came since the file was shown: the import would do something else. Nothing was done; `plan` is the new one."""

    def __init__(self, plan: ImportPlan) -> None:
        super().__init__()
        self.plan = plan


def _stored(found: StatementFile) -> list[StoredLine]:
    """Lines of earlier files on the same accounts and days."""
    if not found.lines:
        return []
    days, accounts = [line.booked_on for line in found.lines], {line.account for line in found.lines}
    columns = (BankLine.id, BankLine.identity, BankLine.reference, BankFile.format)
    query = BankLine.select(*columns).join(BankFile).where(BankLine.account.in_(sorted(accounts)))
    query = query.where(BankLine.booked_on.between(min(days), max(days))).order_by(BankLine.id)
    return [StoredLine(row_id, identity, format, reference) for row_id, identity, reference, format in query.tuples()]


def _typed(lines: Sequence[StatementLine]) -> list[TypedDeposit]:
    """Deposits of those days that no file brought."""
    if not lines:
        return []
    days = [day for line in lines for day in (line.booked_on, line.valued_on)]
    span = (min(days), max(days))
    columns = (Deposit.id, Deposit.yen, Deposit.booked_on, Deposit.valued_on, Deposit.payer)
    query = Deposit.select(*columns).join(BankLine, JOIN.LEFT_OUTER).where(BankLine.id.is_null())
    query = query.where(Deposit.booked_on.between(*span) | Deposit.valued_on.between(*span))
    return [TypedDeposit(*row) for row in query.tuples()]
