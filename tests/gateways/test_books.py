import os
import sqlite3
import subprocess
import sys
import threading
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from portal.gateways.card import Failed, NotFound, Paid
from portal.sandbox.books import Books, charges, setups
from portal.sandbox.books.outcomes import Outcome
from tests.gateways.conftest import CUSTOMER
from tests.visits import BROWSER

CHECKOUT = Path(__file__).parents[2]
MAKE_A_CARD = """
import sys
from datetime import date
from portal.sandbox.books import Books, charges, setups
from portal.sandbox.books.outcomes import Outcome
def card(books, reference):
    entry = setups.open_setup(books, reference, "/")
    card = setups.StoredCard(Outcome.PAYS, "Visa", "4242", date(2098, 12, 31))
    return setups.accept(books, entry.token, card, "browser").card_token
"""
CHARGE_FOR_EVER = """
books = Books(sys.argv[1])
token = card(books, "one")
for number in range(100_000):
    charges.take(books, token, 660, f"key-{number}")
    print(f"key-{number}", flush=True)
"""
CHARGE_ONCE = """
books = Books(sys.argv[1])
for number in range(20):
    setups.open_setup(books, "shared", "/")
    charges.take(books, "no-card", 660, f"key-{number}")
"""


def a_card(books, outcome=Outcome.PAYS) -> str:
    entry = setups.open_setup(books, f"reference-{outcome}", "/")
    return setups.accept(books, entry.token, setups.StoredCard(outcome, "Visa", "4242", date(2098, 12, 31)), BROWSER).card_token


def count(books, table: str, where: str = "1") -> int:
    return books.reader().execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchone()[0]


def at_once(*calls) -> list:
    """Runs every call in a thread of its own, all from the same moment."""
    barrier, results = threading.Barrier(len(calls)), [None] * len(calls)

    def run(place: int) -> None:
        barrier.wait()
        results[place] = calls[place]()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def start(program: str, path: Path) -> subprocess.Popen:
    environment = os.environ | {"PYTHONPATH": f"{CHECKOUT}:{CHECKOUT / 'site'}"}
    return subprocess.Popen([sys.executable, "-c", MAKE_A_CARD + program, str(path)], env=environment, stdout=subprocess.PIPE, text=True)


def test_the_books_have_the_documented_columns(books):
    for columns in ("key, yen, state, at FROM charge", "wallet_id, key, yen, at FROM wallet_entry"):
        books.reader().execute(f"SELECT {columns}")
    books.reader().execute("SELECT booked_on, valued_on, yen, payer, number, at FROM bank_line")


def test_committed_charges_are_on_disk(books):
    pragmas = {name: books.reader().execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous", "busy_timeout")}

    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "busy_timeout": 5000}


def test_negative_control_twenty_unguarded_charges_take_money_more_than_once(books):
    """Twenty threads with a check before the write and no guard: the test of twenty payments can fail."""
    with books.write() as connection:
        connection.execute("CREATE TABLE careless (key TEXT)")
    all_looked = threading.Barrier(20)

    def careless() -> None:
        known = books.reader().execute("SELECT 1 FROM careless WHERE key = 'key'").fetchone()
        all_looked.wait()
        if not known:
            books.reader().execute("INSERT INTO careless VALUES ('key')")

    at_once(*[careless] * 20)

    assert count(books, "careless") == 20


def test_twenty_charges_of_a_card_that_is_good_once_pay_once(books, company):
    token = a_card(books, Outcome.PAYS_ONCE)
    answers = at_once(*[lambda number=number: company.charge(token, 660, f"key-{number}") for number in range(20)])

    assert sum(isinstance(answer, Paid) for answer in answers) == 1


def test_negative_control_querying_instead_of_closing_can_disagree_with_a_charge(books, company):
    """Why `close` exists: 'not found' may be out of date a moment later."""
    token = a_card(books)
    asked, charged = company.lookup("key"), company.charge(token, 660, "key")

    assert asked == NotFound()
    assert isinstance(charged, Paid)


def test_one_card_submitted_twice_at_once_is_stored_once(books):
    entry = setups.open_setup(books, "reference", "/")
    card = setups.StoredCard(Outcome.PAYS, "Visa", "4242", date(2098, 12, 31))
    results = at_once(*[lambda: setups.accept(books, entry.token, card, BROWSER)] * 10)

    assert len({result.card_token for result in results}) == 1
    assert count(books, "card") == 1


def test_a_killed_process_keeps_every_answered_charge_and_its_webhooks(tmp_path):
    process = start(CHARGE_FOR_EVER, tmp_path / "sandbox.db")
    answered = [process.stdout.readline().strip() for _ in range(30)]
    process.kill()
    answered += process.stdout.read().split()[:-1]
    process.wait()
    process.stdout.close()

    books = Books(tmp_path / "sandbox.db")
    assert all(charges.find(books, key).state == "paid" for key in answered if key)
    unsent_hosting_events = (
        "SELECT c.key FROM charge c WHERE 2 != (SELECT count(*) FROM webhook n WHERE json_extract(n.body, '$.key') = c.key)"
    )
    assert books.reader().execute(unsent_hosting_events).fetchall() == []


def test_processes_starting_together_create_and_share_one_file(tmp_path):
    processes = [start(CHARGE_ONCE, tmp_path / "new" / "sandbox.db") for _ in range(3)]
    for process in processes:
        process.communicate()

    books = Books(tmp_path / "new" / "sandbox.db")
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert count(books, "charge") == 20
    assert count(books, "card_setup") == 1


def test_a_failed_transaction_is_rolled_back_and_the_next_one_works(books):
    def half() -> None:
        with books.write() as connection:
            connection.execute("INSERT INTO bank_line (booked_on, valued_on, yen, payer, number, at) VALUES ('', '', 1, '', '', '')")
            connection.execute("INSERT INTO bank_line (yen) VALUES (1)")

    with pytest.raises(sqlite3.IntegrityError):
        half()

    assert count(books, "bank_line") == 0
    books.set_offset_days(1)


def test_the_books_write_dates_of_the_demo_clock(books, company):
    books.set_offset_days(40)
    paid = company.charge(a_card(books), 660, "key")

    real = datetime.now(paid.at.tzinfo)
    assert abs(paid.at - real - timedelta(days=40)) < timedelta(minutes=1)
    assert books.offset_days() == 40
    assert datetime.fromisoformat(books.reader().execute("SELECT at FROM charge").fetchone()["at"]) == paid.at


@time_machine.travel("2026-11-22T15:30:00Z")
def test_the_books_use_the_date_in_japan(books):
    assert books.today() == date(2026, 11, 23)


def test_a_restart_empties_the_books_and_keeps_the_file(books, company):
    company.charge(a_card(books), 660, "key")
    books.set_offset_days(3)
    books.clear()

    assert company.lookup("key") == NotFound()
    assert books.offset_days() == 0
    assert books.path.exists()


def test_a_card_setup_left_open_too_long_expires(books, company):
    with time_machine.travel("2026-11-22T10:00:00Z", tick=False) as clock:
        company.begin_setup("reference", "/", CUSTOMER)
        clock.shift(timedelta(minutes=61))

        assert company.finish_setup("reference", "") == Failed("expired")
        company.begin_setup("reference", "/", CUSTOMER)
        assert count(books, "card_setup", "state = 'open'") == 1
