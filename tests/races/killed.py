"""kill -9 at every step of a scenario: `python -m tests.races.killed STORY DATABASE_URL FOLDER EACH` prints a line of JSON for each death.

Each story is played by a process that dies at its n-th step, n = 1, 1 + EACH, ... until it lives to the end, or until the report says what
stands in UNTIL. Then another process, two minutes later, does the worker's round, looks at the books of both sides, and pays what can still
be paid.
"""

import json
import os
import secrets
import signal
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from types import SimpleNamespace

from models import Account, Allocation, Order, Payment, Staff
from portal.actions.documents import papers
from portal.actions.mail import rendering
from portal.actions.payments import refunds, settle
from portal.actions.payments.attempts import begin_attempt
from portal.actions.payments.refundable import Refundable, refundable
from portal.actions.transfers.allocation import allocate
from portal.actions.transfers.undo import undo_allocation
from portal.catalog import load_catalog
from portal.enums import Method, OrderState
from portal.jobs import worker
from portal.runtime.settings import Settings, sample_company
from portal.sandbox.books.outcomes import Outcome
from portal.store import database as store
from tests import fast_setup
from tests.cards import cards_of
from tests.companies import Company, KeysOfItsOwn, LosesAnswers, NeverReached
from tests.fake_stripe.backdoor import RemoteStripe
from tests.keys import KEYS
from tests.purchase import CATALOG, EVERYTHING, INSTALLATION, Shop, later
from tests.races import careless, desk_stories, transfer_stories
from tests.races.steps import Steps
from tests.stripe_cards import StripeCards

Scenario = Callable[[Shop, Order, Steps], None]
Before = Callable[[Shop, Order], object]
PART = 3_000


def by_wallet(story: Scenario) -> Scenario:
    """The same, paid with おさいぽ!."""

    def told(shop: Shop, order: Order, steps: Steps) -> None:
        story(shop.by(Method.WALLET), order, steps)

    before = getattr(story, "before", None)
    told.method = Method.WALLET
    told.before = lambda shop, order: before and before(shop.by(Method.WALLET), order)
    return told


def with_keys_of_the_company(story: Scenario) -> Scenario:
    """The same, at a company that knows an attempt by a key of its own. The process that comes afterwards asks it too."""

    def told(shop: Shop, order: Order, steps: Steps) -> None:
        story(at_that_company(shop), order, steps)

    before = getattr(story, "before", lambda *_: None)
    told.before = lambda shop, order: before(at_that_company(shop), order)
    told.shop = at_that_company
    return told


def at_that_company(shop: Shop) -> Shop:
    return shop.asking(KeysOfItsOwn(shop.company))


def pays(outcome: Outcome) -> Scenario:
    """From the company's page to the answer of [OK]."""

    def story(shop: Shop, order: Order, steps: Steps) -> None:
        shop.asking(steps.watch(shop.company)).press_ok(order, shop.setup(order, outcome), EVERYTHING)

    return story


def pays_without_care(shop: Shop, order: Order, steps: Steps) -> None:
    """The negative control: charge first, write the rows afterwards."""
    accepted, setup = shop.accepted(order, EVERYTHING), shop.setup(order)
    careless.pay_order(order, setup, accepted, steps.watch(shop.company), INSTALLATION, CATALOG)


def works(before: Before) -> Scenario:
    """`before` survived; the worker is killed while querying two minutes later."""

    def story(shop: Shop, order: Order, steps: Steps) -> None:
        with later(minutes=2):
            shop.asking(steps.watch(shop.company)).work()

    story.before = before
    return story


def answer_lost(shop: Shop, order: Order) -> None:
    shop.asking(LosesAnswers(shop.company)).press_ok(order, shop.setup(order), EVERYTHING)


def never_arrived(shop: Shop, order: Order) -> None:
    shop.asking(NeverReached(shop.company)).press_ok(order, shop.setup(order), EVERYTHING)


def never_sent(shop: Shop, order: Order) -> None:
    begin_attempt(order, shop.accepted(order, EVERYTHING), setup=shop.setup(order), installation_id=INSTALLATION)


def paid(shop: Shop, order: Order) -> None:
    shop.press_ok(order, shop.setup(order), EVERYTHING)


def refunds_through(give_back: Callable[..., object]) -> Scenario:
    """Staff press OK of a refund of a paid order."""

    def story(shop: Shop, order: Order, steps: Steps) -> None:
        company = steps.watch(shop.company)
        give_back(refundable(Order.get_by_id(order.id)), PART, shop.staff, company, {shop.method: company})

    story.before = all_of(paid, lambda shop, _order: shop.staff)
    return story


def refund(found: Refundable, yen: int, staff: Staff, company: Company, companies: dict[Method, Company]) -> None:
    refunds.send(refunds.begin(found, yen, staff, "機器の不具合", companies, INSTALLATION), company)


