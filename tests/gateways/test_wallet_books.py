import re
import sqlite3
import threading

import pytest
import time_machine

from portal.gateways.wallet import Declined, Failed, Link, LinkRemoved, Paid, Pending, Unknown
from portal.sandbox.books import Books, wallet_visits
from portal.sandbox.books.visit import return_code
from tests.gateways.conftest import CUSTOMER
from tests.gateways.test_books import at_once
from tests.gateways.wallets import a_link, debits, points
from tests.visits import BROWSER

RETURN_URL = "/orders/1/wallet/return"


def test_the_published_wallets_have_their_documented_balances(books, wallet_company):
    balances = {name: wallet_company.balance(a_link(books, name)) for name in ("osaipo-demo", "osaipo-empty", "osaipo-slow")}

    assert balances == {"osaipo-demo": 50_000, "osaipo-empty": 0, "osaipo-slow": 50_000}


def test_opening_the_file_again_does_not_credit_the_wallets_twice(books):
    Books(books.path).close()

    assert points(books) == 50_000


def test_a_restart_resets_the_wallet_balances(books, wallet_company):
    token = a_link(books)
    wallet_company.debit(token, 20_000, "key")
    books.clear()

    assert points(books) == 50_000
    assert debits(books) == {}
    with pytest.raises(LinkRemoved):
        wallet_company.balance(token)


def test_a_file_without_wallet_tables_is_opened(tmp_path):
    """The data folder of an older version had only the documented table."""
    connection = sqlite3.connect(tmp_path / "sandbox.db")
    columns = "wallet_id TEXT NOT NULL, key TEXT NOT NULL, yen INTEGER NOT NULL, at TEXT NOT NULL, PRIMARY KEY (wallet_id, key)"
    connection.execute(f"CREATE TABLE wallet_entry ({columns})")
    connection.close()

    assert points(Books(tmp_path / "sandbox.db")) == 50_000


def test_a_debit_is_a_negative_row_under_its_key(books, wallet_company):
    paid = wallet_company.debit(a_link(books), 13_200, "key")

    row = books.reader().execute("SELECT wallet_id, key, yen, at FROM wallet_entry WHERE yen < 0").fetchone()
    assert tuple(row)[:3] == ("osaipo-demo", "key", -13_200)
    assert row["at"] == paid.at.isoformat(timespec="milliseconds")


def test_a_wallet_pays_down_to_zero_and_no_further(books, wallet_company):
    token = a_link(books)

    assert wallet_company.debit(token, 50_001, "too-much") == Declined("insufficient", retryable=True)
    assert wallet_company.balance(token) == 50_000
    assert isinstance(wallet_company.debit(token, 50_000, "all"), Paid)
    assert wallet_company.balance(token) == 0
    assert wallet_company.debit(token, 1, "one-more") == Declined("insufficient", retryable=True)
    assert debits(books) == {"all": -50_000}


def test_a_refused_key_stays_refused_when_points_have_come(books, wallet_company):
    """A later charge has its own key: the answer under a key never changes."""
    token = a_link(books, "osaipo-empty")
    declined = wallet_company.debit(token, 660, "key")
    buy(books, "osaipo-empty", 1_000)

    assert wallet_company.debit(token, 660, "key") == declined
    assert isinstance(wallet_company.debit(token, 660, "next"), Paid)


def test_twenty_debits_of_one_key_are_one_row(books, wallet_company):
    token = a_link(books)
    answers = at_once(*[lambda: wallet_company.debit(token, 13_200, "key")] * 20)

    assert len(set(answers)) == 1
    assert debits(books) == {"key": -13_200}
    assert points(books) == 36_800


def test_twenty_debits_at_once_never_overdraw_the_wallet(books, wallet_company):
    token = a_link(books)
    answers = at_once(*[lambda number=number: wallet_company.debit(token, 13_200, f"key-{number}") for number in range(20)])

    assert sum(isinstance(answer, Paid) for answer in answers) == 3
    assert answers.count(Declined("insufficient", retryable=True)) == 17
    assert points(books) == 50_000 - 3 * 13_200


