"""No page and no job reads a big table whole: every statement that they execute is explained by the database itself.

A statement that has to, or that only seems to, stands in ALLOWED with its reason.
"""

import re

import pytest
from flask import Flask

from models import Account, Order
from portal import clock
from portal.catalog import Catalog
from portal.enums import DayPart
from portal.gateways.companies import Companies
from portal.jobs.run_due import forecast
from portal.jobs.table import JOBS
from portal.jobs.worker import run_once
from portal.runtime.settings import Settings
from portal.store import database as store
from tests.browser import Browser
from tests.factories import Workshop, a_customer
from tests.plans import Recorder, as_if_full, whole_reads
from tests.routes.staff.addresses import staff_addresses
from tests.routes.test_access import OWN, OWN_ELSEWHERE, PRIVATE, Addresses
from tests.staff_desk import Clerk, a_clerk, sign_in

pytestmark = pytest.mark.store
SEARCHED = ("", "orders", "deposits", "accounts", "mails", "history", "provisioning", "certificates", "certificates/failed", "domains")
TEXTS = ("12345678", "13200", "new", "ミホン", "確認しました")
PAPERS = (
    "q=new",
    "q=12345678",
    "least=13200&most=13200",
    "least=5",
    "first=2026-11-01&last=2026-11-30",
    "first=2026-11-01&q=new&most=13200",
)
MANY = 200  # statements: else the pages were not asked for
JOINS = r'( (INNER|LEFT OUTER) JOIN "\w+" AS "t\d" ON \([^()]*\))*'
LIST = rf"""^SELECT [^()]* FROM "\w+" AS "t1"{JOINS}( WHERE \("t1"."state" != 'draft'\))? ORDER BY [^()]* LIMIT \S+ OFFSET \S+$"""
ALLOWED = {
    r'ORDER BY ("t1"."traded_on" DESC, )?"t\d+"."id" DESC LIMIT \S+\) AS "last"': "the newest rows, in the order of an index",
    r'\("t1"."total_yen" \+ ': "papers of a range of prices that many have: from the newest on, in an index",
    LIST: "a page of a list, in the order of an index",
    r"\(0 = 1\)": "an empty IN, of which nothing is read",
    r'FROM "(deposit|invoice)" AS "t\d+" LIMIT \S+( OFFSET \S+)?$': "one row, to ask a question beside it",
}

# As many rows as a search finds at most are all the rows of PostgreSQL's copies: it reads them in any way. SQLite is asked for the same.
ON_POSTGRESQL = {
    r'WHERE \(+"t1"."id" BETWEEN \S+ AND \S+\).* ORDER BY "t1"."number"$': "a batch of papers as CSV: more rows than the copies have",
    r'^SELECT "found"."': "a search: up to 1,000 rows of each place",
    r'FROM "order" AS "t1" WHERE \("t1"."id" IN \(SELECT "t2"."order_id" FROM "invoice_owed"': "orders whose papers are owed",
    r'^SELECT M(AX|IN)\("t1"."\w+"\) FROM "\w+" AS "t1" LIMIT': "the end of an index",
    r'"t2"."closed_at" < \S+\)\) UNION': "accounts that were closed, or whose server has ended",
}


def test_no_page_and_no_job_reads_a_big_table_whole(
    app: Flask, settings: Settings, companies: Companies, catalog: Catalog, clerk: Clerk, workshop: Workshop
) -> None:
    customer, theirs = _customers_pages(app, settings, workshop)
    desk = sign_in(Browser(app, settings.public_url), a_clerk("reader"))
    staffs = [address for method, address in staff_addresses(app, clerk, catalog, settings) if method == "GET"]
    staffs += [f"/staff/{name}?q={text}" for name in SEARCHED for text in TEXTS] + ["/staff/deposits?rest=yes"]
    staffs += [f"/staff/papers{way}?{text}" for way in ("", "/found.csv") for text in PAPERS]
    staffs += [f"/staff/day/{clock.today()}/{part}" for part in DayPart]
    staffs += [f"/staff/journal/{period}/list.csv" for period in (f"{clock.today()}", f"{clock.today():%Y-%m}")]
    recorder = Recorder()
    with recorder.listening():
        for browser, addresses in ((customer, theirs), (desk, staffs)):
            for address in addresses:
                browser.client.get(address, base_url=settings.public_url).close()
        run_once(settings, companies, JOBS)
        forecast(settings, companies)

    with as_if_full():
        found = {sql: tables for sql, params in recorder.statements.items() if (tables := whole_reads(sql, params))}

    allowed = ALLOWED | (ON_POSTGRESQL if store.is_postgresql() else {})
    whole = [f"{sorted(tables)}: {sql}" for sql, tables in found.items() if not any(re.search(part, sql) for part in allowed)]
    assert len(recorder.statements) > MANY
    assert not whole, "\n\n".join(whole)
    assert not [sql for sql in recorder.statements if "(0 = 1) OR (" in sql or " OR (0 = 1)" in sql], (
        "an empty IN keeps indexes from being used"
    )


def test_a_whole_read_is_seen(database: str) -> None:
    """The negative control."""
    with as_if_full():
        assert whole_reads(*Account.select().where(Account.name == "見本").sql()) == {"account"}
        assert whole_reads(*Account.select().where(Account.login == "new").sql()) == set()
        assert whole_reads(*Order.select().where(Order.number.contains("123")).order_by(Order.number).sql()) == {"order"}


def _customers_pages(app: Flask, settings: Settings, workshop: Workshop) -> tuple[Browser, list[str]]:
    account = a_customer("owner")
    order = workshop.draft(account)
    later = workshop.setups_for_later(account)
    addresses = Addresses(app, order, workshop.setup(order), workshop.wallet_setup(order), later)
    found = [address for _, method, address in addresses.where(OWN, PRIVATE, OWN_ELSEWHERE) if method == "GET"]
    return Browser(app, settings.public_url).sign_in("owner"), found
