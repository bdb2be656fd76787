"""Queries for staff's pages about money that goes back by a file. Accounts are masked; only the file has them whole."""

from dataclasses import dataclass

from peewee import JOIN, ModelSelect

from models import Account, Deposit, Order, Payout, PayoutFile, Staff
from portal.actions.staff.counts import is_waiting_payout
from portal.actions.staff.paging import Listed, page_of
from portal.actions.staff.searching import SearchQuery
from portal.rules.transfers.payout_files import masked


@dataclass(frozen=True)
class PayoutRow:
    payout: Payout
    payee: str


def planned() -> list[PayoutRow]:
    """What waits for a file, the earliest first."""
    return [_row(payout) for payout in _payouts().where(Payout.is_live(), Payout.file.is_null())]


def waiting() -> list[Payout]:
    """What staff have to do something about, the earliest first, each with its file if it has one."""
    query = _payouts().select_extend(PayoutFile).switch(Payout).join(PayoutFile, JOIN.LEFT_OUTER)
    return list(query.where(is_waiting_payout()))


def files(page: int) -> Listed[PayoutFile]:
    """With who made them, the newest first."""
    return page_of(
        PayoutFile.select(PayoutFile, Staff).join(Staff).order_by(PayoutFile.id.desc()), SearchQuery(page=page), lambda file: file
    )


def file_by_number(number: str) -> PayoutFile | None:
    return PayoutFile.select(PayoutFile, Staff).join(Staff).where(PayoutFile.number == number).first()


def in_file(file: PayoutFile) -> list[PayoutRow]:
    return [_row(payout) for payout in _payouts().where(Payout.file == file)]


def by_number(number: str) -> Payout | None:
    return _payouts().where(Payout.number == number).first()


def _payouts() -> ModelSelect:
    query = Payout.select(Payout, Account, Deposit, Order).join(Account).switch(Payout).join(Deposit, JOIN.LEFT_OUTER)
    return query.switch(Payout).join(Order, JOIN.LEFT_OUTER).order_by(Payout.id)


def _row(payout: Payout) -> PayoutRow:
    account = (payout.bank_code, payout.branch_code, payout.kind, payout.account_number, payout.account_name)
    return PayoutRow(payout, masked(*account))
