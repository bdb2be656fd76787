"""kill -9 of the web server or the worker at each of its calls to Stripe: before the request arrives, while Stripe has it, when it is done.

After the restart money was taken once or not at all, the pages say so, and who was not charged can pay.
"""

import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from http.client import HTTPException
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from models import LIVE, Order, Payment, Refund, RenewalSetting, Schedule
from portal import clock
from portal.actions.operations import verify
from portal.actions.payments import refunds
from portal.actions.payments.refundable import refundable
from portal.app import create_app
from portal.jobs import worker
from portal.store import database as store
from tests import forked, sampling, steps
from tests.factories import a_customer
from tests.fake_stripe import FakeStripe, fake_stripe
from tests.fake_stripe.browser import ShoppingBrowser
from tests.fake_stripe.line import ALWAYS, Hold, Trouble
from tests.purchase import Shop, later
from tests.races.stripe_portal import companies_of, settings_at
from tests.races.test_killed_server import over_http
from tests.real.server import free_port

CARD, SECRET, YEN = "4242 4242 4242 4242", "s" * 40, 13_200
PATIENCE = 240  # seconds: a busy machine begins a process late
pytestmark = pytest.mark.store(postgresql=0)


@dataclass
class Bench:
    """`customer`: a browser at the portal in this process, which is there again after the one that was killed."""

    fake: FakeStripe
    url: str
    folder: Path
    port: int

    def __post_init__(self) -> None:
        self.settings = settings_at(self.port, self.url, self.folder, SECRET)
        self.companies = companies_of(self.settings, self.fake.url)
        store.close()  # create_app binds anew
        self.app = create_app(self.settings, companies=self.companies)
        store.ensure_connection()
        self.customer = ShoppingBrowser(self.app, self.settings.public_url, stripe=self.fake.url)

    def process(self, role: str, ahead: str = "0 0") -> threading.Thread:
        environ = {"FAKE_STRIPE": self.fake.url, "SECRET_KEY": SECRET, "PID_FILE": str(self.folder / "pid"), "AHEAD": ahead}
        arguments = ("tests.races.stripe_portal", role, self.port, self.url, self.folder)
        running = threading.Thread(target=lambda: self.ended.append(forked.run(*arguments, env=environ, timeout=2 * PATIENCE)))
        self.ended: list[Any] = []
        (self.folder / "pid").unlink(missing_ok=True)
        running.start()
        return running

    def kill_at(self, call: str, when: str, role: str, act: Callable[[], object], ahead: str = "0 0") -> None:
        """The process `role` lives until its request of `call`; `act` is what a browser does meanwhile."""
        hold = Hold(call, is_done=when == "done")
        self.fake.world.holds = [hold]
        process = self.process(role, ahead)
        pressed = threading.Thread(target=lambda: _until_it_breaks(act))
        if role == "web":
            _wait(self._listens)
            pressed.start()
        assert hold.reached.wait(PATIENCE), f"{call} was not asked for: {self.ended}"
        os.kill(int((self.folder / "pid").read_text()), signal.SIGKILL)
        process.join(30)
        assert self.ended[0].returncode == -signal.SIGKILL
        self.fake.world.troubles = [Trouble(call, "dropped", 1)] if when == "never" else []
        hold.goes_on.set()
        if role == "web":
            pressed.join(60)
        time.sleep(0.1)  # Stripe works on what it has
        self.fake.world.troubles, self.fake.world.holds = [], []

    def _listens(self) -> bool:
        with suppress(OSError):
            over_http(self.port)({"REQUEST_METHOD": "GET", "PATH_INFO": "/healthz"}, lambda *_: None)
            return True
        return False

    def at_the_killed_one(self) -> ShoppingBrowser:
        """The same customer, over HTTP."""
        return ShoppingBrowser(over_http(self.port), self.settings.public_url, stripe=self.fake.url)

    def works(self, *minutes: int) -> None:
        self.fake.world.forget_keys()
        for each in minutes:
            with later(minutes=each):
                worker.run_once(self.settings, self.companies)

    def turn(self, day: date) -> None:
        days = (day - clock.day_of(clock.real_now())).days
        clock.turn_by(lambda: days)
        self.fake.world.offset_seconds = days * 86_400

    @property
    def taken(self) -> list[int]:
        return [charge["amount"] for charge in self.fake.world.all_of("charge")]

    @property
    def shop(self) -> Shop:
        return Shop(self.app.extensions["catalog"], None, self.companies.card)


def _until_it_breaks(act: Callable[[], object]) -> None:
    with suppress(OSError, HTTPException, AssertionError):
        act()


def _wait(until: Callable[[], bool]) -> None:
    give_up = time.monotonic() + PATIENCE
    while not until():
        assert time.monotonic() < give_up
        time.sleep(0.02)


@pytest.fixture
def bench(database, tmp_path):
    a_customer("new")
    with fake_stripe() as fake:
        yield Bench(fake, database, tmp_path, free_port())
    clock.turn_by(lambda: 0)


