"""Turns the demo's clock: forward day by day with the real scheduled jobs; back only if nothing was recorded since."""

from collections.abc import Callable
from contextvars import Context
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from flask import Flask
from peewee import fn

from models import Event, Schedule
from portal import clock
from portal.demo.coming import coming, next_event_day
from portal.demo.hosting_side import answer_what_is_asked
from portal.demo.recorded import is_anything_after
from portal.demo.telling import told
from portal.demo.turn_lock import TurnLock
from portal.formats import date_ja
from portal.jobs import worker
from portal.jobs.table import JOBS
from portal.sandbox.books import Books, turns
from portal.sandbox.webhooks import Post, deliver
from portal.store import database as store

MOST_DAYS = 400
MOST_PASSES = 5
OF_THE_DAY = tuple(job for job in JOBS if not job.watches)


class CannotGoBack(Exception):
    """Something was recorded later. str() is a Japanese sentence for the presenter."""


class NothingPlanned(Exception):
    """No day is left to turn to. str() is a Japanese sentence for the presenter."""


def in_own_context(task: Callable[..., None], *arguments: Any, **named: Any) -> None:
    """Run outside the current request, because the jobs make requests to the same app and would share its context."""
    Context().run(task, *arguments, **named)


def lock_of(app: Flask) -> TurnLock:
    return TurnLock(app.extensions["settings"].data_folder)


def turn(app: Flask, day: date, *, seen: date | None = None) -> None:
    """Set the clock to `day` and store which events happened. Raises turn_lock.Busy and CannotGoBack.

    `seen`: the date that the presenter saw. If the clock has moved since, nothing happens.
    """
    books: Books = app.extensions["books"]
    with lock_of(app).turning():
        today = clock.today()
        if seen not in (None, today):
            return
        if day < today and is_anything_after(clock.now() - (today - day), books):
            raise CannotGoBack(f"{date_ja(day)}より後の日時で記録されたものがあるため、時計を戻せません。")
        turns.begin_turn(books, min(today, day), day, newest_event())
        forward(app, day) if day > today else _back(books, day)
        turns.end_turn(books, newest_event())


def turn_to_next(app: Flask, *, seen: date | None = None) -> None:
    """Set the clock to the next planned day on which something is there to see. Raises turn_lock.Busy, and NothingPlanned."""
    books, catalog = app.extensions["books"], app.extensions["catalog"]
    with lock_of(app).turning():
        work(app)
        today, before = clock.today(), newest_event()
        if seen not in (None, today):
            return
        if next_event_day(today, catalog.closed_days) is None:
            raise NothingPlanned("予定されている出来事はありません。何も変更していません。")
        turns.begin_turn(books, today, today, before)
        while day := next_event_day(clock.today(), catalog.closed_days):
            is_told = any(each.order for each in coming(clock.today(), catalog.closed_days) if each.day == day)
            forward(app, day)
            turns.begin_turn(books, today, day, before)
            if is_told or (day - today).days >= MOST_DAYS or told(before, None, catalog):
                break
        turns.end_turn(books, newest_event())


def forward(app: Flask, day: date) -> None:
    """Run the jobs of today and of each day up to and including `day`. Call it only inside TurnLock.turning."""
    books, today = app.extensions["books"], clock.today()
    for ahead in range((day - today).days):
        if ahead == 0:
            work(app)
        set_day(books, today + timedelta(days=ahead + 1))
        work(app)


def hurry(app: Flask, day: date) -> None:
    """The same, without the days on which nothing is planned."""
    books, closed = app.extensions["books"], app.extensions["catalog"].closed_days
    work(app)
    while (planned := next_event_day(clock.today(), closed)) and planned < day:
        set_day(books, planned)
        work(app)
    if clock.today() < day:
        set_day(books, day)
        work(app)


def _back(books: Books, day: date) -> None:
    """Make each account due again: something may be due a second time on the days between."""
    set_day(books, day)
    Schedule.update(due_on=day).where(Schedule.due_on > day).execute()


def newest_event() -> int:
    """The id of the newest row of the history."""
    return Event.select(fn.COALESCE(fn.MAX(Event.id), 0)).scalar()


def set_day(books: Books, day: date) -> None:
    books.set_offset_days((day - clock.day_of(clock.real_now())).days)


def work(app: Flask) -> None:
    """Run the worker's jobs until nothing is left. Webhooks of the sandbox go directly to this app."""
    settings, books = app.extensions["settings"], app.extensions["books"]
    post = lambda: deliver(books, settings.notice_secret, _into(app))  # noqa: E731
    companies = replace(app.extensions["companies"], sandbox_jobs=(post, answer_what_is_asked))
    for _ in range(MOST_PASSES):
        if not worker.run_once(settings, companies, OF_THE_DAY):
            break
    store.ensure_connection()


def _into(app: Flask) -> Post:
    """Without the network: a request to our own server would wait for itself."""
    address = app.extensions["settings"].public_url
    return lambda path, headers, body: app.test_client().post(path, base_url=address, headers=dict(headers), data=body).status_code
