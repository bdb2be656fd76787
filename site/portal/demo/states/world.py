"""The gallery's own world: a database of its own, a clock that stands still, and customers who act out the scenes day by day.

Nothing of it is the demo's: it lives for seconds in a folder that is then deleted. Run it only in a process that serves nobody.
"""

import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pyotp
from flask import Flask

from models import Account, Mail, Staff
from portal import clock
from portal.actions.accounts.accounts import add_account
from portal.actions.accounts.staff_members import SECONDS, add_staff
from portal.catalog import Catalog
from portal.demo import turning
from portal.demo.companies import sandbox_companies
from portal.demo.days import When, on_the_first_day
from portal.demo.hosting_side import answer_what_is_asked
from portal.demo.sent_mails import as_sent
from portal.demo.states.guest import Guest, Keep
from portal.demo.wsgi import WORDS, create_demo
from portal.enums import MailKind, StaffRole
from portal.jobs import worker
from portal.runtime.settings import Settings, settings_from
from portal.sandbox import books as sandbox_books
from portal.store import database as store
from portal.store.database import database
from portal.store.opening import migrate_database

BEGIN = datetime(2026, 11, 10, 1, tzinfo=UTC)  # 10 in the morning in Japan, on a day as demo/days.py wants it
FIRST_DAY = date(2026, 11, 10)
BETWEEN_PAGES = timedelta(seconds=12)  # longer than clock.ONE_PRESS: each press is one of its own
NOT_A_SECRET = "everybody-may-read-these-pages-0123456789"
PASSWORD = "demo-pass"
NAME = "見本 花子"


@dataclass(frozen=True)
class Scene:
    """Somebody does something on a day. `is_early`: before the worker's jobs of that day."""

    act: Callable[["World"], object]
    when: When = on_the_first_day
    is_early: bool = False


def on(month: int, day: int) -> When:
    """A day of the year of the first one."""
    return lambda first: first.replace(month=month, day=day)


class Wall:
    """The real clock of this world: it moves from page to page."""

    def __init__(self) -> None:
        self.moment = BEGIN

    def now(self) -> datetime:
        return self.moment


