"""What staff look for among orders."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_

from peewee import SQL, ModelSelect

from models import Account, Order, TransferReport
from portal.actions.transfers.order_rows import any_of, named, received
from portal.enums import OrderState
from portal.rules.transfers.order_numbers import half_width, order_numbers

NAMES = (Account.name_key, Order.former_name_key, TransferReport.payer_key)


@dataclass(frozen=True)
class SearchQuery:
    """The text of a search field, and the yen amount that it may be."""

    text: str = ""
    yen: int | None = None
    page: int = 1


def short_list(query: ModelSelect, search: SearchQuery) -> ModelSelect:
    """A query of few orders with their account and report: each row is looked at."""
    if not search.text:
        return query
    text = half_width(search.text)
    fits = [Order.number.contains(text), Order.number.in_(order_numbers(search.text)), Account.login.contains(text)]
    fits += [found for column in NAMES for found in named(column, search.text)]
    if search.yen is not None:
        fits += [Order.total_yen == search.yen, Order.total_yen - received() == search.yen]
    return query.where(any_of(fits))


def long_list(query: ModelSelect, search: SearchQuery) -> ModelSelect:
    """Of all orders. Each place is asked by itself: one condition over all of them would read every order with its account and report."""
    if not search.text:
        return query
    text = half_width(search.text)
    if Order.select(SQL("1")).where(Order.number == text).exists():  # a whole number means that order
        return query.where(Order.number == text)
    return query.where(Order.id.in_(reduce(or_, _found(text, search))))


def _found(text: str, search: SearchQuery) -> Iterator[ModelSelect]:
    """Queries of the ids of orders."""
    people = Account.select(Account.id).where(any_of([Account.login.contains(text), *named(Account.name_key, search.text)]))
    yield Order.select(Order.id).where(Order.account.in_(people))
    if any(character.isdigit() for character in text):
        yield Order.select(Order.id).where(any_of([Order.number.contains(text), Order.number.in_(order_numbers(search.text))]))
    for name in named(Order.former_name_key, search.text):
        yield Order.select(Order.id).where(Order.former_name_key != SQL("''"), name)
    for name in named(TransferReport.payer_key, search.text):
        yield TransferReport.select(TransferReport.order).where(name)
    if search.yen is not None:
        yield Order.select(Order.id).where(Order.total_yen == search.yen)
        yield Order.select(Order.id).where(Order.state == OrderState.PLACED, Order.total_yen - received() == search.yen)
