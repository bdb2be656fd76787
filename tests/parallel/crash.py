"""kill -9 at every step of a story: `python -m tests.parallel.crash STORY DATABASE_URL FOLDER` prints one line of JSON for each death.

Each story is played by a process that dies at its n-th step, n = 1, 2, ... until it lives to the end. Then another process, two minutes
later, does the worker's round, looks at the books of both sides, and pays what can still be paid.
"""

import json
import os
import secrets
import signal
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path

import models
from models import Account, Order, Payment
from portal import worker
from portal.actions.placing import place
from portal.app import Companies
from portal.catalog import load_catalog
from portal.gateways.card.sandbox import SandboxCardCompany
from portal.sandbox.books import Books
from portal.sandbox.books.outcomes import Outcome
from portal.settings import Settings, sample_company
from portal.words import OrderState
from tests.companies import LosesAnswers, NeverReached
from tests.parallel import careless
from tests.parallel.steps import Steps
from tests.purchase import EVERYTHING, INSTALLATION, Shop, later

Story = Callable[[Shop, Order, Steps], None]


def pays(outcome: Outcome) -> Story:
    """From the card company's page to the answer of [OK]."""

    def story(shop: Shop, order: Order, steps: Steps) -> None:
        shop.asking(steps.watch(shop.company)).press_ok(order, shop.entry(order, outcome), EVERYTHING)

    return story


def pays_without_care(shop: Shop, order: Order, steps: Steps) -> None:
    """The negative control: the money first, the rows afterwards."""
    accepted, entry = shop.accepted(order, EVERYTHING), shop.entry(order)
    careless.pay_by_card(order, entry, accepted, steps.watch(shop.company), INSTALLATION)


def works(before: Callable[[Shop, Order], None]) -> Story:
    """`before` lived; it is the worker, two minutes later, who dies while asking."""

    def story(shop: Shop, order: Order, steps: Steps) -> None:
        with later(minutes=2):
            worker.ask_about_payments(Companies(card=steps.watch(shop.company)))

    story.before = before
    return story


def answer_lost(shop: Shop, order: Order) -> None:
    shop.asking(LosesAnswers(shop.company)).press_ok(order, shop.entry(order), EVERYTHING)


def never_arrived(shop: Shop, order: Order) -> None:
    shop.asking(NeverReached(shop.company)).press_ok(order, shop.entry(order), EVERYTHING)


def never_sent(shop: Shop, order: Order) -> None:
    place(order, shop.accepted(order, EVERYTHING), entry=shop.entry(order), installation_id=INSTALLATION)


STORIES: dict[str, Story] = {
    "pays": pays(Outcome.PAYS),
    "refused": pays(Outcome.REFUSED),
    "answer_lost": pays(Outcome.ANSWER_LOST),
    "worker_finds_it_paid": works(answer_lost),
    "worker_closes_it": works(never_arrived),
    "worker_gives_it_up": works(never_sent),
    "without_care": pays_without_care,
}


def main(name: str, url: str, folder: Path) -> None:
    models.bind(url)
    catalog = load_catalog(sample_company())
    for death in count(1):
        shop = lambda: _shop(catalog, folder)  # noqa: B023, E731
        login = f"{name}-{death}".replace("_", "-")
        alive = in_process(lambda: play(shop(), STORIES[name], login, death))  # noqa: B023
        report = in_process(lambda: restart(shop(), login, _settings(url, folder)))  # noqa: B023
        print(json.dumps({"death": death, "step": alive, "restart": report}), flush=True)
        if alive == "lived":
            return


def play(shop: Shop, story: Story, login: str, death: int) -> str:
    order = shop.draft(login)
    getattr(story, "before", lambda *_: None)(shop, order)

    def die(number: int, name: str) -> None:
        if number == death:
            os.write(int(os.environ["LAST_WORDS"]), json.dumps(name).encode())
            os.kill(os.getpid(), signal.SIGKILL)

    with Steps(die, dies_within=True) as steps:
        story(shop, order, steps)
    return "lived"


def restart(shop: Shop, login: str, settings: Settings) -> dict:
    """What the worker and the customer find; two rounds, for a worker that died held its claim for five minutes."""
    order = Account.by_login(login).orders.order_by(Order.id).first()
    with later(minutes=2) as traveller:
        for minutes in (0, 10):
            traveller.shift(minutes * 60)
            worker.run_once(settings, Companies(card=shop.company))
        found, order = shop.ledger, Order.get_by_id(order.id)
        attempts = [payment.state for payment in order.payments.order_by(Payment.attempt)]
        report = {"state": order.state, "attempts": attempts, "taken": found.taken_for(order.number), "faults": found.faults()}
        if order.state in (OrderState.DRAFT, OrderState.PLACED):
            shop.pay_again(order, selection=EVERYTHING)
        found, order = shop.ledger, Order.get_by_id(order.id)
        at_last = {"state": order.state, "taken": found.taken_for(order.number), "faults": found.faults(), "total": order.total_yen}
    return report | {"at_last": at_last}


def in_process(do: Callable[[], object]) -> object:
    """What a process of its own returned, or its last words."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.environ["LAST_WORDS"] = str(writer)
        try:
            models.ensure_connection()
            os.write(writer, json.dumps(do()).encode())
            os._exit(0)
        except BaseException as problem:
            os.write(writer, json.dumps({"problem": repr(problem)}).encode())
            os._exit(1)
    os.close(writer)
    with os.fdopen(reader) as words:
        said = words.read()
    os.waitpid(child, 0)
    return json.loads(said)


def _shop(catalog, folder: Path) -> Shop:
    books = Books(folder / "sandbox.db")
    return Shop(catalog, books, SandboxCardCompany(books, secrets.token_hex()))


def _settings(url: str, folder: Path) -> Settings:
    about = {"company_folder": sample_company(), "secret_key": "", "public_url": "http://127.0.0.1:8000", "installation_id": INSTALLATION}
    about |= {"card_company": "sandbox", "notice_secret": "", "trusted_proxies": 0, "host": "127.0.0.1", "port": 8000}
    return Settings(demo=True, database_url=url, data_folder=folder, **about)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