def test_negative_control_unguarded_debits_overdraw_the_wallet(books):
    """The same twenty debits with a check before the write into an unguarded table: the test above can fail."""
    with books.write() as connection:
        connection.execute("CREATE TABLE careless AS SELECT * FROM wallet_entry")
    total = "SELECT SUM(yen) FROM careless WHERE wallet_id = 'osaipo-demo'"
    all_looked = threading.Barrier(20)

    def debit(number: int) -> None:
        there = books.reader().execute(total).fetchone()[0]
        all_looked.wait()
        if there >= 13_200:
            books.reader().execute("INSERT INTO careless VALUES ('osaipo-demo', ?, -13200, '')", (f"key-{number}",))

    at_once(*[lambda number=number: debit(number) for number in range(20)])

    assert books.reader().execute(total).fetchone()[0] < 0


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("INSERT INTO wallet_entry VALUES ('osaipo-demo', 'careless', -50001, '')", "below zero"),
        ("INSERT INTO wallet_entry VALUES ('osaipo-empty', 'careless', -1, '')", "below zero"),
        ("INSERT INTO wallet_entry VALUES ('nobody', 'careless', -1, '')", "below zero"),
        ("UPDATE wallet_entry SET yen = yen - 1", "never changed"),
        ("INSERT INTO wallet_entry VALUES ('osaipo-slow', 'taken', -1, '')", "UNIQUE"),
    ],
)
def test_the_database_refuses_an_overdraft_and_a_duplicate_key(books, wallet_company, statement, why):
    wallet_company.debit(a_link(books), 1, "taken")
    buy(books, "osaipo-demo", 1)

    with pytest.raises(sqlite3.IntegrityError, match=why):
        books.reader().execute(statement)


@pytest.mark.parametrize("number", range(20))
def test_a_closed_key_takes_no_points_and_a_used_one_returns_its_result(books, wallet_company, number):
    token, key = a_link(books), f"key-{number}"
    closed, taken = at_once(lambda: wallet_company.close(key), lambda: wallet_company.debit(token, 660, key))

    assert closed == taken == wallet_company.lookup(key)
    assert points(books) == 50_000 - (660 if isinstance(taken, Paid) else 0)


def test_a_refund_puts_the_points_back_once(books, wallet_company):
    token = a_link(books)
    paid = wallet_company.debit(token, 13_200, "key")
    for _ in range(2):
        wallet_company.refund(paid.reference, 13_200, "refund")
    wallet_company.refund(paid.reference, 13_200, "another")

    assert wallet_company.balance(token) == 50_000


def test_a_part_is_put_back_as_an_entry_of_the_wallet(books, wallet_company):
    token = a_link(books)
    paid = wallet_company.debit(token, 13_200, "key")
    wallet_company.refund(paid.reference, 3_000, "refund")

    assert wallet_company.balance(token) == 50_000 - 13_200 + 3_000
    assert books.reader().execute("SELECT yen FROM wallet_entry WHERE key = 'refund:refund'").fetchone()["yen"] == 3_000


def test_a_refund_reaches_the_wallet_even_after_the_link_is_removed(books, wallet_company):
    token = a_link(books)
    paid = wallet_company.debit(token, 13_200, "key")
    wallet_company.unlink(token)
    wallet_company.refund(paid.reference, 13_200, "refund")

    assert points(books) == 50_000


def test_a_lost_answer_has_taken_the_points(books, wallet_company):
    token = a_link(books, "osaipo-slow")

    assert wallet_company.debit(token, 13_200, "key") == Unknown()
    assert wallet_company.balance(token) == 36_800
    assert isinstance(wallet_company.lookup("key"), Paid)


def test_the_silent_wallet_declines_too_few_points_at_once(books, wallet_company):
    assert wallet_company.debit(a_link(books, "osaipo-slow"), 60_000, "key") == Declined("insufficient", retryable=True)


@pytest.mark.parametrize("key", ["opening", "purchase:x:0", "refund:refund"])
def test_a_key_of_the_portal_never_collides_with_the_wallets_own_rows(books, wallet_company, key):
    token = a_link(books)
    wallet_company.debit(token, 660, key)
    taken = sum(debits(books).values())

    assert wallet_company.balance(token) == points(books) == 50_000 + taken


def test_a_link_has_a_masked_label_and_a_token_without_the_id(books, wallet_company):
    wallet_company.begin_link("reference", RETURN_URL, CUSTOMER)
    visit = wallet_visits.newest_visit(books, "reference")
    code = return_code(visit.token, BROWSER)
    waiting = wallet_company.finish_link("reference", code)
    wallet_visits.name(books, visit.token, "osaipo-demo", BROWSER)
    wallet_visits.sign_in(books, visit.token, "osaipo-demo")

    assert waiting == wallet_company.finish_link("reference", code) == Pending()
    wallet_visits.link(books, visit.token, BROWSER)
    link = wallet_company.finish_link("reference", code)
    assert isinstance(link, Link)
    assert link.label == "os****mo"
    assert "demo" not in link.token
    assert wallet_company.finish_link("reference", code) == link


def test_a_reference_links_one_wallet(books, wallet_company):
    first = wallet_company.begin_link("reference", RETURN_URL, CUSTOMER)
    token = first.url.rpartition("/")[2]
    for _ in range(2):
        wallet_visits.name(books, token, "osaipo-demo", BROWSER)
        wallet_visits.sign_in(books, token, "osaipo-demo")
        wallet_visits.link(books, token, BROWSER)

    assert wallet_company.begin_link("reference", RETURN_URL, CUSTOMER) == first
    assert books.reader().execute("SELECT count(*) FROM wallet_link").fetchone()[0] == 1


