"""[最初からやり直す] resets a running demo: rows are deleted, files stay, everybody signs in again."""

from datetime import date, datetime, timedelta
from functools import partial

import pytest
import time_machine

from models import TABLES, Account, Event, Installation, Mail, Order, Session
from portal import clock
from portal.demo import filling, turning
from portal.demo.personas import PERSONAS
from portal.sandbox.books import bank
from portal.store.database import database
from portal.store.installation import claim_installation
from tests import steps

TODAY = datetime(2026, 11, 25, 3, 0)
FIRST = date(2026, 11, 10)


FEW = [persona for persona in PERSONAS if persona.login in ("new", "card", "bank")]


@pytest.fixture
def demo(app, settings, hurried):
    """Filled, and used: paid, turned, transferred."""
    with time_machine.travel(TODAY):
        claim_installation(settings.installation_id, is_demo=True)
        filling.make_ready(app, FEW)
        yield app


@pytest.fixture
def with_few(monkeypatch):
    """Restarts with these alone; that all of them come again is seen in the first test."""
    monkeypatch.setattr(filling, "begin_anew", partial(filling.begin_anew, personas=FEW))


@pytest.mark.store
def test_a_restart_restores_the_first_day(demo, browser, books):
    steps.pay(browser)
    bank.pay_in(books, 1, "ﾐﾎﾝ ﾀﾛｳ")
    turning.turn(demo, FIRST + timedelta(days=90))
    numbers = {order.number for order in Order.select()}

    browser.visit("/demo").follow("最初からやり直す").press("最初からやり直す")

    assert (browser.h1, clock.today()) == ("デモの目次", FIRST)
    assert browser.says("最初からやり直しました", "[role=status]")
    assert {account.login for account in Account.select()} == {persona.login for persona in PERSONAS}
    assert not numbers & {order.number for order in Order.select()}
    assert [line["yen"] for line in bank.lines(books)] == [12_760], "what the persona `part` paid in"
    assert max(clock.day_of(event.at) for event in Event.select()) == FIRST
    assert max(clock.day_of(mail.created_at) for mail in Mail.select()) == FIRST
    assert Installation.select().count() == 1


def test_a_restart_ends_every_session_and_keeps_every_file(demo, with_few, browser, settings, books):
    browser.sign_in("card")
    others = {row.token_hash for row in Session.select()}
    files = [settings.data_folder / "portal.db", books.path]
    before = [file.stat().st_ino for file in files]

    browser.visit("/demo/restart").press("最初からやり直す")

    assert [file.stat().st_ino for file in files] == before
    assert not others & {row.token_hash for row in Session.select()}
    assert browser.visit("/contract").h1 == "ログイン"
    assert browser.sign_in("card").h1 == "コントロールパネル"


def test_a_request_during_a_restart_is_told_to_wait(demo, browser):
    numbers = {order.number for order in Order.select()}
    browser.visit("/demo/restart")
    with turning.lock_of(demo).turning():
        browser.press("最初からやり直す")

    assert browser.status == 409
    assert browser.says("デモを最初からやり直しています", "[role=alert]")
    assert {order.number for order in Order.select()} == numbers


def test_a_second_press_on_the_same_screen_restarts_nothing(demo, with_few, browser):
    browser.visit("/demo/restart")
    tab = browser.new_tab()
    browser.press("最初からやり直す")
    numbers = {order.number for order in Order.select()}

    tab.press("最初からやり直す")

    assert tab.status == 400
    assert {order.number for order in Order.select()} == numbers


def test_a_restart_empties_every_table(demo):
    """Every table of the schema is emptied except the installation and the applied migrations."""
    others = {"schema_migration", "sqlite_sequence"}

    assert set(database.get_tables()) - others == {model._meta.table_name for model in TABLES}
