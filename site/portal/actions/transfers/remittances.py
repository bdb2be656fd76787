"""What payment companies say that they send to our bank account: kept, found among the bank's lines, and told of if it does not agree."""

import logging
from collections.abc import Iterator
from datetime import date, timedelta

from peewee import fn

from models import BankLine, Remittance
from portal import clock
from portal.actions import history
from portal.actions.payments.company_calls import MoneyCompany
from portal.actions.payments.comparing import Difference
from portal.actions.transfers import remitted_lines
from portal.enums import Method, RemittanceState
from portal.gateways import card
from portal.gateways.card import CompanyUnreachable
from portal.gateways.companies import CompaniesByMethod
from portal.rules.payments.methods import WITH_COMPANY
from portal.rules.transfers.remittances import problem

log = logging.getLogger(__name__)
LOOKS_BACK, LOOKS_AHEAD = timedelta(days=35), timedelta(days=10)
PARTS = {"charged_yen": "charged", "refunded_yen": "refunded", "disputed_yen": "disputed", "fee_yen": "fees", "other_yen": "others"}


def look(companies: CompaniesByMethod) -> Iterator[Difference]:
    """Ask each company, find its lines at the bank, and put what does not agree before staff, once."""
    for method in WITH_COMPANY:
        if company := companies.get(method):
            try:
                keep(method, company, clock.today() - LOOKS_BACK, clock.today() + LOOKS_AHEAD)
            except CompanyUnreachable:
                log.warning("%s: the company gave no list of its remittances", method)
    remitted_lines.recognize()
    recent, until = Remittance.select().where(Remittance.arrives_on >= clock.today() - LOOKS_BACK), last_day_of_files()
    yield from (found for row in recent.order_by(Remittance.id) if (found := trouble_of(row, until)) and _tell(row, found))


def keep(method: Method, company: MoneyCompany, first: date, last: date) -> None:
    """Rows of what the company tells. Raises CompanyUnreachable."""
    for told in list(company.remittances(first, last)):
        about = row_of(method, told) | {"seen_at": clock.now()}
        known = Remittance.get_or_none(Remittance.company == company.name, Remittance.number == told.number)
        if known:
            Remittance.update(about).where(Remittance.id == known.id).execute()
        else:
            Remittance.insert(company=company.name, **about).on_conflict_ignore().as_rowcount().execute()


def row_of(method: Method, told: card.Remittance) -> dict[str, object]:
    parts = {column: getattr(told.parts, name) if told.parts else None for column, name in PARTS.items()}
    return {"method": method, "number": told.number, "yen": told.yen, "arrives_on": told.arrives_on, "state": told.state} | parts


def trouble_of(row: Remittance, known_until: date | None) -> Difference | None:
    is_in_bank = row.bank_line_id is not None
    why = problem(RemittanceState(row.state), row.yen, row.parts_yen, row.arrives_on, is_in_bank=is_in_bank, known_until=known_until)
    return Difference(row.number, None, row.yen, row.yen if is_in_bank else 0, why) if why else None


def beside_bank(method: Method, told: card.Remittance) -> tuple[bool, Difference | None]:
    """Whether its line at the bank is known, and what does not agree. Changes nothing."""
    known = Remittance.get_or_none(Remittance.method == method, Remittance.number == told.number)
    row = Remittance(**row_of(method, told), bank_line=known and known.bank_line_id)
    return row.bank_line_id is not None, trouble_of(row, last_day_of_files())


def last_day_of_files() -> date | None:
    return BankLine.select(fn.MAX(BankLine.booked_on)).scalar()


def _tell(row: Remittance, found: Difference) -> bool:
    """False if it was told before."""
    reason = f"要確認: {Method(row.method).label}の会社からの入金（{row.arrives_on}の予定）{row.yen:,}円。{found.proposal}"
    return history.record_once("remittance", row.number, "difference", reason, account=None)