class World:
    def __init__(self, app: Flask, keep: Keep, wall: Wall) -> None:
        self.app, self.wall, self._keep = app, wall, keep
        self.catalog: Catalog = app.extensions["catalog"]
        self._trouble: Exception | None = None
        self._guests: dict[str, Guest] = {}
        self.sandbox: Flask = app.wsgi_app.mounts["/sandbox"]
        app.before_request(self._break)
        app.wsgi_app = self._ticking(app.wsgi_app)

    def live(self, scenes: Iterable[Scene]) -> None:
        """From the earliest day to the last, with the worker's jobs on every day."""
        planned = sorted(((scene.when(FIRST_DAY), not scene.is_early, scene) for scene in scenes), key=lambda row: row[:2])
        self.stand_on(planned[0][0])
        for day, is_late, scene in planned:
            while clock.today() < day:
                self.work()
                self.stand_on(clock.today() + timedelta(days=1))
            if is_late:
                self.work()
            scene.act(self)

    def visitor(self, name: str) -> Guest:
        """A browser of that name, in which nobody has signed in yet."""
        if name not in self._guests:
            number = len(self._guests)
            address = f"10.0.{number // 200}.{number % 200 + 1}"
            self._guests[name] = Guest(self.app, self.app.extensions["settings"].public_url, self._keep, address)
        return self._guests[name]

    def customer(self, login: str, name: str = NAME) -> Guest:
        """Signed in. The account is made at the first time."""
        if Account.by_login(login) is None:
            plan = self.catalog.plans[len(self.catalog.plans) // 2].id
            add_account(login=login, password=PASSWORD, name=name, email=f"{login}@example.jp", plan=plan, site=(), actor="demo")
        guest = self.visitor(login).visit("/account")
        return guest.sign_in(login, PASSWORD) if guest.address == "/login" else guest

    def staff(self, login: str = "keiri", role: StaffRole = StaffRole.ACTING) -> Guest:
        """Signed in with both factors."""
        self.staff_member(login, role)
        guest = self.visitor(f"staff {login}").visit("/staff/")
        if guest.address == "/staff/login":
            guest.press("次へ", login=login, password=PASSWORD).press("ログイン", code=self.code(login))
        return guest

    def staff_member(self, login: str = "keiri", role: StaffRole = StaffRole.ACTING) -> Staff:
        return Staff.by_login(login) or add_staff(login, PASSWORD, "見本 係", site=(), actor="demo", role=role).staff

    def code(self, login: str) -> str:
        """What the authenticator app of that colleague shows next: each code counts once."""
        self.wait(seconds=SECONDS)
        staff = Staff.by_login(login)
        now = int(clock.real_now().timestamp()) // SECONDS
        return pyotp.TOTP(staff.totp_secret).generate_otp(max(now, min(staff.totp_step + 1, now + 1)))

    @contextmanager
    def selling(self, catalog: Catalog) -> Iterator[None]:
        """The company has edited its catalog."""
        before, self.app.extensions["catalog"] = self.app.extensions["catalog"], catalog
        try:
            yield
        finally:
            self.app.extensions["catalog"] = before

    @contextmanager
    def trouble(self, error: Exception) -> Iterator[None]:
        """Every page breaks with it."""
        self._trouble = error
        try:
            yield
        finally:
            self._trouble = None

    def work(self) -> None:
        """The worker's jobs of now. The companies' webhooks are left out: they are signed with the true time, which is not that of here."""
        companies = replace(self.app.extensions["companies"], sandbox_jobs=(answer_what_is_asked,))
        for _ in range(turning.MOST_PASSES):
            if not worker.run_once(self.app.extensions["settings"], companies, turning.OF_THE_DAY):
                break

    def link_in_mail(self, kind: MailKind) -> str:
        """The one-time link, which only the mail that was sent has."""
        mail = Mail.select().where(Mail.kind == kind).order_by(Mail.id.desc()).get()
        return re.search(r"https?://[^/\s]+(/\S+)", as_sent(mail, self.app.extensions["settings"].data_folder))[1]

    def stand_on(self, day: date) -> None:
        turning.set_day(self.app.extensions["books"], day)

    def wait(self, **time: float) -> None:
        """Pages and sign-ins grow old."""
        self.wall.moment += timedelta(**time)

    def _break(self) -> None:
        if self._trouble:
            raise self._trouble

    def _ticking(self, app: Callable) -> Callable:
        def answer(environ: dict, start_response: Callable) -> Iterable[bytes]:
            self.wall.moment += BETWEEN_PAGES
            return app(environ, start_response)

        return answer


@contextmanager
def open_world(folder: Path, company_folder: Path, keep: Keep) -> Iterator[World]:
    """Everything is put back at the end: the clocks, what chance draws, the database."""
    settings, wall = _settings(folder, company_folder), Wall()
    migrate_database(settings)
    companies, books = sandbox_companies(settings)
    with _living_by(wall), _drawing_alike():
        app = create_demo(settings, companies, books)
        for word in (*WORDS, "personas"):
            del app.jinja_env.globals[word]  # the pages look as in real use
        store.ensure_connection()
        for execute in (database.execute_sql, books.reader().execute):
            execute("PRAGMA synchronous = OFF")
        yield World(app, keep, wall)
    books.close()
    store.close()


@contextmanager
def _living_by(wall: Wall) -> Iterator[None]:
    for module in (clock, sandbox_books):
        module.live_by(wall.now)
    try:
        yield
    finally:
        for module in (clock, sandbox_books):
            module.live_by(lambda: datetime.now(UTC))
        clock.turn_by(lambda: 0)


@contextmanager
def _drawing_alike() -> Iterator[None]:
    """Order numbers and the like are the same each time. Nothing in this world is a secret."""
    before = {name: getattr(secrets, name) for name in ("token_bytes", "randbelow", "choice")}
    drawn = Random(1)  # noqa: S311
    secrets.token_bytes = lambda count=None: drawn.randbytes(count or secrets.DEFAULT_ENTROPY)
    secrets.randbelow, secrets.choice = drawn.randrange, drawn.choice
    try:
        yield
    finally:
        for name, draw in before.items():
            setattr(secrets, name, draw)


def _settings(folder: Path, company_folder: Path) -> Settings:
    secrets_of_nobody = dict.fromkeys(("SECRET_KEY", "NOTICE_SECRET"), NOT_A_SECRET)
    return settings_from(
        {"DEMO": "1", "DATA_FOLDER": str(folder), "COMPANY_FOLDER": str(company_folder), "INSTALLATION_ID": "demo"} | secrets_of_nobody
    )