def test_ten_presses_of_ok_at_once_make_one_link(books, wallet_company):
    visit = wallet_visits.open_visit(books, "reference", RETURN_URL)
    wallet_visits.name(books, visit.token, "osaipo-demo", BROWSER)
    wallet_visits.sign_in(books, visit.token, "osaipo-demo")
    results = at_once(*[lambda: wallet_visits.link(books, visit.token, BROWSER)] * 10)

    assert len({result.link_token for result in results}) == 1
    assert books.reader().execute("SELECT count(*) FROM wallet_link").fetchone()[0] == 1


def test_a_wallet_is_not_linked_before_the_password(books, wallet_company):
    visit = wallet_visits.open_visit(books, "reference", RETURN_URL)
    for step in (lambda: None, lambda: wallet_visits.name(books, visit.token, "osaipo-demo", BROWSER)):
        step()
        wallet_visits.link(books, visit.token, BROWSER)
        assert wallet_company.finish_link("reference", return_code(visit.token, BROWSER)) == Pending()


def test_a_password_for_another_id_signs_nobody_in(books):
    visit = wallet_visits.open_visit(books, "reference", RETURN_URL)
    wallet_visits.name(books, visit.token, "osaipo-demo", BROWSER)

    assert wallet_visits.sign_in(books, visit.token, "osaipo-empty").state == "named"


@pytest.mark.parametrize("state", ["open", "named", "signed_in"])
def test_a_wallet_setup_left_open_too_long_expires(books, wallet_company, state):
    with time_machine.travel("2026-11-22T10:00:00Z", tick=False) as clock:
        visit = wallet_visits.open_visit(books, "reference", RETURN_URL)
        if state != "open":
            wallet_visits.name(books, visit.token, "osaipo-demo", BROWSER)
        if state == "signed_in":
            wallet_visits.sign_in(books, visit.token, "osaipo-demo")
        clock.shift(3601)

        assert wallet_visits.link(books, visit.token, BROWSER).state == "failed"
        assert wallet_visits.buy(books, visit.token, 1_000, 0).purchases == 0
        assert wallet_company.finish_link("reference", "") == Failed("expired")
        assert wallet_company.begin_link("reference", RETURN_URL, CUSTOMER).url.rpartition("/")[2] != visit.token


def test_ten_purchases_from_one_page_credit_the_points_once(books):
    visit = wallet_visits.open_own(books, "osaipo-empty", "", BROWSER)
    wallet_visits.sign_in(books, visit.token, "osaipo-empty")
    at_once(*[lambda: wallet_visits.buy(books, visit.token, 1_000, 0)] * 10)

    assert points(books, "osaipo-empty") == 1_000


def test_concurrent_debits_purchases_and_refunds_leave_the_right_balance(books, wallet_company):
    """W1: the balance is the sum of the entries and never below 0, at every read."""
    token, seen = a_link(books, "osaipo-empty"), []
    paid = []

    def spend(number: int) -> None:
        paid.append(wallet_company.debit(token, 700, f"key-{number}"))
        seen.append(wallet_company.balance(token))

    def get(number: int) -> None:
        buy(books, "osaipo-empty", 1_000)
        seen.append(wallet_company.balance(token))

    at_once(*[lambda number=number: (spend, get)[number % 2](number) for number in range(20)])

    taken = sum(answer.yen for answer in paid if isinstance(answer, Paid))
    assert points(books, "osaipo-empty") == 10_000 - taken
    assert min(seen) >= 0
    assert -sum(debits(books).values()) == taken


@pytest.mark.parametrize(
    ("return_url", "back"),
    [
        ("/orders/A-1/wallet", "/orders/A-1/wallet"),
        ("http://127.0.0.1:8000/orders/1?x=1&y=2#z", "/orders/1%3Fx%3D1%26y%3D2"),
        ("http://evil.example", ""),
    ],
)
def test_the_points_page_returns_to_a_path_of_the_portal(wallet_company, return_url, back):
    assert wallet_company.points_page(return_url).url == f"/sandbox/wallet?back={back}"


@pytest.mark.parametrize("return_url", ["javascript:alert(1)", "//evil.example", "orders"])
def test_the_points_page_refuses_a_malformed_return_address(wallet_company, return_url):
    with pytest.raises(ValueError, match=re.escape("return_url")):
        wallet_company.points_page(return_url)


def buy(books, wallet_id: str, amount: int) -> None:
    visit = wallet_visits.open_own(books, wallet_id, "", BROWSER)
    wallet_visits.sign_in(books, visit.token, wallet_id)
    wallet_visits.buy(books, visit.token, amount, 0)
