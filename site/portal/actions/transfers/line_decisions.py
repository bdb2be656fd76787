"""What staff decide about a line of the bank's file: it is no customer's money, it is after all, or what the bank took back with it."""

from models import Allocation, BankLine, Deposit, Refund, ReleasedPart, Remittance, Staff
from portal.actions import history
from portal.actions.payments.money import add_unallocated, forget_deposit
from portal.actions.refusals import NotPossible
from portal.actions.transfers.deposits import create
from portal.actions.transfers.returns import Sent, rest_of, return_rest
from portal.actions.transfers.undo import undo_allocation
from portal.catalog import Catalog
from portal.enums import AllocationSource, LineState
from portal.store.database import database

USED = "この入金は、充当・返金されているか、お客様のお預かりになっているため、対象外にできません。"
DECIDED = "この行は、すでに処理されています。"


def ignore(line: BankLine, staff: Staff, reason: str) -> None:
    """Staff say that the line is no customer's money. Raises NotPossible once anything was done with the money."""
    leave_out(line, history.by_staff(staff), reason)


def leave_out(line: BankLine, actor: str, reason: str) -> None:
    """The line is no customer's money: its deposit goes, with its history. Raises NotPossible once anything was done with the money."""
    with database.atomic():
        line = BankLine.locked(line.id)
        if line.ignored_reason is not None or (line.is_correction and line.deposit_id):
            raise NotPossible(DECIDED)
        deposit = None if line.is_correction else Deposit.locked(line.deposit_id)
        if deposit and is_used(deposit):
            raise NotPossible(USED)
        BankLine.update(deposit=None, ignored_reason=reason, was_typed=False).where(BankLine.id == line.id).execute()
        if deposit:
            forget_deposit(deposit)
            _tell(f"deposit {deposit.number}", LineState.WAITING, LineState.IGNORED, actor, f"{deposit.yen}円 {deposit.payer}：{reason}")


def restore(line: BankLine, staff: Staff, reason: str) -> Deposit | None:
    """The line counts after all: its money is a deposit again. None for a correction, which waits again."""
    with database.atomic():
        line = BankLine.locked(line.id)
        if line.ignored_reason is None:
            raise NotPossible(DECIDED)
        Remittance.update(bank_line=None).where(Remittance.bank_line == line).execute()
        if line.is_correction:
            BankLine.update(ignored_reason=None).where(BankLine.id == line.id).execute()
            return None
        deposit = create(line.booked_on, line.valued_on, line.yen, line.payer, staff, f"line {line.id}")
        add_unallocated(deposit, deposit.yen)
        BankLine.update(deposit=deposit, ignored_reason=None).where(BankLine.id == line.id).execute()
        _tell(
            f"deposit {deposit.number}", LineState.IGNORED, "entered", history.by_staff(staff), f"{deposit.yen}円 {deposit.payer}：{reason}"
        )
        return deposit


def take_back(line: BankLine, deposit: Deposit, staff: Staff, reason: str, installation_id: str, *, catalog: Catalog) -> Refund:
    """The bank took this deposit back (組戻し, 取消): its allocations are undone, and all of it has gone back on the day of the line.

    The customers are mailed as by an undo and a return. Raises NotPossible as those do, and if yen do not agree.
    """
    with database.atomic():
        line = BankLine.locked(line.id)
        if not line.is_open_correction:
            raise NotPossible(DECIDED)
        if deposit.yen != line.yen or deposit.booked_on > line.booked_on:
            raise NotPossible("金額が違うか、取消よりあとの入金です。")
        in_use = (Allocation.deposit == deposit) & Allocation.order.is_null(False) & (Allocation.source == AllocationSource.BANK)
        if len({allocation.order.account_id for allocation in Allocation.select().where(in_use)}) > 1:
            raise NotPossible("何人ものお客様の申し込みに充当されています。先に、それぞれの充当を取り消してください。")
        for allocation in list(Allocation.select().where(in_use).order_by(Allocation.id)):
            undo_allocation(allocation, staff, reason, catalog=catalog)
        found = rest_of(Deposit.get_by_id(deposit.id))
        if found.rest_yen != deposit.yen:
            raise NotPossible("この入金の一部は、すでに返金されています。")
        refund = return_rest(found, Sent(deposit.yen, line.booked_on, reason), staff, installation_id)
        BankLine.update(deposit=deposit).where(BankLine.id == line.id).execute()
        return refund


def is_used(deposit: Deposit) -> bool:
    """True once money of it was allocated, returned, or is known to be a customer's."""
    touched = Allocation.select().where(Allocation.deposit == deposit, Allocation.order.is_null(False) | Allocation.account.is_null(False))
    released = ReleasedPart.select().where(ReleasedPart.deposit == deposit)
    return touched.exists() or released.exists() or Refund.select().where(Refund.deposit == deposit).exists()


def _tell(entity: str, before: str, after: str, actor: str, reason: str) -> None:
    kind, _, number = entity.partition(" ")
    history.record(kind, number, before, after, actor, reason, account=None)
