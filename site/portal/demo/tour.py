"""The tour: one new customer orders, pays by transfer and renews a year later, in three steps, with the real pages and jobs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from flask import Flask

from models import Account
from portal import clock
from portal.actions.renewals.snapshot import snapshot_of
from portal.catalog import Catalog
from portal.demo import stories, turning
from portal.demo.filling import Visitors
from portal.demo.personas import STAFF_LOGIN, Persona, Step, add_the_staff
from portal.demo.staff_story import a_transfer_arrives
from portal.rules.renewals.scheduled_event import EventKind
from portal.rules.renewals.timeline import timeline
from portal.rules.transfers.business_days import business_day_after
from portal.sandbox.books import Books, turns
from portal.sandbox.books import tour as book
from portal.sandbox.books.tour import Made

When = Callable[[Account | None, Catalog], date]
NAME = "見本 旅"


@dataclass(frozen=True)
class Stop:
    """One step of the tour. `told`: what it shows. `on`: the day to which the clock is turned before `act`."""

    name: str
    told: str
    on: When
    act: Callable[[str], Step]


def _today(_account: Account | None, _catalog: Catalog) -> date:
    return clock.today()


def _the_next_business_day(_account: Account | None, catalog: Catalog) -> date:
    return business_day_after(clock.today(), 1, catalog.closed_days)


def _the_first_notice_of_the_end(account: Account | None, catalog: Catalog) -> date:
    events = timeline(snapshot_of(account, with_sent_notices=True), clock.today(), catalog)
    return next((event.on for event in events if event.kind is EventKind.BY_HAND), clock.today())


STOPS = (
    Stop("申し込む", "お客様が、サーバーを12か月、銀行振込で申し込みました。", _today, lambda _: Step(stories.order_by_transfer)),
    Stop(
        "お金が動く",
        "次の銀行営業日に振り込みがあり、担当者が入力して確認しました。お客様の画面は「入金確認済」に変わり、サーバーが始まりました。",
        _the_next_business_day,
        lambda login: Step(a_transfer_arrives(login, STAFF_LOGIN, "exact", "番号・金額が一致")),
    ),
    Stop(
        "1年後",
        "契約が終わる前のお知らせメールが届き、お客様はその日に、カードで更新しました。次からは自動で更新されます。",
        _the_first_notice_of_the_end,
        lambda _: Step(stories.renew_by_card),
    ),
)


def begin(app: Flask) -> None:
    """Make the first step with a customer who is new each time. Raises turn_lock.Busy and visitor.Lost."""
    books: Books = app.extensions["books"]
    with turning.lock_of(app).turning():
        book.end(books)
        add_the_staff()
        _make(app, 1, _free_login())


def go_on(app: Flask, seen: int, picture: str) -> None:
    """Make the next step, if `seen` is the newest. `picture`: of the customer's page before. Raises turn_lock.Busy and visitor.Lost."""
    books: Books = app.extensions["books"]
    with turning.lock_of(app).turning():
        made = book.made(books)
        if made and made[-1].step == seen < len(STOPS):
            book.keep_picture(books, seen, picture)
            _make(app, seen + 1, made[-1].login)


def end(app: Flask) -> None:
    book.end(app.extensions["books"])


def _make(app: Flask, number: int, login: str) -> None:
    books, catalog, stop = app.extensions["books"], app.extensions["catalog"], STOPS[number - 1]
    persona, today, before = Persona(login, NAME, "ツアーのお客様"), clock.today(), turning.newest_event()
    day = max(stop.on(Account.by_login(login), catalog), today)  # who turned the clock further meanwhile stays there
    turns.begin_turn(books, today, day, before)
    try:
        turning.forward(app, day)
        Visitors(app).play(persona, stop.act(login))
        turning.work(app)
    finally:
        turns.end_turn(books, turning.newest_event())
    book.add(books, Made(number, login, today, day, before, turning.newest_event(), ""))


def _free_login() -> str:
    number = 1
    while Account.by_login(_login(number)):
        number += 1
    return _login(number)


def _login(number: int) -> str:
    return "tour" if number == 1 else f"tour{number}"
