"""Papers by the keys of 電子帳簿保存法 (取引年月日, 取引金額, 取引先; ranges), at the same speed however many there are. Yen."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import JOIN, Expression, ModelSelect, fn

from models import Account, Invoice, InvoiceAddressee, InvoiceVoid, Order
from portal.actions.staff.searching import Place, contained, few, small, with_digits
from portal.actions.transfers.order_rows import any_of
from portal.rules.accounts.name_key import name_key
from portal.rules.staff.lists import NEWEST

KEYS = (Invoice.traded_on, Invoice.id)  # in this order papers are listed, the newest first
ADDRESSEE = fn.COALESCE(InvoiceAddressee.addressee, Invoice.customer)


@dataclass(frozen=True)
class PaperQuery:
    """Days are 取引年月日, both inclusive. `partner`: 宛名, the account's name or login, or an order's number."""

    first: date | None = None
    last: date | None = None
    least: int | None = None
    most: int | None = None
    partner: str = ""
    page: int = 1


def papers_with_names(*, without_content: bool = False) -> ModelSelect:
    """With `login`, `order_number`, `voided_on` and `addressee`."""
    columns = [column for column in Invoice._meta.sorted_fields if not (without_content and column is Invoice.content)]
    more = (Account.login, Order.number.alias("order_number"), InvoiceVoid.voided_on, ADDRESSEE.alias("addressee"))
    return _joined(Invoice.select(*columns, *more)).objects()


def by_days_and_yen(sought: PaperQuery) -> list[Expression]:
    """Query conditions, for a list in the order of KEYS."""
    return [*by_days(sought), *by_yen(sought)]


def by_days(sought: PaperQuery) -> Iterator[Expression]:
    if sought.first:
        yield Invoice.traded_on >= sought.first
    if sought.last:
        yield Invoice.traded_on <= sought.last


def by_yen(sought: PaperQuery) -> Iterator[Expression]:
    """One price is read by its index. Of a range few papers are looked up by it; many are met soon enough on the way from the newest."""
    if sought.least == sought.most:
        yield from [Invoice.total_yen == sought.least] if sought.least is not None else []
        return
    any_paper = Invoice.alias()
    inside = any_paper.select(any_paper.id).where(*_range(any_paper.total_yen, sought))
    is_rare = inside.limit(NEWEST + 1).count() <= NEWEST
    yield from [Invoice.id.in_(inside)] if is_rare else _range(Invoice.total_yen + 0, sought)


def by_partner(sought: PaperQuery) -> list[ModelSelect] | None:
    """Queries of ids; None without a partner. Beginnings are found among all that fit the other keys, other parts in the newest of them."""
    if not sought.partner:
        return None
    conditions = by_days_and_yen(sought)
    rows = Invoice.select(Invoice.id).where(*conditions) if conditions else Invoice.select(Invoice.id)
    places = (
        Place(Account.login, small, rows.join(Account)),
        Place(Account.name_key, name_key, rows.join(Account)),
        Place(Order.number, with_digits, rows.join(Order)),
        Place(Invoice.customer, str, rows),
        Place(InvoiceAddressee.addressee, str, rows.join(InvoiceAddressee, on=InvoiceAddressee.invoice == Invoice.id)),
    )
    found = [query for place in places for query in place.begins(sought.partner)]
    last = rows.order_by(*(key.desc() for key in KEYS)).limit(NEWEST).alias("last")
    return [*found, few(_joined(Invoice.select(Invoice.id)).where(Invoice.id.in_(last.select_from(last.c.id)), is_named(sought.partner)))]


def is_named(partner: str) -> Expression:
    """A query condition: the text is a part of one of the paper's names or numbers."""
    texts = (Place(ADDRESSEE, str), Place(Invoice.customer, str), Place(Account.login, small), Place(Account.name_key, name_key))
    return any_of(contained((*texts, Place(Order.number, with_digits)), partner))


def _joined(query: ModelSelect) -> ModelSelect:
    """Every paper has an account and an order; a LEFT JOIN is not executed where nothing of it is asked for."""
    query = query.join(Account, JOIN.LEFT_OUTER).switch(Invoice).join(Order, JOIN.LEFT_OUTER)
    query = query.join_from(Invoice, InvoiceAddressee, JOIN.LEFT_OUTER, on=InvoiceAddressee.invoice == Invoice.id)
    return query.join_from(Invoice, InvoiceVoid, JOIN.LEFT_OUTER, on=InvoiceVoid.invoice == Invoice.id)


def _range(column: Any, sought: PaperQuery) -> Iterator[Expression]:
    if sought.least is not None:
        yield column >= sought.least
    if sought.most is not None:
        yield column <= sought.most
