"""What happened while the clock was turned, from the history, grouped by day."""

from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from peewee import JOIN

from models import Account, Event, Mail, Order, Payment
from portal import clock
from portal.enums import MailState
from portal.sandbox.books.turns import Turn

MOST = 200
OF_AN_ACCOUNT = ("order", "payment", "subscription")  # history entities whose text does not name the account


@dataclass(frozen=True)
class Line:
    """A history row with its mail, or the order number and the login, if there is one."""

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
    rows = Event.select(Event, Account).join(Account, JOIN.LEFT_OUTER).where(Event.id > turn.after_event)
    if turn.until_event is not None:
        rows = rows.where(Event.id <= turn.until_event)
    was_sent = Event.entity.startswith("mail ") & (Event.to_state == MailState.SENT)  # one line per mail: written, not also sent
    events = list(rows.where(~was_sent).order_by(Event.id).limit(MOST + 1))
    lines = _lines(events[:MOST])
    return Happened([(day, list(each)) for day, each in groupby(lines, lambda line: clock.day_of(line.event.at))], len(events) > MOST)


def _lines(events: list[Event]) -> list[Line]:
    numbers = {what: [number(event) for event in events if kind(event) == what] for what in ("mail", "payment")}
    mails = {str(mail.id): mail for mail in Mail.select().where(Mail.id.in_(numbers["mail"]))} if numbers["mail"] else {}
    orders = orders_of(numbers["payment"])
    return [_line(event, mails, orders) for event in events]


def _line(event: Event, mails: dict[str, Mail], orders: dict[str, str]) -> Line:
    what, key = kind(event), number(event)
    order = key if what == "order" else orders.get(key, "") if what == "payment" else ""
    login = event.account.login if event.account_id and what in OF_AN_ACCOUNT else ""
    return Line(event, mails.get(key) if what == "mail" else None, order, login)


def orders_of(keys: list[str]) -> dict[str, str]:
    """Payment key -> order number."""
    rows = Payment.select(Payment.key, Order.number).join(Order).where(Payment.key.in_(keys)) if keys else ()
    return {payment.key: payment.order.number for payment in rows}


def kind(event: Event) -> str:
    return event.entity.partition(" ")[0]


def number(event: Event) -> str:
    return event.entity.partition(" ")[2]
