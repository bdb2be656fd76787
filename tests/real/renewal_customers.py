"""Customers with something to renew, built by the demo's own personas, in a separate demo on the 12th or 13th of a month.

On these days a charge of the 5th has failed twice and is tried again, a contract that ended with the last month is 停止中, and it is too
late to change the おさいぽ! charge of the 15th.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from pathlib import Path

from portal import clock
from portal.catalog import Catalog
from portal.demo import filling, stories, turning
from portal.demo.companies import sandbox_companies
from portal.demo.days import first_day, months_before
from portal.demo.folder import DemoFolder
from portal.demo.personas import Persona, Step
from portal.demo.visitor import Visitor
from portal.demo.wsgi import create_demo
from portal.rules.orders.terms import span
from portal.runtime.settings import Settings, settings_from
from portal.store import database as store
from portal.store.opening import migrate_database
from portal.web.filters import date_ja
from tests import steps
from tests.real.server import Server

DAY = 12
Act = Callable[[Visitor, Catalog], None]


@dataclass(frozen=True)
class World:
    """`today` is the date on the demo's clock."""

    server: Server
    today: date

    @property
    def month_end(self) -> date:
        """On which the contracts end that were bought last month."""
        return span(self.today.replace(day=1), 1).ends_on

    @property
    def year_end(self) -> date:
        """On which the contracts end that were bought for 12 months when the demo began."""
        return span(self.today, 12).ends_on

    @staticmethod
    def paid_after(end: date, months: int) -> str:
        """What the contract's table says of a next term that is paid."""
        term = span(end + timedelta(days=1), months)
        return f"次回：{date_ja(term.starts_on)}から{date_ja(term.ends_on)}まで（お支払い済み）"


def begin(folder: Path) -> World:
    """Builds the customers before the program starts."""
    folder.mkdir()
    today = _fill(settings_from(DemoFolder(folder).environment()))
    return World(Server(folder).start(as_it_begins=True), today)


def _fill(settings: Settings) -> date:
    """As `portal demo` does it, and then on to the day; the date on the clock."""
    migrate_database(settings)
    companies, books = sandbox_companies(settings)
    app = create_demo(settings, companies, books)
    filling.begin_anew(app, PERSONAS)
    today = max(clock.today(), first_day(clock.day_of(clock.real_now())).replace(day=DAY))
    turning.forward(app, today)
    books.close()
    store.close()
    clock.turn_by(lambda: 0)
    return today


def _server(months: int) -> Act:
    """Paid by card; nothing else."""
    return lambda visitor, catalog: _pay_by_card(_choose(visitor, catalog, months=str(months)))


def _everything_for_a_month(visitor: Visitor, catalog: Catalog) -> None:
    """Each option too; the certificate for its year."""
    _pay_by_card(_choose(visitor, catalog, ssl="quick", backup="1", device_months="1", devices="2"))


def _a_month_by_wallet(visitor: Visitor, catalog: Catalog) -> None:
    """Charged on the 15th."""
    _choose(visitor, catalog).send(do="next", method="wallet", wallet_day="15")
    visitor.send(wallet_id=steps.WALLET)
    visitor.send(password=steps.WALLET_PASSWORD)
    visitor.send()
    visitor.visit(f"{visitor.address}/confirm")
    visitor.send()


def _choose(visitor: Visitor, catalog: Catalog, **chosen: str) -> Visitor:
    """To お支払い方法, for one month unless it is said otherwise."""
    visitor.visit("/contract")
    visitor.send("/orders")
    agreed = {f"agree_{product}": catalog.document_of(product).version for product in ("server", "ssl", "backup", "device")}
    visitor.send(do="next", **{"months": "1", "ssl": "", "backup": "", "device_months": "", "devices": "1"} | chosen | agreed)
    return visitor


def _pay_by_card(visitor: Visitor) -> None:
    visitor.send(do="next", method="card")
    visitor.send(number=steps.GOOD, expiry="12/98", code="123", name="HANA MIHON")
    visitor.send()


def _stopped(act: Act, months_ago: int = 1) -> tuple[Step, Step]:
    """Bought, and the renewal stopped on the next day."""
    return Step(act, months_before(months_ago, 20)), Step(stories.stop_the_renewal, months_before(months_ago, 21))


BY_HAND, BY_ITSELF = _stopped(_server(1)), (Step(_server(12)),)
FAILED = (Step(stories.a_month_by_a_card_that_is_good_once, months_before(1, 20)),)
STORIES = {"by_hand": BY_HAND, "failed": FAILED} | dict.fromkeys(("change", "reservation", "reset", "method", "wallet"), BY_ITSELF)
SIGHTS = {
    "look-by-hand": _stopped(_everything_for_a_month),
    "look-card": (Step(_everything_for_a_month),),
    "look-closed": (Step(_a_month_by_wallet, months_before(1, 20)),),
    "look-failed": FAILED,
    "look-ended": _stopped(_server(1), 2),
}
IN_TERMINALS = [(program, story) for program in ("w3m", "lynx", "elinks") for story in ("by_hand", "reset")]
HANDS = [f"{hand}-{story}" for hand, story in (*product(("edbrowse", "keyboard"), STORIES), *IN_TERMINALS)]
PERSONAS = (
    *(Persona(login, "見本 更新", login, STORIES[login.partition("-")[2]]) for login in HANDS),
    *(Persona(login, "見本 画面", login, steps) for login, steps in SIGHTS.items()),
)
