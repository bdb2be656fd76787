"""The first half of making a demo: no rows, and the clock's first day. It imports little, so that the web server can be started soon."""

import shutil
from graphlib import TopologicalSorter
from pathlib import Path

from peewee import Model

from models import TABLES, Account, Installation
from portal import clock
from portal.demo.days import first_day
from portal.gateways.smtp import MAILBOX
from portal.sandbox.books import Books, turns
from portal.store import database as store
from portal.store.database import database


def is_to_be_made(books: Books) -> bool:
    """True for a new demo, and for one that is half made. One in use stays as its visitors left it."""
    store.ensure_connection()
    return turns.is_half_made(books) or not Account.select().exists()


def empty(books: Books, data_folder: Path) -> None:
    """From now on the demo counts as half made. Files stay. Call it only inside TurnLock.turning."""
    store.ensure_connection()
    with database.atomic():  # portal and sandbox in one transaction of the portal: both or neither
        for model in _children_first():
            if model is not Installation:
                model.delete().execute()
        books.clear()
    shutil.rmtree(data_folder / MAILBOX, ignore_errors=True)
    turns.begin_filling(books, first_day(clock.day_of(clock.real_now())))


def _children_first() -> list[type[Model]]:
    """Order in which tables can be emptied without breaking foreign keys."""
    parents = {model: {field.rel_model for field in model._meta.refs} - {model} for model in TABLES}
    return list(TopologicalSorter(parents).static_order())[::-1]
