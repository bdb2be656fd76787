"""What `bench/at_size.py` asks: every page of a customer, staff's pages and lists with searches, files, jobs, and what runs for long."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from models import Account, Allocation, BankFile, CountedTry, Deposit, Installation, Invoice, Order, Staff
from portal import clock
from portal.actions.operations.verify import verify
from portal.actions.renewals import schedule
from portal.app import create_app
from portal.demo.companies import sandbox_companies
from portal.enums import Method, OrderState
from portal.jobs.context import context_for
from portal.jobs.table import JOBS
from portal.jobs.worker import run_once
from portal.runtime.settings import Settings, sample_company
from portal.store import database as store
from tests.browser import Browser
from tests.keys import KEYS
from tests.staff_desk import a_clerk, sign_in

CUSTOMER = [
    "/",
    "/contract",
    "/contract/timeline",
    "/history",
    "/history/2026.csv",
    "/papers/{paper}",
    "/mails",
    "/account",
    "/account/sessions",
    "/account/data",
    "/account/data/json",
    "/domains",
    "/ssl",
    "/backup",
    "/security",
    "/renewal/change",
    "/renewal/method",
    "/renewal/reset",
    "/renewal/reservation",
    "/orders/{number}",
]
STAFF = [
    "/staff/",
    "/staff/?page=400",
    "/staff/orders",
    "/staff/orders?page=500",
    "/staff/deposits",
    "/staff/deposits?page=500",
    "/staff/deposits?rest=yes",
    "/staff/deposits?rest=yes&page=400",
    "/staff/accounts",
    "/staff/accounts?page=500",
    "/staff/mails",
    "/staff/mails?page=500",
    "/staff/history",
    "/staff/history?page=500",
    "/staff/attention",
    "/staff/waiting",
    "/staff/waiting?page=200",
    "/staff/matching",
    "/staff/held",
    "/staff/held?after={held}",
    "/staff/payouts",
    "/staff/remittances",
    "/staff/bank",
    "/staff/bank/{file}",
    "/staff/bank/{file}?page=50",
    "/staff/papers",
    "/staff/papers?page=500",
    "/staff/papers/{paper}",
    "/staff/papers/months",
    "/staff/provisioning",
    "/staff/certificates",
    "/staff/certificates/failed",
    "/staff/domains",
    "/staff/files",
    "/staff/day/{day}",
    "/staff/day/{busy}",
    "/staff/day/{busy}/paid",
    "/staff/day/{busy}/awaited?page=400",
    "/staff/orders/{number}",
    "/staff/accounts/{login}",
    "/staff/accounts/{login}/erasure",
    "/staff/deposits/{deposit}",
    "/staff/deposits/{deposit}/orders/{waiting}",
    "/readyz",
]
FILES = [
    "/staff/papers/found.csv?first={busy}&last={busy}",
    "/staff/papers/found.csv?partner={name}",
    "/staff/papers/found.csv",
    "/staff/journal/{busy}/freee.csv",
    "/staff/journal/{month}/freee.csv",
    "/staff/files/audit_invoices.csv",
    "/staff/files/audit_history.csv",
]
SEARCHED = [
    "/staff/",
    "/staff/orders",
    "/staff/deposits",
    "/staff/accounts",
    "/staff/mails",
    "/staff/history",
    "/staff/provisioning",
    "/staff/certificates",
]

ADDRESS = "https://portal.example.jp"


@dataclass(frozen=True)
class Asked:
    """`once`: it changes what it finds, or takes long."""

    name: str
    ask: Callable[[], object]
    once: bool = False


def asked(url: str, data: Path, accounts: int) -> Iterator[Asked]:
    known = {"company_folder": sample_company(), "data_folder": data, "installation_id": "bench", "public_url": ADDRESS}
    secrets = {"secret_key": "s" * 43, "notice_secret": "n" * 43, "data_keys": KEYS}
    about = {"card_company": "sandbox", "trusted_proxies": 0, "host": "127.0.0.1", "port": 8000}
    settings = Settings(demo=True, database_url=url, **known, **secrets, **about)
    companies, books = sandbox_companies(settings)
    store.close()
    app = create_app(replace(settings, demo=False, public_url=ADDRESS), companies=companies)  # the demo lists its customers
    store.ensure_connection()
    Installation.insert(id=1, installation_id="bench", is_demo=False).on_conflict_ignore().as_rowcount().execute()
    of = _things(accounts)
    customer = Browser(app, ADDRESS).sign_in(of["login"]).client
    yield from (Asked(path, _page(customer, path.format(**of))) for path in CUSTOMER)
    desk = sign_in(Browser(app, ADDRESS), a_clerk(f"clerk{Staff.select().count()}")).client
    yield from (Asked(path, _page(desk, path.format(**of))) for path in STAFF)
    for address in SEARCHED:
        yield from (Asked(f"{address}, by {what}", _page(desk, f"{address}?q={quote(text)}")) for what, text in _texts(of).items())
    papers = {"day": f"first={clock.today()}", "yen": "least=13200&most=13200", "name": f"partner={quote(of['name'][:4])}"}
    yield from (Asked(f"/staff/papers, by {what}", _page(desk, f"/staff/papers?{text}")) for what, text in papers.items())
    yield from _jobs(settings, companies)
    yield from (Asked(path, _page(desk, path.format(**of)), once=True) for path in FILES)
    yield Asked("a catalog edit: every account is due", lambda: schedule.follow_catalog("x" * 64, clock.today()), once=True)
    yield Asked("verify", lambda: list(verify()), once=True)
    books.close()


def _things(accounts: int) -> dict[str, str]:
    """Of a customer in the middle, who pays by card, and of money that waits. `busy`: a day on which thousands paid."""
    account = Account.get(Account.login == f"bench{accounts // 200 * 100 + 5}")
    order = Order.select().where(Order.account == account).order_by(Order.id).first()
    deposit = Deposit.select().order_by(Deposit.id.desc()).first()
    waits = Order.select().where(Order.state == OrderState.PLACED, Order.method == Method.BANK).order_by(Order.id.desc()).first()
    held = Allocation.select().where(Allocation.order.is_null()).order_by(Allocation.id.desc()).first()
    about = {"login": account.login, "name": account.name, "email": account.email, "number": order.number, "day": str(clock.today())}
    about |= {"deposit": deposit.number, "payer": deposit.payer_key, "held": f"{held.received_on}.{held.id}", "busy": str(order.paid_on)}
    about |= {"paper": Invoice.get(Invoice.order == order).number, "file": BankFile.get().number, "month": f"{clock.today():%Y-%m}"}
    about["waiting"] = waits.number
    return about


def _texts(of: dict[str, str]) -> dict[str, str]:
    parts = {"a part of a number": of["number"][2:7], "beginning of a login": of["login"][:-1], "a part of a name": of["name"].split()[1]}
    others = {"a whole name": of["name"], "address": of["email"], "a price": "13200", "words": "確認しました", "nothing": "ないもの"}
    return {"number": of["number"], "login": of["login"], **parts, **others, "one letter": "田", "payer": of["payer"]}


def _page(client: Any, path: str) -> Callable[[], None]:
    def ask() -> None:
        answer = client.get(path, base_url=ADDRESS, headers={"Accept-Encoding": "gzip, br"})
        if answer.status_code not in (200, 503):  # nobody works: /readyz says so
            raise RuntimeError(f"{path} answers {answer.status_code}")
        if "q=" in path:
            CountedTry.delete().where(CountedTry.kind == "search").execute()

    return ask


def _jobs(settings: Settings, companies: Any) -> Iterator[Asked]:
    context = context_for(settings, companies, accounts_a_pass=200)
    Installation.update(catalog_sha256=context.catalog_sha256, catalog_since=None).execute()
    yield from (Asked(f"job: {job.name}", lambda job=job: list(job.run(context))) for job in JOBS if job.name != "comparison")
    yield Asked("a pass of the worker with nothing to do", lambda: run_once(settings, companies, [job for job in JOBS if not job.every]))
