"""Every button that posts, pressed twice: one effect, one mail, one row of history, and the second answer is that of the first."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

import pytest
from flask import Flask
from peewee import OperationalError
from werkzeug.test import Client

from models import CountedTry, InvoiceDay, Session
from models import Row as Table
from portal.actions.mail import order_mails
from portal.actions.renewals import reservation
from portal.app import create_app
from portal.catalog import Catalog
from portal.gateways.companies import Companies
from portal.runtime.settings import Settings
from portal.sandbox.books import Books
from portal.store import database as store
from tests.clock_days import at
from tests.page import Page
from tests.races.press_ways import World
from tests.races.presses import PRESSES
from tests.races.steps import Steps
from tests.races.threaded_server import RawPress, served
from tests.read_once import alike

NOT_COUNTED = (Session, CountedTry)
SUMS = (InvoiceDay,)  # the first effect of a day makes the row, each later one adds to it


@dataclass(frozen=True)
class Answer:
    """`cookies`: those that it sets."""

    status: int
    address: str
    content: str
    cookies: dict[str, str]


@pytest.fixture
def world(app: Flask, settings: Settings, catalog: Catalog, books: Books) -> Iterator[World]:
    with at(2025, 10, 20, 10):
        yield World(app, settings, catalog, books)


def send(app: Flask, press: RawPress) -> Answer:
    response = Client(app, use_cookies=False).post(press.path, data=press.body, headers=press.headers, base_url="http://127.0.0.1:8000")
    cookies = _cookies(*response.headers.getlist("Set-Cookie"))
    return Answer(
        response.status_code,
        urlsplit(response.headers.get("Location", "")).path,
        alike(response.get_data().decode(errors="replace"))[0],
        cookies,
    )


def notices(app: Flask, press: RawPress, first: Answer, second: Answer) -> list[str]:
    """What the page says that the second answer leads to, above its heading."""
    cookies = _cookies(press.headers.get("Cookie", "")) | first.cookies | second.cookies
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items() if value)}
    page = Client(app, use_cookies=False).get(second.address, headers=headers, base_url="http://127.0.0.1:8000")
    return [found.get_text().strip() for found in Page(second.address, page.text).soup.h1.find_previous_siblings(class_="notice")][::-1]


def _cookies(*lines: str) -> dict[str, str]:
    found = SimpleCookie()
    for line in lines:
        found.load(line)
    return {name: cookie.value for name, cookie in found.items()}


def sizes() -> dict[type[Table], int]:
    tables = [table for table in (*Table.__subclasses__(), *_outgoing()) if table not in NOT_COUNTED and table._meta.columns]
    return {table: table.select().count() for table in tables if table._meta.table_name != "outgoing"}


def _outgoing() -> list[type[Table]]:
    return [table for parent in Table.__subclasses__() for table in parent.__subclasses__()]


def contents() -> dict[type[Table], list[tuple]]:
    return {table: list(table.select().order_by(table._meta.primary_key).tuples()) for table in sizes()}


def grown(before: dict[type[Table], int]) -> dict[str, int]:
    return {table.__name__: size - before[table] for table, size in sizes().items() if size != before[table] and table not in SUMS}


def said(found: list[str], expected: tuple[str, ...]) -> bool:
    return len(found) == len(expected) and all(text.endswith(sentence) for text, sentence in zip(found, expected, strict=True))


def pressed_between_checks_and_effect(world: World, press: RawPress) -> tuple[Answer, Answer]:
    """The second press happens, whole, after the first has checked everything and before it has written anything."""
    inner: list[Answer] = []

    def second() -> None:
        try:
            store.ensure_connection()
            inner.append(send(world.app, press))
        finally:
            store.close()
            world.books.close()

    def act(number: int, _name: str) -> None:
        if number == 1:
            thread = threading.Thread(target=second)
            thread.start()
            thread.join()

    with Steps(act):
        outer = send(world.app, press)
    return (*inner, outer)[0], outer  # a press that writes nothing has no such moment


def refused_while_the_disk_is_full(world: World, press: RawPress) -> None:
    """Nothing is stored, and nothing else is said, neither now nor on the next page."""
    stored = contents()
    with a_full_disk():
        refused = send(world.app, press)

    assert contents() == stored
    assert refused.status == 503 or (refused.status == 200 and press.path.startswith("/staff/")), "a second look writes nothing"
    assert refused.status == 200 or "受付番号" in refused.content or press.path.startswith("/notices/")
    assert notices(world.app, press, refused, replace(refused, address="/legal/tokutei")) == []
    assert not any("_flashes" in row.data for row in Session.select())


@contextmanager
def a_full_disk() -> Iterator[None]:
    """No write can be committed."""
    db = store.database.obj
    execute = db.execute_sql

    def full(*_: object) -> None:
        raise OperationalError("database or disk is full")

    def write_nothing(sql: str, params: object = None) -> object:
        return full() if sql.startswith(store.WRITING) and not db.transaction_depth() else execute(sql, params)

    db.commit, db.execute_sql = full, write_nothing
    try:
        yield
    finally:
        del db.commit, db.execute_sql


def test_every_address_that_posts_is_in_the_table(settings: Settings) -> None:
    store.close()
    app = create_app(replace(settings, demo=False), companies=Companies())
    store.ensure_connection()

    assert {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in rule.methods} == PRESSES.keys(), (
        "say in PRESSES how it is pressed"
    )


@pytest.mark.sampled(3)
@pytest.mark.parametrize("endpoint", PRESSES)
def test_a_button_pressed_twice_is_pressed_once(world: World, endpoint: str) -> None:
    row = PRESSES[endpoint]
    press, before = row.way(world), sizes()
    refused_while_the_disk_is_full(world, press)

    first = send(world.app, press)
    by_one_press, stored = grown(before), contents()
    second = send(world.app, press)

    assert first.status in (200, 303), first
    assert (second.status, second.address) == (first.status, first.address)
    assert contents() == stored
    if first.status == 200:
        assert second.content == first.content
    else:
        assert said(found := notices(world.app, press, first, second), row.says), found

    other = replace(world, login="second")
    press, before = row.way(other), sizes()

    inner, outer = pressed_between_checks_and_effect(other, press)

    assert grown(before) == by_one_press
    assert (inner.status, outer.status) == (first.status, first.status)
    assert inner.address == outer.address
    if first.status == 303:
        assert said(found := notices(world.app, press, inner, outer), row.says), found


@pytest.mark.parametrize(
    ("endpoint", "module", "check", "careless"),
    [
        ("reservation.choose", reservation, "reserved_of", lambda _: None),
        ("bank.send_mail", order_mails, "is_under_way", lambda *_, **__: False),
    ],
)
def test_negative_control_without_the_check_under_the_lock_two_presses_are_two_mails(
    world: World, monkeypatch: pytest.MonkeyPatch, endpoint: str, module: object, check: str, careless: object
) -> None:
    """The negative control."""
    monkeypatch.setattr(module, check, careless)
    press, before = PRESSES[endpoint].way(world), sizes()

    pressed_between_checks_and_effect(world, press)

    assert grown(before)["Mail"] == 2


@pytest.mark.store
@pytest.mark.parametrize("endpoint", ["bank.place", "method.set_day"])
def test_a_crowd_of_presses_is_one_press(world: World, endpoint: str) -> None:
    way = PRESSES[endpoint].way
    press, before = way(replace(world, login="alone")), sizes()
    alone = send(world.app, press)
    by_one_press = grown(before)
    press, before = way(replace(world, login="many")), sizes()

    with served(world.app, world.books) as port:
        answers = press.at_once(port, 8)

    assert grown(before) == by_one_press
    assert len(set(answers)) == 1
    assert answers[0][0] == alone.status
