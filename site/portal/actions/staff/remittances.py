"""Staff's list of what payment companies have sent to our bank account. Yen."""

from dataclasses import dataclass
from datetime import date

from peewee import JOIN

from models import BankFile, BankLine, Remittance
from portal.actions.staff.lists import Listed, page_of
from portal.actions.staff.searching import SearchQuery
from portal.actions.transfers.remittances import last_day_of_files, trouble_of


@dataclass(frozen=True)
class RemittanceRow:
    """`line`: of the bank, with its file; None until it is found. `trouble`: what staff have to look at; empty if nothing."""

    remittance: Remittance
    line: BankLine | None
    trouble: str


def remittances(search: SearchQuery) -> Listed[RemittanceRow]:
    """The newest first."""
    query = Remittance.select(Remittance, BankLine, BankFile).join(BankLine, JOIN.LEFT_OUTER, attr="arrived")
    query = query.join(BankFile, JOIN.LEFT_OUTER).order_by(Remittance.arrives_on.desc(), Remittance.id.desc())
    until = last_day_of_files()
    return page_of(query, search, lambda row: _row(row, until))


def _row(remittance: Remittance, until: date | None) -> RemittanceRow:
    trouble = trouble_of(remittance, until)
    line = remittance.arrived if remittance.bank_line_id else None
    return RemittanceRow(remittance, line, trouble.proposal if trouble else "")
