"""What happened while the clock was turned, from the history, day by day."""

import re
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from models import Event, Mail
from portal import clock
from portal.sandbox.books.turns import Turn
from portal.words import MailState

MOST = 200
_ORDER_IN_KEY = re.compile(r"-o(\d+)-a\d+$")  # {installation}-o{order}-a{attempt}


@dataclass(frozen=True)
class Line:
    """A row of the history; the mail that it is about, and the number of its order, where there is one."""

    event: Event
    mail: Mail | None
    order: str | None


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
    numbers = [_number(event) for event in events if event.entity.startswith("mail ")]
    mails = {str(mail.id): mail for mail in Mail.select().where(Mail.id.in_(numbers))} if numbers else {}
    return [Line(event, mails.get(_number(event)) if event.entity.startswith("mail ") else None, _order(event)) for event in events]


def _order(event: Event) -> str | None:
    kind, _, number = event.entity.partition(" ")
    if kind == "payment":
        found = _ORDER_IN_KEY.search(number)
        return found and found[1]
    return number if kind == "order" else None


def _number(event: Event) -> str:
    return event.entity.partition(" ")[2]
