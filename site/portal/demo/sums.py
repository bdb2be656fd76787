"""The yen that the portal says it got and gave back, beside what the pretend companies and the pretend bank have in their books."""

from dataclasses import dataclass

from peewee import fn

from models import Allocation, Deposit, Refund
from portal.enums import AllocationSource, RefundState
from portal.sandbox.books import Books

_GIVEN_BACK = "SELECT SUM(yen) FROM (SELECT yen FROM card_refund UNION ALL SELECT yen FROM debit_refund)"


@dataclass(frozen=True)
class Sum:
    """Yen. `portal`: by the portal's records. `company`: by the company's own."""

    label: str
    portal: int
    company: int

    @property
    def difference(self) -> int:
        return self.company - self.portal


def sums(books: Books) -> list[Sum]:
    """What came in by each method, and what went back through companies. Only those with any yen."""
    found = [
        Sum("クレジットカード", _received(AllocationSource.CARD), _taken(books, "charge")),
        Sum("おさいぽ!", _received(AllocationSource.WALLET), _taken(books, "wallet_debit")),
        Sum("銀行振込", _all(Deposit), _sum(books, "SELECT SUM(yen) FROM bank_line")),
        Sum("カード・おさいぽ!の返金", _refunded(), _sum(books, _GIVEN_BACK)),
    ]
    return [each for each in found if each.portal or each.company]


def _received(source: AllocationSource) -> int:
    return _all(Allocation, Allocation.source == source)


def _refunded() -> int:
    return _all(Refund, Refund.state == RefundState.SUCCEEDED, Refund.payment.is_null(False))


def _all(model: type[Allocation | Deposit | Refund], *conditions: object) -> int:
    found = model.select(fn.COALESCE(fn.SUM(model.yen), 0))
    return (found.where(*conditions) if conditions else found).scalar()


def _taken(books: Books, table: str) -> int:
    """Also what went back later."""
    return _sum(books, f"SELECT SUM(yen) FROM {table} WHERE state IN ('paid', 'refunded')")  # noqa: S608 (our own names)


def _sum(books: Books, query: str) -> int:
    return books.reader().execute(query).fetchone()[0] or 0
