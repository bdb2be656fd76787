"""When the session of this request ends if it is the last one: what the page says beside a form, and what its script counts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app, request, session

from models import Session
from portal import clock
from portal.web.view_marks import mark_of_this_view, pages_with_forms

TOUCH_AFTER = timedelta(minutes=1)  # requests within it are not stored one by one

LASTS = {"idle_minutes": Session.IDLE // timedelta(minutes=1), "most_hours": Session.ABSOLUTE // timedelta(hours=1)}


@dataclass(frozen=True)
class SessionEnd:
    """`is_final`: at that moment whatever is done before, because the sign-in is that old."""

    at: datetime
    is_final: bool

    @property
    def seconds_left(self) -> int:
        return int((self.at - clock.real_now()).total_seconds())


def end_of(row: Session) -> SessionEnd:
    now = clock.real_now()
    at = row.end_if_seen(now if is_stored(row, now) else row.seen_at)
    return SessionEnd(at, at == row.end_if_seen(now) and at < now + Session.IDLE)


def is_stored(row: Session, now: datetime) -> bool:
    """True if this request moves the end of the session."""
    return now - row.seen_at > TOUCH_AFTER


def end_beside_form() -> SessionEnd | None:
    """For the page's own form, if something is typed into it: without a script nothing else warns of the end. None elsewhere."""
    if session.row is None or not (session.account or session.staff):
        return None
    has_form = mark_of_this_view("is_typed") or request.endpoint in pages_with_forms(current_app)
    return end_of(session.row) if has_form else None
