"""The places in which staff's lists look for a text."""

from collections.abc import Iterator
from typing import Any

from peewee import JOIN, SQL, ModelSelect, fn

from models import Account, Certificate, Deposit, Domain, Event, Mail, Order, Subscription, TransferReport
from portal.actions.staff.searching import Place, SearchQuery, contained, few, found, small, with_digits
from portal.actions.transfers.order_rows import any_of, missing_yen, received
from portal.rules.accounts.name_key import name_key
from portal.rules.transfers.order_numbers import half_width, order_numbers


def _ids(table: Any) -> ModelSelect:
    return table.select(table.id)


def _of_orders(table: Any) -> ModelSelect:
    """Mails or events of an order: of its account, and with its number."""
    return _ids(table).join(Order, on=(table.account == Order.account)).where(table.entity.contains(Order.number))


PLACES_OF_ORDERS = (
    Place(Order.number, with_digits, _ids(Order)),
    Place(Account.login, small, _ids(Order).join(Account)),
    Place(Account.name_key, name_key, _ids(Order).join(Account)),
    Place(Order.former_name_key, name_key, _ids(Order).where(Order.former_name_key != SQL("''"))),
)
ORDERS = (*PLACES_OF_ORDERS, Place(TransferReport.payer_key, name_key, _ids(Order).join(TransferReport)))
ACCOUNTS = (
    Place(Account.login, small, _ids(Account)),
    Place(fn.LOWER(Account.email), small, _ids(Account)),
    Place(Account.name_key, name_key, _ids(Account)),
)
DEPOSITS = (Place(Deposit.number, with_digits), Place(Deposit.payer_key, name_key, _ids(Deposit)))
MAILS = (
    Place(fn.LOWER(Mail.recipient), small, _ids(Mail)),
    Place(Order.number, with_digits, _of_orders(Mail)),
)
IN_MAILS = tuple(Place(column, half_width) for column in (Mail.entity, Mail.recipient, Mail.subject))
EVENTS = (
    Place(Account.login, small, _ids(Event).join(Account)),
    Place(Order.number, with_digits, _of_orders(Event)),
)
IN_EVENTS = tuple(Place(column, str) for column in (Event.entity, Event.actor, Event.reason))

DOMAINS = (
    Place(Domain.name, small, _ids(Domain)),
    Place(Account.login, small, _ids(Domain).join(Account)),
    Place(Account.name_key, name_key, _ids(Domain).join(Account)),
)
SHOWN_DOMAINS = (Place(Domain.shown, small),)
IS_CERTIFICATE = Subscription.kind == SQL("'certificate'")  # the literal is that of a partial index
CERTIFICATES = (
    Place(Certificate.common_name, small, _ids(Subscription).join(Certificate)),
    Place(Account.login, small, _ids(Subscription).join(Account).where(IS_CERTIFICATE)),
    Place(Account.name_key, name_key, _ids(Subscription).join(Account).where(IS_CERTIFICATE)),
)
SHOWN_CERTIFICATES = (Place(Certificate.shown, small),)


def orders(search: SearchQuery) -> list[ModelSelect] | None:
    """Queries of the ids of orders; None without a text. A whole number means that order."""
    if not search.text:
        return None
    whole = _ids(Order).where(Order.number == half_width(search.text))
    return [whole] if whole.exists() else list(_orders(search))


def _orders(search: SearchQuery) -> Iterator[ModelSelect]:
    rows = _ids(Order).join(Account).switch(Order).join(TransferReport, JOIN.LEFT_OUTER)
    yield from found(rows, ORDERS, ORDERS, search.text)
    if numbers := order_numbers(search.text):
        yield _ids(Order).where(Order.number.in_(numbers))
    if search.yen is not None:
        confirmed = Order.state != SQL("'draft'")
        yield few(_ids(Order).where(confirmed, Order.total_yen == search.yen).order_by(Order.placed_at.desc()))
        misses = (Order.total_yen > search.yen) & (Order.total_yen - received() == search.yen)
        for of_index in (Order.method == SQL("'bank'"), Order.method != SQL("'bank'")):  # one that holds what waits, each
            yield few(_ids(Order).where(Order.state == SQL("'placed'"), of_index, misses))


def accounts(search: SearchQuery) -> list[ModelSelect] | None:
    return list(found(_ids(Account), ACCOUNTS, ACCOUNTS, search.text)) if search.text else None


def deposits(search: SearchQuery) -> list[ModelSelect] | None:
    if not search.text:
        return None
    whole = _ids(Deposit).where(Deposit.number == half_width(search.text))
    same_yen = _ids(Deposit).where(Deposit.yen == search.yen).order_by(Deposit.booked_on.desc())
    return [whole, *found(_ids(Deposit), DEPOSITS, DEPOSITS, search.text), *([few(same_yen)] if search.yen is not None else [])]


def mails(search: SearchQuery) -> list[ModelSelect] | None:
    if not search.text:
        return None
    texts = dict.fromkeys((search.text, *order_numbers(search.text)))
    return [query for text in texts for query in found(_ids(Mail), MAILS, IN_MAILS, text)]


def events(search: SearchQuery) -> list[ModelSelect] | None:
    """Of whom a row is about the whole name is found among all: 「deposit 12345678」 by its number."""
    if not search.text:
        return None
    whole = _ids(Event).where(Event.entity.in_([search.text, f"deposit {half_width(search.text)}"]))
    return [few(whole), *found(_ids(Event), EVENTS, IN_EVENTS, search.text)]


def domains(search: SearchQuery) -> list[ModelSelect] | None:
    return list(found(_ids(Domain).join(Account), DOMAINS, DOMAINS + SHOWN_DOMAINS, search.text)) if search.text else None


def certificates(search: SearchQuery) -> list[ModelSelect] | None:
    rows = _ids(Subscription).join(Account).switch(Subscription).join(Certificate, JOIN.LEFT_OUTER).where(IS_CERTIFICATE)
    return list(found(rows, CERTIFICATES, CERTIFICATES + SHOWN_CERTIFICATES, search.text)) if search.text else None


def awaited(query: ModelSelect, search: SearchQuery) -> ModelSelect:
    """The same of few orders, of which each is looked at with its account and report. Joined, PostgreSQL would read all reports instead."""
    if not search.text:
        return query
    numbers = order_numbers(search.text)
    payer = TransferReport.select(TransferReport.payer_key).where(TransferReport.order == Order.id)
    reported = Place(fn.COALESCE(payer, SQL("''")), name_key, _ids(TransferReport))
    fits = contained((*PLACES_OF_ORDERS, reported), search.text) + ([Order.number.in_(numbers)] if numbers else [])
    if search.yen is not None:
        fits += [Order.total_yen == search.yen, missing_yen() == search.yen]
    return query.join(Account).where(any_of(fits) if fits else False)


def rests(query: ModelSelect, search: SearchQuery) -> ModelSelect:
    """The same of the few deposits of which something is left."""
    if not search.text:
        return query
    same_yen = [Deposit.yen == search.yen] if search.yen is not None else []
    return query.where(any_of([Deposit.number == half_width(search.text), *contained(DEPOSITS, search.text), *same_yen]))