WHEN = ("never", "late", "done")
WEB = {
    "POST /v1/customers$": lambda browser: steps.to_the_card_page(browser),
    "POST /v1/checkout/sessions$": lambda browser: steps.to_the_card_page(browser),
    "GET /v1/checkout/sessions/.*": lambda browser: steps.to_the_card_page(browser).enter_card(CARD),
    "POST /v1/payment_intents$": lambda browser: steps.to_the_card_page(browser).enter_card(CARD).press("OK"),
    "/confirm$": lambda browser: steps.to_the_card_page(browser).enter_card(CARD).press("OK"),
}
PRESSES = [*product(WEB, WHEN)]


def pays_after_all(bench: Bench) -> None:
    """What the customer reads after the restart is so, and in the end the order is paid, once."""
    bench.customer.sign_in("new")
    order = Order.get()
    page = bench.customer.visit(f"/orders/{order.number}") if order.is_placed else bench.customer.visit("/contract")
    if bench.taken and order.is_placed:
        assert Payment.get().state in LIVE
        assert not page.offers("クレジットカード情報入力")
    bench.works(2, 8, 25, 90)
    order = Order.get()
    assert order.is_paid == (bench.taken == [YEN]), (order.state, bench.taken)
    if not order.is_paid:
        way = bench.customer.visit(f"/orders/{order.number}/payment")
        way.press("クレジットカード情報入力").enter_card(CARD).press("OK")
    assert bench.customer.visit("/contract").says("入金確認済", "#status")
    assert bench.taken == [Order.get().total_yen] == [YEN]
    assert verify.faults() == []


@pytest.mark.parametrize(("call", "when"), PRESSES if sampling.IS_WHOLE else [("/confirm$", "late"), ("/confirm$", "done")])
def test_the_web_server_is_killed_at_a_call_of_a_purchase(bench, call, when):
    bench.kill_at(call, when, "web", lambda: WEB[call](bench.at_the_killed_one()))

    pays_after_all(bench)


def buys(bench: Bench) -> None:
    steps.to_the_card_page(bench.customer).enter_card(CARD).press("OK")
    assert bench.taken == [YEN]


def charge_day(bench: Bench) -> str:
    """The worker comes on the day of the automatic charge."""
    buys(bench)
    while Payment.select().count() == 1:
        before, day = Schedule.get().due_on, Schedule.get().due_on
        bench.turn(day)
        if _is_charge(day):
            break
        worker.run_once(bench.settings, bench.companies)
        assert Schedule.get().due_on > before
    return f"0 {(day - clock.day_of(clock.real_now())).days}"


def _is_charge(day: date) -> bool:
    ends_on = RenewalSetting.get().account.server.last_term.ends_on
    return (day.year, day.month, day.day) == (ends_on.year, ends_on.month, 5)


def unanswered(bench: Bench) -> str:
    bench.fake.world.troubles = [Trouble("/confirm$", "lost")]
    steps.to_the_card_page(bench.customer).enter_card(CARD).press("OK")
    bench.fake.world.troubles = []
    return "2 0"


def never_arrived(bench: Bench) -> str:
    bench.fake.world.troubles = [Trouble("/confirm$", "dropped")]
    steps.to_the_card_page(bench.customer).enter_card(CARD).press("OK")
    bench.fake.world.troubles = []
    return "2 0"


def refund_asked(bench: Bench) -> str:
    buys(bench)
    bench.fake.world.troubles = [Trouble("/v1/refunds", "dropped", ALWAYS)]
    found, company = refundable(Order.get()), bench.companies.card
    refunds.send(refunds.begin(found, 500, bench.shop.staff, "機器の不具合", {"card": company}, bench.settings.installation_id), company)
    bench.fake.world.troubles = []
    return "2 0"


def card_dropped(bench: Bench) -> str:
    buys(bench)
    bench.fake.world.troubles = [Trouble("DELETE", "dropped")]
    bench.customer.visit("/renewal/reset").press("OK")
    bench.fake.world.troubles = []
    return "1500 0"


WORKER = {
    "POST /v1/payment_intents$": charge_day,
    "/confirm$": charge_day,
    "GET /v1/payment_intents/": unanswered,
    "/cancel$": never_arrived,
    "GET /v1/refunds": refund_asked,
    "POST /v1/refunds$": refund_asked,
    "DELETE /v1/customers/": card_dropped,
}


@pytest.mark.parametrize(("call", "when"), [*product(WORKER, WHEN)] if sampling.IS_WHOLE else [("/confirm$", "done")])
def test_the_worker_is_killed_at_a_call(bench, call, when):
    ahead = WORKER[call](bench)

    bench.kill_at(call, when, "worker", lambda: None, ahead)

    bench.works(8, 25, 90, 1_500)
    states = {payment.state for payment in Payment.select()}
    assert not states & set(LIVE)
    paid = [payment for payment in Payment.select() if payment.state == "succeeded"]
    assert bench.taken == [payment.yen for payment in paid]
    assert verify.faults() == []
    made = bench.fake.world.all_of("refund")
    assert [refund["amount"] for refund in made] == [refund.yen for refund in Refund.select() if refund.state == "succeeded"]
    if WORKER[call] is charge_day:
        assert bench.taken == [YEN, YEN]
    if WORKER[call] is refund_asked:
        assert [refund["amount"] for refund in made] == [500]
    if WORKER[call] is card_dropped:
        bench.works(3_000, 4_500)
        assert all(customer.get("deleted") for customer in bench.fake.world.all_of("customer"))
