"""Creates the demo's data: the personas act out their stories in date order, with the real scheduled jobs on every day between."""

from collections.abc import Iterable
from datetime import date

from flask import Flask

from portal import clock
from portal.catalog import Catalog
from portal.demo import turning
from portal.demo.emptying import empty, is_to_be_made
from portal.demo.personas import PASSWORD, PERSONAS, Persona, Step, account_of, add_the_staff
from portal.demo.visitor import Visitor
from portal.sandbox.books import turns


def make_ready(app: Flask, personas: Iterable[Persona] = PERSONAS) -> None:
    """A half made demo is made again. In one in use, who is new in this version is added."""
    begin_anew(app, personas) if is_to_be_made(app.extensions["books"]) else add_who_is_missing(app, personas)


def begin_anew(app: Flask, personas: Iterable[Persona] = PERSONAS) -> None:
    """Empty the tables, set the clock, create the personas. Call it only inside TurnLock.turning."""
    empty(app.extensions["books"], app.extensions["settings"].data_folder)
    act_out(app, personas)


def act_out(app: Flask, personas: Iterable[Persona] = PERSONAS) -> None:
    """In an emptied demo: create the personas, up to the demo's first day."""
    books = app.extensions["books"]
    _live(app, turns.first_day(books), tuple(personas))
    turns.end_filling(books)


def add_who_is_missing(app: Flask, personas: Iterable[Persona] = PERSONAS) -> None:
    """Add today the personas that are new in this version, unless their story needs days in the past."""
    catalog, visitors = app.extensions["catalog"], Visitors(app)
    add_the_staff()
    for persona in personas:
        if any(step.when(clock.today()) != clock.today() for step in persona.steps):
            continue
        account = account_of(persona, catalog)
        for step in persona.steps if account.latest_order is None else ():
            visitors.play(persona, step)


class Visitors:
    """Each persona keeps one browser for the whole story."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._catalog: Catalog = app.extensions["catalog"]
        self._visitors: dict[str, Visitor] = {}

    def play(self, persona: Persona, step: Step) -> None:
        account_of(persona, self._catalog)
        if persona.login not in self._visitors:
            self._visitors[persona.login] = self._signed_in(persona)
        step.act(self._visitors[persona.login], self._catalog)

    def _signed_in(self, persona: Persona) -> Visitor:
        visitor = Visitor(self._app, self._app.extensions["settings"].public_url)
        visitor.visit("/login")
        visitor.send(login=persona.login, password=PASSWORD)
        return visitor


def _live(app: Flask, first: date, personas: tuple[Persona, ...]) -> None:
    """From the earliest day of any story to the demo's first day."""
    steps = [(step.when(first), persona, step) for persona in personas for step in persona.steps]
    steps.sort(key=lambda planned: planned[0])
    turning.set_day(app.extensions["books"], min((day for day, _, _ in steps), default=first))
    add_the_staff()
    visitors = Visitors(app)
    for day, persona, step in steps:
        turning.hurry(app, day)
        visitors.play(persona, step)
    turning.hurry(app, first)
    for persona in personas:
        account_of(persona, app.extensions["catalog"])