def refund_answer_lost(shop: Shop, order: Order) -> None:
    paid(shop, order)
    company = LosesAnswers(shop.company, "refund")
    refund(refundable(Order.get_by_id(order.id)), PART, shop.staff, company, {shop.method: company})


def by_transfer(do: Callable[[Shop, Order], object], before: Before = lambda *_: None, *, finished: bool = False) -> Scenario:
    """What moves the money of a transfer; `before` lived. Then, unless it is `finished`, people do what is still to be done."""

    def story(shop: Shop, order: Order, _steps: Steps) -> None:
        do(shop, order)

    story.before, story.finish = before, (lambda *_: None) if finished else transfer_and_confirm
    return story


def order_by_transfer(shop: Shop, order: Order) -> None:
    shop.place_for_transfer(order, EVERYTHING)


def confirm(shop: Shop, order: Order) -> None:
    """Staff: the deposit that is there, or a new one, pays the order."""
    order = Order.get_by_id(order.id)
    deposit = shop.deposit(order.total_yen)
    allocate(deposit, order, order.missing_yen, shop.staff, "番号が一致", catalog=CATALOG)


def confirm_without_care(shop: Shop, order: Order) -> None:
    order = Order.get_by_id(order.id)
    careless.allocate(shop.deposit(order.total_yen), order)


def confirm_with_a_paper_later(shop: Shop, order: Order) -> None:
    """The negative control: the 領収書 in a transaction of its own, after that of the money."""
    kept: list[tuple] = []
    settle.papers = SimpleNamespace(issue_receipts=lambda *about: kept.append(about), Bought=papers.Bought)
    confirm(shop, order)
    for about in kept:
        papers.issue_receipts(*about)


def undo(shop: Shop, order: Order) -> None:
    undo_allocation(Allocation.get(Allocation.order == order), shop.staff, "別のお客様の入金", catalog=shop.catalog)


def transfer_and_confirm(shop: Shop, order: Order) -> None:
    order = order if order.is_placed else shop.place_for_transfer(order, EVERYTHING)
    confirm(shop, order)


def all_of(*acts: Before) -> Before:
    return lambda shop, order: [act(shop, order) for act in acts]


def at_the_desk(do: Callable[[Shop, Order], object], before: Before, finish: Before = desk_stories.go_on) -> Scenario:
    """Whatever is there after the death, staff press again."""

    def story(shop: Shop, order: Order, _steps: Steps) -> None:
        do(shop, order)

    story.before, story.finish, story.is_pressed_again = before, finish, True
    return story


STORIES: dict[str, Scenario] = {
    "pays": pays(Outcome.PAYS),
    "refused": pays(Outcome.REFUSED),
    "answer_lost": pays(Outcome.ANSWER_LOST),
    "worker_finds_it_paid": works(answer_lost),
    "worker_closes_it": works(never_arrived),
    "pays_with_their_key": with_keys_of_the_company(pays(Outcome.PAYS)),
    "worker_closes_their_key": with_keys_of_the_company(works(never_arrived)),
    "worker_gives_it_up": works(never_sent),
    "pays_by_wallet": by_wallet(pays(Outcome.PAYS)),
    "worker_finds_it_paid_by_wallet": by_wallet(works(answer_lost)),
    "orders_by_transfer": by_transfer(order_by_transfer),
    "staff_allocates": by_transfer(confirm, order_by_transfer),
    "staff_takes_back": by_transfer(undo, all_of(order_by_transfer, confirm)),
    "imports_a_file": at_the_desk(desk_stories.import_it, desk_stories.two_orders),
    "confirms_all": at_the_desk(desk_stories.confirm_all, all_of(desk_stories.two_orders, desk_stories.import_it)),
    "imports_without_care": at_the_desk(desk_stories.import_without_care, desk_stories.two_orders),
    "orders_with_a_number": at_the_desk(transfer_stories.order_with_a_number, lambda *_: None, transfer_stories.order_again),
    "pays_back_by_file": at_the_desk(transfer_stories.pay_back, transfer_stories.two_planned, transfer_stories.go_on_paying),
    "pays_back_by_file_without_care": at_the_desk(
        transfer_stories.pay_back_without_care, transfer_stories.two_in_a_file, transfer_stories.go_on_without_care
    ),
    "refunds": refunds_through(refund),
    "worker_asks_about_a_refund_by_wallet": by_wallet(works(refund_answer_lost)),
    "refunds_without_care": refunds_through(careless.refund),
    "without_care": pays_without_care,
    "by_wallet_without_care": by_wallet(pays_without_care),
    "paper_without_care": by_transfer(confirm_with_a_paper_later, order_by_transfer, finished=True),
    "allocates_without_care": by_transfer(confirm_without_care, order_by_transfer, finished=True),
}


