"""kill -9 at every step of a renewal run.

`python -m tests.actions.renewals.killed DATABASE_URL FOLDER EACH [STORY]` prints one line of JSON for each contract, one about the books.

Each scenario runs on its own contract in a process killed at its n-th step, n = 1, 1 + EACH, ... until it survives: when all is
written and not committed, after each commit, and before and after each call to a company. Then other processes, when every lease has
expired, run the worker on that day and the following ones, until the middle of January.
"""

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import count
from pathlib import Path

from models import HostingEvent, Mail, Schedule
from portal.actions.mail import rendering
from portal.catalog import load_catalog
from portal.enums import HostingEventKind, Method
from portal.jobs.context import context_for
from portal.runtime.settings import sample_company
from portal.sandbox.books.outcomes import Outcome
from portal.store import database as store
from tests import fast_setup
from tests.actions.renewals import certificates
from tests.actions.renewals.contract import (
    CHARGE,
    RETRY,
    WALLET_CHARGE,
    Act,
    Contract,
    left_by,
    processes,
    refused_for_ever,
    refused_once,
    reserved,
)
from tests.actions.renewals.days import Calendar
from tests.companies import Company, LosesAnswers, NeverReached
from tests.purchase import INSTALLATION, Shop, later
from tests.races import careless, killed
from tests.races.steps import Steps

Played = Callable[[Shop, Calendar], object]

NOTICE = date(2026, 11, 5)
END, AHEAD, DELETION = date(2027, 1, 1), date(2027, 1, 8), date(2027, 1, 15)
ROUNDS = (NOTICE, CHARGE, date(2026, 12, 6), RETRY, WALLET_CHARGE, date(2026, 12, 28), END, AHEAD, DELETION, date(2027, 1, 16))


@dataclass(frozen=True)
class Scenario:
    """`again`: the customer, who saw no answer, repeats the action before any worker runs.

    `within`: also killed before the commit. `first`: before that step it equals another scenario. `beside`: the story of a second
    contract, of the login with `-2`, that is processed in the same transactions.
    """

    on: date
    acts: Act
    before: Act = Contract.buy
    method: Method = Method.CARD
    company: Callable[[Company], Company] = field(default=lambda company: company)
    again: Act | None = None
    within: bool = False
    first: int = 1
    beside: str = ""


def asks_later(contract: Contract) -> None:
    with later(minutes=2):
        contract.ask()


def second(contract: Contract) -> Contract:
    return replace(contract, login=f"{contract.login}-2")


def buy_both(contract: Contract) -> None:
    contract.buy()
    second(contract).buy(Outcome.PAYS_ONCE)


def look_at_both(contract: Contract) -> None:
    rows = [Schedule.get(Schedule.account == each.account) for each in (contract, second(contract))]
    processes(rows, context_for(contract.calendar.settings, contract.shop.companies).billing)


def without_care(contract: Contract) -> None:
    """The negative control: charge first, write the rows afterwards."""
    careless.renew(contract.account, context_for(contract.calendar.settings, contract.shop.companies).billing)


STORIES = {
    "notice": Scenario(NOTICE, Contract.look),
    "charged": Scenario(CHARGE, Contract.look, within=True),
    "together": Scenario(CHARGE, look_at_both, buy_both, within=True, beside="refused beside"),
    "refused": Scenario(CHARGE, Contract.look, lambda contract: contract.buy(Outcome.PAYS_ONCE), first=3),
    "answer lost": Scenario(CHARGE, Contract.look, company=LosesAnswers, first=3),
    "never arrived": Scenario(CHARGE, Contract.look, company=NeverReached, first=3),
    "asked, was taken": Scenario(CHARGE, asks_later, left_by("after charge")),
    "asked, never arrived": Scenario(CHARGE, asks_later, left_by("before charge")),
    "reserved": Scenario(CHARGE, Contract.look, reserved, first=2),
    "reset": Scenario(CHARGE, Contract.reset, left_by("before charge"), again=Contract.reset, within=True),
    "another card": Scenario(CHARGE, Contract.set_another_card, left_by("after commit"), first=4),
    "retried": Scenario(RETRY, Contract.look, refused_once, first=2),
    "charged by wallet": Scenario(WALLET_CHARGE, Contract.look, method=Method.WALLET, within=True),
    "wallet reset": Scenario(WALLET_CHARGE, Contract.reset, left_by("before debit"), Method.WALLET, again=Contract.reset),
    "with a certificate": Scenario(CHARGE, Contract.look, certificates.buy_issued, first=2),
    "issued": Scenario(CHARGE, certificates.issue, certificates.buy_requested, again=certificates.issue, within=True),
    "not issued": Scenario(CHARGE, certificates.refuse, certificates.buy_requested, again=certificates.refuse, within=True),
    "ended": Scenario(END, Contract.look, refused_for_ever),
    "deletion announced": Scenario(AHEAD, Contract.look, refused_for_ever, first=2),
    "deleted": Scenario(DELETION, Contract.look, refused_for_ever, within=True),
}
CONTROLS = {"without care": Scenario(CHARGE, without_care)}


