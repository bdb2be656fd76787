"""A locked or failing row blocks no other row, and is reported."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import psycopg
import pytest

from models import Account, Announcement, HostingEvent, Mail, Order, Payment, Schedule, Term
from portal import clock
from portal.actions.mail import account_mails, order_mails
from portal.enums import OrderKind
from portal.gateways.companies import Companies
from portal.jobs import run_due, worker
from portal.sandbox.books.outcomes import Outcome
from portal.store import database as store
from portal.store import row_locks
from tests.companies import LosesAnswers

pytestmark = pytest.mark.store

CHARGE_DAY = date(2026, 12, 5)
HELD, FREE = "aki", "haru"
PATIENT_SECONDS = 4  # whoever waited for one locked row would need 5; a pass takes less than 1 on a quiet machine


class Contracts:
    """For each of two customers one of everything a pass handles: an abandoned order, an overdue transfer, a renewal, a mail …"""

    def __init__(self, shop, calendar):
        self.shop, self.calendar = shop, calendar
        self.abandoned, self.overdue, self.asked = {}, {}, {}
        for login in (HELD, FREE):
            shop.buy(login)
            self.asked[login] = shop.asking(LosesAnswers(shop.company)).buy(f"{login}-asked")
            self.abandoned[login] = shop.buy(f"{login}-abandoned", Outcome.REFUSED)
            self.overdue[login] = shop.place_for_transfer(shop.draft(f"{login}-overdue"))
        Mail.update(state="sent", sent_at=clock.now()).execute()
        HostingEvent.update(state="sent", sent_at=clock.now()).execute()
        calendar.jump(date(2027, 1, 6))
        Schedule.update(due_on=date(9999, 12, 31)).execute()
        for login in (HELD, FREE):
            Schedule.update(due_on=clock.today()).where(Schedule.account == Account.by_login(login)).execute()

    def accounts(self, whose: str) -> list[int]:
        return [account.id for account in Account.select().where(Account.login.startswith(whose))]

    def state(self, whose: str) -> list[str]:
        """The states after a pass: cancelled, expired, succeeded."""
        orders = [str(Order.get_by_id(found[whose].id).state) for found in (self.abandoned, self.overdue)]
        return [*orders, str(Payment.get(Payment.order == self.asked[whose].id).state)]

    def is_looked_after(self, whose: str) -> bool:
        return Schedule.get(Schedule.account == Account.by_login(whose)).due_on > clock.today()

    def waiting_mails(self, whose: str) -> int:
        return Mail.select().where(Mail.account.in_(self.accounts(whose)), Mail.state == "waiting").count()


@pytest.fixture
def contracts(shop, calendar) -> Contracts:
    return Contracts(shop, calendar)


@contextmanager
def held(url: str, *statements: str) -> Iterator[None]:
    """Another connection holds the rows of these queries."""
    with psycopg.connect(url) as other:
        for statement in statements:
            other.execute(f"{statement} FOR UPDATE")
        yield
        other.rollback()


def accounts_of(whose: str) -> str:
    return f"SELECT id FROM account WHERE login LIKE '{whose}%'"


SCHEDULE = "SELECT * FROM schedule WHERE account_id IN (SELECT id FROM account WHERE login = 'aki')"


only_on_postgresql = pytest.mark.store(only="postgresql")  # SQLite locks whole files, for milliseconds
DONE, NOTHING = ["cancelled", "expired", "succeeded"], ["placed", "placed", "unknown"]


@only_on_postgresql
@pytest.mark.parametrize(
    "query", [accounts_of(HELD), "SELECT * FROM schedule WHERE account_id IN (SELECT id FROM account WHERE login = 'aki')"]
)
def test_a_locked_account_does_not_block_the_others(contracts, settings, database, capsys, query):
    with held(database, query):
        started = time.monotonic()
        code = run_due.run(settings, contracts.shop.companies)
        seconds = time.monotonic() - started

        assert contracts.state(FREE) == DONE
        assert contracts.is_looked_after(FREE)
        assert not contracts.is_looked_after(HELD)
    printed = capsys.readouterr().out
    assert seconds < PATIENT_SECONDS
    assert code == run_due.SOMETHING_FAILED
    assert "  失敗：" in printed
    assert contracts.waiting_mails(FREE) == 0


@only_on_postgresql
def test_a_locked_account_is_processed_in_the_next_pass(contracts, settings, database, capsys, caplog):
    with held(database, accounts_of(HELD)):
        run_due.run(settings, contracts.shop.companies)
        assert contracts.state(HELD) == NOTHING
    locked = [record.getMessage() for record in caplog.records if "is locked" in record.getMessage()]
    assert {line.split()[0] for line in locked} == {"payment", "order", "account"}
    assert not any(record.exc_info for record in caplog.records)
    assert "  失敗：5件" in capsys.readouterr().out

    assert run_due.run(settings, contracts.shop.companies) == run_due.DONE

    assert contracts.state(HELD) == DONE
    assert contracts.is_looked_after(HELD)


@only_on_postgresql
def test_the_worker_skips_locked_accounts_too(contracts, settings, database):
    with held(database, accounts_of(HELD)):
        started = time.monotonic()
        worker.run_once(settings, contracts.shop.companies)

        assert time.monotonic() - started < PATIENT_SECONDS
        assert (contracts.state(FREE), contracts.state(HELD)) == (DONE, NOTHING)


@only_on_postgresql
def test_the_mail_of_a_locked_account_waits_and_others_are_sent(contracts, settings, database):
    for login in (HELD, FREE):
        account_mails.new_browser(Account.by_login(login), "192.0.2.1", "test", "form")
    with held(database, accounts_of(HELD)):
        worker.run_once(settings, contracts.shop.companies)

        assert (contracts.waiting_mails(HELD), contracts.waiting_mails(FREE)) == (1, 0)


@only_on_postgresql
def test_negative_control_without_skip_locked_everyone_waits(contracts, settings, database, monkeypatch):
    """The negative control: waiting for one locked row delays the whole pass."""
    monkeypatch.setattr(row_locks, "skip_locked", store.for_update)
    with held(database, accounts_of(HELD)):
        started = time.monotonic()
        worker.run_once(settings, contracts.shop.companies)

        assert time.monotonic() - started > 5


def test_a_failing_row_does_not_stop_the_others(contracts, settings, monkeypatch, capsys, caplog):
    broken = contracts.overdue[HELD].id
    plain = order_mails.order_expired
    monkeypatch.setattr(order_mails, "order_expired", lambda order, *about: 1 / 0 if order.id == broken else plain(order, *about))

    code = run_due.run(settings, contracts.shop.companies)

    assert contracts.state(FREE) == DONE
    assert contracts.state(HELD) == ["cancelled", "placed", "succeeded"]
    assert code == run_due.SOMETHING_FAILED
    assert "  失敗：1件" in capsys.readouterr().out
    failed = [record for record in caplog.records if "failed" in record.getMessage()]
    assert {record.getMessage().partition(": ")[0] for record in failed} == {f"order {broken} failed and will be tried again"}
    assert not any(record.exc_info for record in failed)


def test_a_failing_account_does_not_stop_other_renewals(shop, calendar, settings, capsys):
    for login in (HELD, FREE):
        shop.buy(login)
    [end] = {term.ends_on for term in Term.select()}
    values = {"charge_on": CHARGE_DAY, "yen": 1, "content": "damaged", "announced_on": CHARGE_DAY}
    Announcement.create(account=Account.by_login(HELD), ends_on=end, **values)
    calendar.jump(end.replace(day=5))

    code = run_due.run(settings, shop.companies)

    paid = Order.select(Account.login).join(Account).where(Order.kind == OrderKind.AUTO, Order.state == "paid").tuples()
    assert list(paid) == [(FREE,)]
    assert code == run_due.SOMETHING_FAILED
    assert "  失敗：1件" in capsys.readouterr().out


def test_a_database_outage_does_not_count_as_a_failing_row(shop, settings, monkeypatch):
    """Every job would fail: the outage is logged for the job, and no row counts as failed."""
    shop.buy(FREE, Outcome.REFUSED)
    assert not row_locks.is_about_one_row(store.OperationalError("server closed the connection unexpectedly"))
    assert row_locks.is_about_one_row(ValueError("a mistake"))
    assert run_due.run(settings, Companies()) == run_due.DONE


@only_on_postgresql
def test_waiting_too_long_for_one_row_is_about_that_row(database):
    store.database.execute_sql("CREATE TABLE one (id INTEGER)")
    store.database.execute_sql("INSERT INTO one VALUES (1)")
    store.database.execute_sql("SET lock_timeout = 50")
    with held(database, "SELECT id FROM one"), pytest.raises(store.OperationalError) as raised:
        store.database.execute_sql("UPDATE one SET id = 2")

    assert row_locks.is_about_one_row(raised.value)
