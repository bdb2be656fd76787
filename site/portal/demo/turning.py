"""Turning the portal's clock: forward day by day with the real scheduled jobs, back only over days on which nothing was recorded."""

from collections.abc import Callable
from contextvars import Context
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from flask import Flask
from peewee import fn

from models import Event, Schedule
from portal import clock
from portal.demo.recorded import is_anything_after
from portal.demo.turn_lock import TurnLock
from portal.formats import date_ja
from portal.jobs import worker
from portal.sandbox.books import Books, turns
from portal.sandbox.webhooks import Post, deliver
from portal.store import database as store

MOST_DAYS = 400
MOST_PASSES = 5


class CannotGoBack(Exception):
    """Something was recorded later; str() is a Japanese sentence for the presenter."""


def apart(task: Callable[..., None], *arguments: Any, **named: Any) -> None:
    """Outside the request that asks for it: the program's own requests to itself would share what Flask keeps for that one."""
    Context().run(task, *arguments, **named)


def lock_of(app: Flask) -> TurnLock:
    return TurnLock(app.extensions["settings"].data_folder)


def turn(app: Flask, day: date, *, seen: date | None = None) -> None:
    """Let it be `day`, and remember what happened. Raises turn_lock.Busy and CannotGoBack.

    `seen` is the date that the presenter saw when pressing: where the clock has moved since, nothing more happens.
    """
    books: Books = app.extensions["books"]
    with lock_of(app).turning():
        today = clock.today()
        if seen not in (None, today):
            return
        if day < today and is_anything_after(clock.now() - (today - day), books):
            raise CannotGoBack(f"{date_ja(day)}より後の日時で記録されたものがあるため、時計を戻せません。")
        turns.begin_turn(books, min(today, day), day, _newest_event())
        forward(app, day) if day > today else _back(books, day)
        turns.end_turn(books, _newest_event())


def finish_today(app: Flask) -> None:
    """What is left to do of the present day, so that what comes next is known. Raises turn_lock.Busy."""
    with lock_of(app).turning():
        work(app)


def forward(app: Flask, day: date) -> None:
    """The rest of this day and every day until `day`, with its jobs; nothing on that day itself. Only while nobody else turns the clock."""
    books, today = app.extensions["books"], clock.today()
    for ahead in range((day - today).days):
        if ahead == 0:
            work(app)
        set_day(books, today + timedelta(days=ahead + 1))
        work(app)


def _back(books: Books, day: date) -> None:
    """Each account is looked at anew: on the days between something may be due once more."""
    set_day(books, day)
    Schedule.update(due_on=day).where(Schedule.due_on > day).execute()


def set_day(books: Books, day: date) -> None:
    books.set_offset_days((day - clock.day_of(clock.real_now())).days)


def work(app: Flask) -> None:
    """The worker's jobs of this day, again until there is nothing left to do; the companies' post comes straight to this program."""
    settings, books = app.extensions["settings"], app.extensions["books"]
    post = lambda: deliver(books, settings.notice_secret, _into(app))  # noqa: E731
    companies = replace(app.extensions["companies"], sandbox_jobs=(post,))
    for _ in range(MOST_PASSES):
        if not worker.run_once(settings, companies):
            break
    store.ensure_connection()


def _into(app: Flask) -> Post:
    """Past the network: a request that waits for its own server's answer could wait for ever."""
    address = app.extensions["settings"].public_url
    return lambda path, headers, body: app.test_client().post(path, base_url=address, headers=dict(headers), data=body).status_code


def _newest_event() -> int:
    return Event.select(fn.COALESCE(fn.MAX(Event.id), 0)).scalar()