def main(url: str, folder: Path, each: int, stories: dict[str, Scenario]) -> None:
    store.SafeSqlite = fast_setup.UnsyncedSqlite  # what a killed process has written is there, on the disk or not
    store.bind(url)
    catalog = load_catalog(sample_company())
    rendering.bind(rendering.Letterhead(catalog.company, "http://127.0.0.1:8000", "info@kawasemi.example.jp", INSTALLATION))

    def open_shop() -> Shop:
        return certificates.with_short_certificates(killed.shop_of(catalog, folder))

    def played(act: Played, *, may_die: bool = False) -> object:
        """`may_die`: in a process of its own."""

        def run(shop: Shop) -> object:
            return act(shop, Calendar(killed.settings_of(url, folder), shop.books))

        return killed.in_process(lambda: run(open_shop())) if may_die else killed.in_another(open_shop, run)

    told: list[dict] = []
    for day in ROUNDS:
        for name, story in stories.items():
            told += _deaths(name, story, played, each) if story.on == day else ()
        played(lambda shop, calendar: _round(shop, calendar, day))  # noqa: B023
    played(lambda shop, calendar: _print(shop, calendar, told))


def _deaths(name: str, story: Scenario, played: Callable[..., object], each: int) -> Iterator[dict]:
    for death in count(story.first, each):
        login = f"{name}-{death}".replace(" ", "-").replace(",", "")
        step = played(lambda shop, calendar: play(story, Contract(shop, calendar, login), death), may_die=True)  # noqa: B023
        again = played(lambda shop, calendar: _again(story, Contract(shop, calendar, login))) if story.again else None  # noqa: B023
        yield {"story": name, "death": death, "step": step, "login": login, "again": again}
        if story.beside:
            yield {"story": story.beside, "death": death, "step": step, "login": f"{login}-2", "again": None}
        if step == "lived" or "problem" in step:
            return


def play(story: Scenario, contract: Contract, death: int) -> str:
    contract = contract.by(story.method)
    contract.calendar.jump(story.on)
    story.before(contract)
    contract.calendar.jump(story.on)
    steps_told = count(1)

    def die(_number: int, name: str) -> None:
        if (name == "before commit" or name.startswith("after")) and next(steps_told) == death:
            os.write(int(os.environ["LAST_WORDS"]), json.dumps(name).encode())
            os.kill(os.getpid(), signal.SIGKILL)

    with Steps(die, dies_within=story.within, only_writes=True) as steps:
        story.acts(contract.asking(story.company(steps.watch(contract.shop.company))))
    return "lived"


def _again(story: Scenario, contract: Contract) -> list[dict]:
    """The result of a reset shown to the customer, and the charges made until then."""
    contract = contract.by(story.method)
    contract.calendar.jump(story.on)
    story.again(contract)
    return [vars(told) | {"charged": len(charged)} for told, charged in contract.resets]


def _round(shop: Shop, calendar: Calendar, day: date) -> None:
    """Run twice, because the second pass repeats what the first finds lost."""
    with later(minutes=12) as traveller:
        calendar.jump(day)
        for _ in range(2):
            calendar.work(shop)
            traveller.shift(360)


def _print(shop: Shop, calendar: Calendar, told: list[dict]) -> None:
    for line in told:
        print(json.dumps(line | {"at_last": _found(Contract(shop, calendar, line["login"]))}))
    print(json.dumps({"faults": shop.ledger.faults(), "twice": shop.ledger.charged_twice()}), flush=True)


def _found(contract: Contract) -> dict:
    account = contract.account
    about = {"charged": len(contract.charged), "ends_on": str(contract.ends_on), "is_deleted": account.server is None}
    about |= {"mails": [str(mail.kind) for mail in account.mails.order_by(Mail.id)]}
    asked = account.hosting_events.where(HostingEvent.kind == HostingEventKind.CERTIFICATE).order_by(HostingEvent.id)
    return about | {"certificates": [str(event.ends_on) for event in asked]}


if __name__ == "__main__":
    only = {name: story for name, story in (STORIES | CONTROLS).items() if name in sys.argv[4:]}
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), only or STORIES)