def main(name: str, url: str, folder: Path, each: int) -> None:
    store.SafeSqlite = fast_setup.UnsyncedSqlite  # what a killed process has written is there, on the disk or not
    store.bind(url)
    catalog = load_catalog(sample_company())
    rendering.bind(rendering.Letterhead(catalog.company, "http://127.0.0.1:8000", "info@kawasemi.example.jp", INSTALLATION))
    for death in count(1, each):
        login = f"{name}-{death}".replace("_", "-")
        alive = in_process(lambda: play(shop_of(catalog, folder), STORIES[name], login, death))  # noqa: B023
        report = in_another(lambda: shop_of(catalog, folder), lambda shop: restart(shop, STORIES[name], login, settings_of(url, folder)))  # noqa: B023
        line = json.dumps({"death": death, "step": alive, "restart": report})
        print(line, flush=True)
        if alive == "lived" or os.environ.get("UNTIL", "\n") in line:
            return


def play(shop: Shop, story: Scenario, login: str, death: int) -> str:
    order = shop.draft(login)
    getattr(story, "before", lambda *_: None)(shop, order)

    def die(number: int, name: str) -> None:
        if number == death:
            os.write(int(os.environ["LAST_WORDS"]), json.dumps(name).encode())
            os.kill(os.getpid(), signal.SIGKILL)

    with Steps(die, dies_within=True, only_writes=True) as steps:
        story(shop, order, steps)
    return "lived"


def restart(shop: Shop, story: Scenario, login: str, settings: Settings) -> dict:
    """What the worker and the people find; two rounds, for a worker that died held its claim for five minutes."""
    shop = getattr(story, "shop", lambda shop: shop)(shop.by(getattr(story, "method", Method.CARD)))
    order = Account.by_login(login).orders.order_by(Order.id).first()
    with later(minutes=2) as traveller:
        for minutes in (0, 10):
            traveller.shift(minutes * 60)
            worker.run_once(settings, shop.companies)
        order = Order.get_by_id(order.id)
        attempts = [payment.state for payment in order.payments.order_by(Payment.attempt)]
        report = {"attempts": attempts} | found(shop, order)
        if order.state in (OrderState.DRAFT, OrderState.PLACED) or hasattr(story, "is_pressed_again"):
            getattr(story, "finish", pay_again)(shop, order)
        order = Order.get_by_id(order.id)
        return report | {"at_last": found(shop, order) | {"total": order.total_yen}}


def pay_again(shop: Shop, order: Order) -> None:
    shop.pay_again(order, selection=EVERYTHING)


def found(shop: Shop, order: Order) -> dict:
    """`taken`: what the companies took and what of deposits was counted; `accepted`: how often お支払い情報 was mailed."""
    ledger = shop.ledger
    counted = sum(
        allocation["yen"]
        for allocation in ledger.allocations
        if (allocation["source"], allocation["order_number"]) == ("bank", order.number)
    )
    accepted = sum(mail["kind"] == "order_accepted" and mail["entity"].startswith(f"order {order.number}") for mail in ledger.mails)
    taken = ledger.taken_for(order.number) + counted
    back = [refund["yen"] for refund in ledger.given_back if f"-o{order.number}-" in refund["key"]]
    return {"state": order.state, "taken": taken, "back": back, "faults": ledger.faults(), "accepted": accepted}


def in_process(do: Callable[[], object]) -> object:
    """What a process of its own returned, or its last words."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.environ["LAST_WORDS"] = str(writer)
        try:
            store.ensure_connection()
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


def in_another(open_shop: Callable[[], Shop], do: Callable[[Shop], object]) -> object:
    """What is done in another process than the one that died: in this one, whose children then begin with the texts of queries and the
    templates that it has learned. With Stripe in one of its own, because its library keeps connections.
    """
    if "FAKE_STRIPE" in os.environ:
        return in_process(lambda: do(open_shop()))
    store.ensure_connection()
    shop = open_shop()
    try:
        return json.loads(json.dumps(do(shop)))
    except Exception as problem:
        return {"problem": repr(problem)}
    finally:
        shop.books.close()  # no child may have a connection of its parent
        store.close()


def shop_of(catalog, folder: Path) -> Shop:
    """`FAKE_STRIPE`: where a pretend Stripe listens that takes the place of the sandbox's card company; it outlives every process here."""
    address = os.environ.get("FAKE_STRIPE")
    books = fast_setup.unsynced_books(folder / "sandbox.db", StripeCards(RemoteStripe(address)) if address else None)
    return Shop(catalog, books, cards_of(books).company(secrets.token_hex()))


def settings_of(url: str, folder: Path) -> Settings:
    about = {
        "company_folder": sample_company(),
        "secret_key": "",
        "data_keys": KEYS,
        "public_url": "http://127.0.0.1:8000",
        "installation_id": INSTALLATION,
    }
    about |= {"card_company": "sandbox", "notice_secret": "", "trusted_proxies": 0, "host": "127.0.0.1", "port": 8000}
    return Settings(demo=True, database_url=url, data_folder=folder, **about)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]))
