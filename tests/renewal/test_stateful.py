"""Years of customers who buy, change, reserve, reset, pay late and twice, while workers, staff, banks and companies come when they like."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
import time_machine
from hypothesis import HealthCheck, Phase
from hypothesis import settings as bounded
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

import models
from models import Account, Order
from portal import clock
from portal.rules.quote import Selection
from portal.sandbox.books import Books
from portal.sandbox.books.outcomes import Outcome
from portal.words import Method, OrderKind, Product
from tests.renewal.calendar import Calendar
from tests.renewal.conftest import FIRST_DAY, NOON, hurry
from tests.renewal.promises import Promises
from tests.renewal.street import Street
from tests.renewal.weather import OpenAirShop, Sky, Weather

pytestmark = pytest.mark.store

LOGINS = ("ai", "ken")
EXAMPLES, STEPS = int(os.environ.get("ST_EX", 20)), int(os.environ.get("ST_STEPS", 40))
logins = st.sampled_from(LOGINS)
methods = st.sampled_from([Method.CARD, Method.WALLET, Method.BANK])
outcomes = st.sampled_from([Outcome.PAYS, Outcome.PAYS, Outcome.PAYS_ONCE, Outcome.REFUSED, Outcome.ANSWER_LOST])
dropped = st.sampled_from([frozenset(), frozenset({Product.BACKUP}), frozenset({Product.DEVICE})])
few_months = st.sampled_from([1, 1, 3, 12])


@st.composite
def selections(draw, *, server=True):
    """Months of the server, or none where options alone are paid; and options."""
    months = draw(few_months) if server else draw(st.sampled_from([None, 1, 1, 3, 12]))
    backup = draw(st.sampled_from([None, None, 1, 3]))
    devices = draw(st.sampled_from([None, None, 1, 2]))
    ssl = draw(st.sampled_from([None] * 7 + ["quick"]))
    return Selection(months, ssl, backup, devices, devices and draw(st.sampled_from([1, 12])))


def dearer(catalog):
    plans = tuple(replace(plan, monthly_yen={n: yen + 110 for n, yen in plan.monthly_yen.items()}) for plan in catalog.plans)
    return replace(catalog, plans=plans)


def cheaper(catalog):
    backup = replace(catalog.backup, monthly_yen={n: yen - 11 for n, yen in catalog.backup.monthly_yen.items()})
    return replace(catalog, backup=backup)


def without_one_month(catalog):
    backup = replace(catalog.backup, monthly_yen={n: yen for n, yen in catalog.backup.monthly_yen.items() if n != 1})
    return replace(catalog, backup=backup)


class Years(RuleBasedStateMachine):
    """Two customers, one company. `begin` opens a new world; `covered` counts what happened in all of them."""

    begin: Callable[[], object]
    covered: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self._world = self.begin()
        self.street: Street = self._world.__enter__()
        self.promises = Promises(self.street)

    @initialize(selection=selections(), other=selections(), method=methods, second=methods)
    def move_in(self, selection, other, method, second):
        for login, chosen, by in zip(LOGINS, (selection, other), (method, second), strict=True):
            self.street.buy(login, by, chosen)
            if by is Method.BANK:
                self.street.transfer(login, 1)
                self.street.confirm(0)
        self.look()

    def who(self, login: str, may: Callable[[Account], object]) -> str | None:
        """This customer, or the other one, who has what it takes."""
        both = [login, *(other for other in LOGINS if other != login)]
        return next((found for found in both if may(Account.by_login(found))), None)

    # -- customers

    @rule(login=logins, method=methods, selection=selections(server=False), outcome=outcomes, is_change=st.booleans())
    def buy(self, login, method, selection, outcome, is_change):
        if Account.by_login(login).server is None:
            selection = replace(selection, months=selection.months or 1)
        self.street.buy(login, method, selection, outcome, OrderKind.CHANGE if is_change else OrderKind.RENEW)
        self.look()

    @rule(login=logins, method=methods, outcome=outcomes)
    def pay_the_open_order(self, login, method, outcome):
        if open_to := self.who(login, lambda account: account.placed_order):
            self.street.pay_again(open_to, method, outcome)
            self.look()

    @rule(login=logins, share=st.sampled_from([1, 1, 1, 0.5, 2]), gives_up=st.sampled_from([False] * 4 + [True]))
    def transfer(self, login, share, gives_up):
        if not (sender := self.who(login, lambda account: (order := account.placed_order) and order.is_by_transfer)):
            return
        self.street.transfer(sender, share)
        self.street.report(sender)
        if gives_up:
            self.street.give_up(sender)
        self.look()

    @rule(login=logins, selection=selections(), drops=dropped)
    def reserve(self, login, selection, drops):
        if owner := self.who(login, lambda account: account.renewal_setting and account.server):
            self.street.reserve(owner, selection, drops)
            self.look()

    @rule(login=logins)
    def undo_the_reservation(self, login):
        if owner := self.who(login, lambda account: account.reservation):
            self.street.undo(owner)
            self.look()

    @rule(login=logins)
    def reset(self, login):
        self.street.reset(login)
        self.look()

    @rule(login=logins, outcome=outcomes)
    def another_card(self, login, outcome):
        if owner := self.who(login, lambda account: account.renewal_setting):
            self.street.change_card(owner, outcome)
            self.look()

    @rule(login=logins, day=st.sampled_from([5, 10, 15, 20, 25]))
    def another_wallet_or_day(self, login, day):
        if not (owner := self.who(login, lambda account: account.renewal_setting)):
            return
        is_by_wallet = Account.by_login(owner).renewal_setting.method == Method.WALLET
        (self.street.change_day if is_by_wallet else self.street.change_wallet)(owner, day)
        self.look()

    @rule(login=logins)
    def remove_the_wallet(self, login):
        if owner := self.who(login, lambda account: account.wallet_link):
            self.street.forget_wallet(owner)
            self.look()

    # -- staff

    @precondition(lambda self: self.street.on_the_way)
    @rule(which=st.integers(0, 9))
    def confirm_a_deposit(self, which):
        self.street.confirm(which)
        self.look()

    @rule(which=st.integers(0, 9))
    def take_a_deposit_back(self, which):
        self.street.take_back(which)
        self.look()

    @rule(change=st.sampled_from([dearer, cheaper, without_one_month]))
    def edit_the_catalog(self, change):
        self.street.edit_catalog(change.__name__, change)
        self.work()

    # -- companies

    @rule(login=logins, outcome=outcomes)
    def the_card_behaves_otherwise_from_now_on(self, login, outcome):
        self.street.cards_become(login, outcome)

    @rule(is_emptied=st.booleans())
    def the_wallet_is_emptied_or_filled(self, is_emptied):
        self.street.empty_wallet()
        if not is_emptied:
            self.street.shop.put_in(50_000)

    @rule(sky=st.sampled_from([Sky.FINE, Sky.FINE, *Sky]))
    def the_weather_changes(self, sky):
        self.street.shop.weather.sky = sky
        self.street.did[f"sky: {sky}"] += 1

    # -- time

    @rule(days=st.sampled_from([1, 2, 4, 7]))
    def days_pass(self, days):
        until = clock.today() + timedelta(days=days)
        while (day := self.street.calendar.next_busy_day()) <= until:
            self.work_on(day)
        self.street.calendar.jump(until)

    @rule(times=st.integers(1, 5))
    def busy_days_pass(self, times):
        for _ in range(times):
            self.work_on(min(self.street.calendar.next_busy_day(), clock.today() + timedelta(days=60)))

    @rule(days=st.sampled_from([3, 9, 20, 40]))
    def nobody_works_for_days(self, days):
        self.work_on(clock.today() + timedelta(days=days), was_away=True)
        self.street.did["the worker was away"] += 1

    def work_on(self, day, *, was_away=False):
        self.street.calendar.jump(day)
        self.work(was_away=was_away)

    def work(self, *, was_away=False):
        self.street.calendar.work(self.street.shop)
        self.look(has_worked=True, was_away=was_away)
        self.street.calendar.wall.shift(timedelta(minutes=2))

    def look(self, **about):
        assert self.promises.broken(**about) == []
        assert self.street.shop.ledger.faults(is_quiet=False) == []

    def teardown(self) -> None:
        """The sky clears; what is open comes to an end."""
        try:
            self.street.shop.weather.sky = Sky.FINE
            for days in (1, 1, 30, 30):
                self.days_pass(days)
            self.street.shop.ledger.prove()
            self.count()
        finally:
            self._world.__exit__(None, None, None)

    def count(self) -> None:
        self.street.did.update(f"timeline: {what}" for _, _, what in self.street.calendar.done)
        self.street.did.update(f"mail: {mail.kind}" for mail in models.Mail.select(models.Mail.kind))
        self.street.did["orders"] += Order.select().count()
        self.street.did["days"] += (clock.today() - FIRST_DAY).days
        self.covered.update(self.street.did)


def worlds(databases, about, catalog, folder: Path) -> Callable[[], object]:
    """One after another, each in an empty database with companies of its own."""
    numbers = count()

    @contextmanager
    def world() -> Iterator[Street]:
        place = folder / str(next(numbers))
        place.mkdir()
        models.close()
        models.bind(databases.fresh(place))
        models.ensure_connection()
        books = Books(place / "sandbox.db")
        with time_machine.travel(NOON) as wall:
            hurry(books)
            calendar = Calendar(about, books, wall).jump(FIRST_DAY)
            yield Street(OpenAirShop(catalog, books, None, weather=Weather()), calendar)
        clock.turn_by(lambda: 0)
        books.close()

    return world


def run(request, database, about, catalog, folder, *, examples=EXAMPLES, steps=STEPS) -> Counter[str]:
    kind = "postgresql" if database.startswith("postgres") else "sqlite"
    opened = worlds(request.getfixturevalue(f"{kind}_databases"), about, catalog, folder)
    machine = type("Years", (Years,), {"begin": staticmethod(opened), "covered": Counter()})
    bounds = {
        "max_examples": examples,
        "stateful_step_count": steps,
        "deadline": None,
        "database": None,
        "derandomize": True,
        "phases": (Phase.generate,),
    }
    run_state_machine_as_test(machine, settings=bounded(**bounds, suppress_health_check=list(HealthCheck)))
    return machine.covered


@pytest.fixture
def about(settings):
    return settings


def test_whatever_happens_for_years_no_promise_is_broken(request, database, about, catalog, tmp_path, record_property):
    covered = run(request, database, about, catalog, tmp_path)

    record_property("covered", sorted(covered.items()))
    assert covered["days"] > 0
