"""The whole server is killed with kill -9 while [OK] is pressed, at six moments; after a restart the books agree."""

import io
import sqlite3
import threading
import time
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest

from portal.sandbox.books import Books
from portal.store import database as store
from tests import keys, steps
from tests.browser import Browser
from tests.races.threaded_server import Press
from tests.real.server import Server
from tests.reconciliation import Ledger, ledger

pytestmark = pytest.mark.real
DELAYS = (0.0, 0.004, 0.01, 0.02, 0.04, 0.09)
PATIENCE = 30


@pytest.fixture
def server(tmp_path):
    server = Server(tmp_path / "data").start()
    yield server
    server.kill()


def over_http(port: int):
    """The server as a WSGI application, for the customer's browser of the tests."""

    def application(environ, start_response):
        length = int(environ.get("CONTENT_LENGTH") or 0)
        headers = {name[5:].replace("_", "-").title(): value for name, value in environ.items() if name.startswith("HTTP_")}
        headers |= {"Content-Type": environ["CONTENT_TYPE"]} if environ.get("CONTENT_TYPE") else {}
        path = environ["PATH_INFO"] + (f"?{environ['QUERY_STRING']}" if environ.get("QUERY_STRING") else "")
        with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
            connection.request(environ["REQUEST_METHOD"], path, environ.get("wsgi.input", io.BytesIO()).read(length), headers)
            response = connection.getresponse()
            body = response.read()
        hop_by_hop = ("connection", "keep-alive", "transfer-encoding")
        start_response(
            f"{response.status} {response.reason}", [pair for pair in response.getheaders() if pair[0].lower() not in hop_by_hop]
        )
        return [body]

    return application


def kill_while_pressed(server: Server, browser: Browser, delay: float) -> None:
    press = Press(browser, "OK")

    def press_and_see_it_break():
        with suppress(OSError, HTTPException):
            press.on(server.port)

    thread = threading.Thread(target=press_and_see_it_break)
    thread.start()
    time.sleep(delay)
    server.kill()
    thread.join()


def books_of(folder: Path) -> Ledger:
    """Both sides as they are on the disk, read by a stranger."""
    store.bind(f"sqlite:///{folder / 'portal.db'}")
    store.ensure_connection()
    books = Books(folder / "sandbox.db")
    try:
        with keys.of_demo(folder):
            return ledger(books)
    finally:
        books.close()
        store.close()


def wait_until_quiet(folder: Path) -> Ledger:
    give_up = time.monotonic() + PATIENCE
    while faults := books_of(folder).faults():
        assert time.monotonic() < give_up, faults
        time.sleep(0.3)
    return books_of(folder)


def test_a_killed_server_loses_no_payment_and_charges_none_twice(server):
    logins = [server.add_account(f"victim-{number}") for number in range(len(DELAYS))]
    browsers = [steps.to_the_confirmation(Browser(over_http(server.port), server.url), login) for login in logins]
    for browser, delay in zip(browsers, DELAYS, strict=True):
        kill_while_pressed(server, browser, delay)
        server.start()

    demo = Books(server.folder / "sandbox.db")
    demo.set_offset_days(1)
    demo.close()
    found = wait_until_quiet(server.folder)

    mine = {order["account"]: order for order in found.orders if order["account"] in logins}
    for login, browser in zip(logins, browsers, strict=True):
        order = mine[login]
        assert (order["state"] == "paid") == (found.taken_for(order["number"]) > 0), order
        browser.visit("/contract")
        if order["state"] != "paid":
            browser.visit(f"/orders/{order['number']}/payment").press("クレジットカード情報入力")
            steps.enter_card(browser, steps.GOOD).press("OK")
        assert browser.visit(f"/orders/{order['number']}").says("入金確認済")

    at_last = wait_until_quiet(server.folder)
    for login in logins:
        order = next(order for order in at_last.orders if order["account"] == login)
        assert (order["state"], at_last.taken_for(order["number"])) == ("paid", order["total_yen"])


def test_a_payment_shown_to_the_customer_survives_a_kill_right_after(server):
    browser = steps.to_the_confirmation(Browser(over_http(server.port), server.url), server.add_account("told"))

    assert browser.press("OK").says("入金確認済")
    server.kill()

    with sqlite3.connect(server.folder / "portal.db") as store:
        orders = store.execute("SELECT number, state, total_yen FROM audit_orders WHERE account = 'told'").fetchall()
    store.close()
    ((number, state, yen),) = orders
    found = books_of(server.folder)
    assert (state, found.taken_for(number)) == ("paid", yen)
    # The worker may have died while it charged a persona: that attempt stays submitted until the next start.
    assert [fault for fault in found.faults() if number in fault] == []
