"""What every page says to the personas of the demo, and to staff about them, is in the forecast."""

from collections import Counter
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from models import Account, Staff
from portal import clock
from portal.demo import filling
from portal.demo.personas import PERSONAS
from portal.demo.wsgi import create_demo
from portal.gateways.companies import Companies
from portal.runtime.settings import Settings
from portal.sandbox.books import Books
from portal.store import database as store
from tests.demo.test_filling import TODAY
from tests.forecast.crawler import faults_about


@pytest.fixture
def demo(settings: Settings, companies: Companies, books: Books, tmp_path: Path):
    store.close()
    portal = create_demo(settings, companies, books)
    with time_machine.travel(TODAY):
        filling.make_ready(portal)
        yield portal
    clock.turn_by(lambda: 0)


def test_what_pages_say_to_every_persona_is_foreseen(demo: Flask, record_property):
    covered, found = Counter[str](), []
    for persona in PERSONAS:
        found += [f"{persona.login}: {fault}" for fault in faults_about(demo, Account.by_login(persona.login), Staff.get(), covered)]

    record_property("covered", sorted(covered.items()))
    assert not found, "\n".join(found)
    assert covered["day on a page: charge"]
    assert covered["yen on a page"]
