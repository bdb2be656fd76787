"""Lines of the bank's files that are a payment company's money: recognized when a file is imported, or when the company tells of it later.

What could be a customer's (a number, a name that is known, yen that an order waits for) is left for staff.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import timedelta

from peewee import JOIN

from models import Account, BankFile, BankLine, Deposit, Remittance
from portal import clock
from portal.actions import history
from portal.actions.refusals import NotPossible
from portal.actions.transfers import virtual_accounts
from portal.actions.transfers.line_decisions import leave_out
from portal.actions.transfers.waiting_money import awaited_yen, names_of, numbers_of
from portal.enums import LineKind, RemittanceState
from portal.rules.accounts.name_key import name_key
from portal.rules.transfers.bank_files.statement import StatementLine
from portal.rules.transfers.remittances import Arrived, Expected, lines_of
from portal.rules.transfers.sure_matches import Money
from portal.store.database import database, hold

BANK_IMPORT = "bank import"  # held by whoever decides which line a remittance is
LOOKS_BACK = timedelta(days=60)
REASON = "カード会社やおさいぽ!からの入金（{}）"


def remitted(lines: Sequence[StatementLine]) -> dict[int, Remittance]:
    """Record of a new line -> the remittance that it is."""
    expected = _expected()
    yen = {one.yen for one in expected.values()}
    mine = [line for line in lines if line.yen in yen and line.kind == LineKind.TRANSFER]
    arrived = [Arrived(line.record, line.yen, line.booked_on) for line in nobodys(mine)]
    return {line: expected[one] for one, line in lines_of(_plain(expected), arrived).items()}


def claim(file: BankFile, remitted: dict[int, Remittance]) -> None:
    """The lines are stored: each remittance has reached the bank. In the caller's transaction."""
    for record, remittance in remitted.items():
        line = BankLine.get(BankLine.file == file, BankLine.record == record)
        Remittance.update(bank_line=line).where(Remittance.id == remittance.id).execute()


def recognize() -> None:
    """Of lines imported before: a deposit that waits untouched is left out, and what staff have left out gets its name."""
    expected = _expected()
    if not expected:
        return
    since, yen = min(one.arrives_on for one in expected.values()) - timedelta(days=1), [one.yen for one in expected.values()]
    taken = Remittance.select(Remittance.bank_line).where(Remittance.bank_line.is_null(False))
    query = BankLine.select(BankLine, Deposit).join(Deposit, JOIN.LEFT_OUTER, attr="money")
    query = query.where(BankLine.booked_on >= since, BankLine.yen.in_(yen), BankLine.id.not_in(taken), BankLine.kind != LineKind.CORRECTION)
    lines = {line.id: line for line in query}
    free = [line for line in lines.values() if line.ignored_reason is not None]
    free += nobodys([line for line in lines.values() if line.ignored_reason is None and _came_by_file(line)])
    arrived = [Arrived(line.id, line.yen, line.booked_on) for line in free]
    for one, line in lines_of(_plain(expected), arrived).items():
        settle(expected[one], lines[line])


def nobodys(lines: Iterable) -> list:
    """Lines that mean no customer."""
    money = {
        line: Money(0, line.yen, line.booked_on, name_key(line.payer), numbers_of(line.payer, line.code), _owner(line.code))
        for line in lines
    }
    names, awaited = names_of(money.values()), awaited_yen(money.values())
    known = names.certain.keys() | names.possible.keys()
    return [line for line, one in money.items() if not (one.numbers or one.owner or one.payer_key in known or one.yen in awaited)]


def _owner(code: str) -> Account | None:
    return virtual_accounts.owner_of(code)


def settle(remittance: Remittance, line: BankLine) -> None:
    """This line is that remittance, unless staff have decided about the line, or an import has found another line for it, meanwhile."""
    with suppress(NotPossible), database.atomic():
        hold([BANK_IMPORT])
        free = (Remittance.id == remittance.id) & Remittance.bank_line.is_null()
        if Remittance.update(bank_line=line).where(free).execute() and line.ignored_reason is None:
            leave_out(line, history.WORKER, REASON.format(remittance.number))


def _came_by_file(line: BankLine) -> bool:
    """Not one that staff typed, or took back from what was left out: they have decided."""
    return line.deposit_id is not None and not line.was_typed and line.money.form_token.startswith("bank ")


def _expected() -> dict[int, Remittance]:
    """Those that may still come, by id."""
    recent = (Remittance.arrives_on >= clock.today() - LOOKS_BACK) & (Remittance.yen > 0)
    query = Remittance.select().where(recent, Remittance.bank_line.is_null(), Remittance.state != RemittanceState.FAILED)
    return {one.id: one for one in query}


def _plain(expected: dict[int, Remittance]) -> list[Expected]:
    return [Expected(one.id, one.yen, one.arrives_on) for one in expected.values()]
