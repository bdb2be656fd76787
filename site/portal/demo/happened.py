"""What happened while the clock was turned, from the history, day by day."""

import re
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from peewee import Field

from models import Account, Event, Mail, Order, Subscription
from portal import clock
from portal.enums import MailState
from portal.sandbox.books.turns import Turn

MOST = 200
_ORDER_IN_KEY = re.compile(r"-o(\d+)-a\d+$")  # {installation}-o{order}-a{attempt}


@dataclass(frozen=True)
class Line:
    """A row of the history: the mail that it is about, or the number of its order, and the login of whose it is, where there is one."""

    event: Event
    mail: Mail | None
    order: str
    login: str


@dataclass(frozen=True)
class Happened:
    """`is_cut`: there is more than is shown."""

    days: list[tuple[date, list[Line]]] = field(default_factory=list)
    is_cut: bool = False


def happened(turn: Turn | None) -> Happened:
    if turn is None:
        return Happened()
    rows = Event.select().where(Event.id > turn.after_event)
    if turn.until_event is not None:
        rows = rows.where(Event.id <= turn.until_event)
    was_sent = Event.entity.startswith("mail ") & (Event.to_state == MailState.SENT)  # written and sent is one thing to the reader
    events = list(rows.where(~was_sent).order_by(Event.id).limit(MOST + 1))
    lines = _lines(events[:MOST])
    return Happened([(day, list(each)) for day, each in groupby(lines, lambda line: clock.day_of(line.event.at))], len(events) > MOST)


def _lines(events: list[Event]) -> list[Line]:
    numbers = {kind: [_number(event) for event in events if _kind(event) == kind] for kind in ("mail", "subscription")}
    mails = {str(mail.id): mail for mail in Mail.select().where(Mail.id.in_(numbers["mail"]))} if numbers["mail"] else {}
    orders = [order for event in events if (order := _order(event))]
    owners = _owners(Order, Order.number, orders) | _owners(Subscription, Subscription.id, numbers["subscription"])
    return [_line(event, mails, owners) for event in events]


def _line(event: Event, mails: dict[str, Mail], owners: dict[tuple[str, str], str]) -> Line:
    kind, number, order = _kind(event), _number(event), _order(event)
    login = owners.get(("order", order)) if order else owners.get((kind, number))
    return Line(event, mails.get(number) if kind == "mail" else None, order, login or "")


def _owners(model: type[Order] | type[Subscription], column: Field, wanted: list[str]) -> dict[tuple[str, str], str]:
    """Kind and number of the entity -> the login of its account."""
    if not wanted:
        return {}
    rows = model.select(column, Account.login).join(Account).where(column.in_(wanted)).tuples()
    return {(model.__name__.lower(), str(number)): login for number, login in rows}


def _order(event: Event) -> str:
    """The number of the order that it is about, also through one of its payments."""
    if _kind(event) == "payment":
        found = _ORDER_IN_KEY.search(_number(event))
        return found[1] if found else ""
    return _number(event) if _kind(event) == "order" else ""


def _kind(event: Event) -> str:
    return event.entity.partition(" ")[0]


def _number(event: Event) -> str:
    return event.entity.partition(" ")[2]
