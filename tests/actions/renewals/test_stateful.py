"""Customers buy, change, reserve, reset and pay late or twice, staff act days later, companies lose answers, a worker
misses days: in any order, for months. To try other runs than the usual:
`STATEFUL_EXAMPLES=500 ./run test tests/actions/renewals/test_stateful.py`
"""

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, Phase
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from models import Account, Order, Schedule
from portal.actions.orders import can_take_money
from portal.actions.renewals import due_events
from portal.catalog import Catalog
from portal.enums import Method, OrderKind, OrderState
from portal.rules.orders.selection import Selection
from portal.rules.renewals import charge_days, charge_plan, endings, renewal_group
from portal.sandbox.books.outcomes import Outcome
from portal.store import database as store
from portal.store.installation import claim_installation
from tests import fast_setup, sampling
from tests.actions.renewals.days import Calendar
from tests.actions.renewals.promises import Promises
from tests.actions.renewals.random_customers import RandomCustomers
from tests.actions.renewals.unreliable_companies import Connection, Outage, UnreliableShop
from tests.choices import a_selection, repriced
from tests.figures import wrong_figures
from tests.purchase import INSTALLATION

EXAMPLES = int(os.environ.get("STATEFUL_EXAMPLES", "0"))
STEPS = 40
# The end of a year, and one that ends in a leap February.
FIRST_DAYS = (date(2026, 11, 22), date(2026, 12, 31), date(2028, 1, 31), date(2027, 4, 28))
LOGINS = ("mina", "mina", "mina", "sora")
CARDS = (Outcome.PAYS, Outcome.PAYS, Outcome.REFUSED, Outcome.EXPIRED, Outcome.ANSWER_LOST, Outcome.PAYS_ONCE)
SELECTIONS = st.builds(
    lambda months, backup, devices, device_months: a_selection(
        months=months, backup_months=backup, devices=devices, device_months=device_months if devices else None
    ),
    st.sampled_from((1, 1, 1, 3, 12)),
    st.sampled_from((None, None, 1, 3)),
    st.sampled_from((None, None, 2)),
    st.sampled_from((1, 3)),
)
DAYS = st.sampled_from((5, 15, 25))
A_DAY = timedelta(days=1)
LONGEST_WAIT = timedelta(days=12)  # four days, and from the 28th to the 5th


@dataclass
class World:
    """`new()` starts another one, with an empty database and empty books."""

    new: Callable[[], tuple[UnreliableShop, Calendar]]
    did: Counter[str] = field(default_factory=Counter)
    customers: RandomCustomers | None = None
    promises: Promises | None = None

    def begin(self, day: date) -> None:
        shop, calendar = self.new()
        calendar.jump(day)
        claim_installation(INSTALLATION, is_demo=False)  # its row keeps which catalog the schedule knows
        self.customers = RandomCustomers(shop, calendar, self.did)
        self.promises = Promises(self.customers)

    @property
    def today(self) -> date:
        return self.customers.calendar.today

    def check(self, *, by_worker: bool = False) -> None:
        broken = self.promises.look(by_worker=by_worker)
        assert broken == [], broken

    def turn(self, day: date) -> None:
        """The worker runs on that day, and did not run in between."""
        self.check()
        self.customers.calendar.jump(day)
        for done in self.customers.calendar.work(self.customers.shop):
            self.did[f"worker: {done.scheduled.kind.value}"] += 1
        self.check(by_worker=True)
        self._looks_ahead()

    def _looks_ahead(self) -> None:
        """Every account with a subscription is scheduled for its end, or for a charge that has to be made up."""
        for schedule in Schedule.select(Schedule, Account).join(Account):
            server = schedule.account.server
            if server and server.stopped_on is None and not schedule.account.placed_order:
                assert schedule.due_on <= max(server.last_term.ends_on, self.today) + LONGEST_WAIT

    def finish(self) -> None:
        """At the end everybody can get a server, and the companies agree with the portal to the yen."""
        customers = self.customers
        customers.shop.connection.outage = Outage.NONE
        while customers.on_the_way:
            customers.confirm(0)
        for _ in range(3):
            self.turn(self.today + A_DAY)
        for login in sorted(set(LOGINS)):
            if Account.by_login(login):
                self._gets_a_server(login)
        customers.shop.ledger.prove()
        assert [wrong for ahead in (-1, 0, 1, 14) for wrong in wrong_figures(self.today + timedelta(days=ahead))] == []

    def _gets_a_server(self, login: str) -> None:
        account, customers = Account.by_login(login), self.customers
        order = account.placed_order
        if order and order.is_by_transfer and order.received_yen:
            customers.transfer(login, 1)
            customers.on_the_way[-1] = replace(customers.on_the_way[-1], order=order, yen=order.missing_yen)
            customers.confirm(len(customers.on_the_way) - 1)
            self.check()
        elif order and not order.is_new:
            customers.pay_again(login, Method.CARD)
        if not _has_a_server(account, self.today):
            customers.buy(login, Method.CARD, a_selection(months=12), Outcome.PAYS)
        assert _has_a_server(account, self.today), f"{login} has no way to a server that is paid"
        self.did["everybody got a server"] += 1


def _has_a_server(account: Account, today: date) -> bool:
    server = account.server
    return server is not None and server.stopped_on is None and server.last_term.ends_on >= today


def dearer(catalog: Catalog) -> Catalog:
    return repriced(catalog, lambda prices: {months: yen + 110 for months, yen in prices.items()}, "server", "backup", "device")


def without_single_months(catalog: Catalog) -> Catalog:
    return repriced(catalog, lambda prices: {months: yen for months, yen in prices.items() if months != 1}, "server", "backup", "device")


class Months(RuleBasedStateMachine):
    world: ClassVar[World]

    @initialize(day=st.sampled_from(FIRST_DAYS), method=st.sampled_from(Method), what=SELECTIONS)
    def begin(self, day: date, method: Method, what: Selection) -> None:
        """Start with a contract, or at least an order for one."""
        self.world.begin(day)
        self.catalog = self.world.customers.shop.catalog
        self.buy("mina", method, what, Outcome.PAYS)

    def teardown(self) -> None:
        if self.world.customers is not None:
            self.world.finish()

    # -- customers -------------------------------------------------------------------------------------------------

    @rule(login=st.sampled_from(LOGINS), method=st.sampled_from(Method), what=SELECTIONS, card=st.sampled_from(CARDS))
    def buy(self, login: str, method: Method, what: Selection, card: Outcome) -> None:
        outcome = card if method is Method.CARD else Outcome.PAYS
        self.world.customers.buy(login, method, what, outcome)
        self.world.check()

    @rule(login=st.sampled_from(LOGINS), what=SELECTIONS, method=st.sampled_from(Method))
    def change(self, login: str, what: Selection, method: Method) -> None:
        if Account.by_login(login):
            self.world.customers.buy(login, method, what, Outcome.PAYS, OrderKind.CHANGE)
            self.world.check()

    @rule(login=st.sampled_from(LOGINS), method=st.sampled_from(Method), card=st.sampled_from(CARDS))
    def pay_again(self, login: str, method: Method, card: Outcome) -> None:
        if Account.by_login(login):
            self.world.customers.pay_again(login, method, card if method is Method.CARD else Outcome.PAYS)
            self.world.check()

    @rule(login=st.sampled_from(LOGINS), share=st.sampled_from((1, 1, 1, 0.5, 1.5)), days=st.integers(0, 9), is_seen=st.booleans())
    def transfer(self, login: str, share: float, days: int, is_seen: bool) -> None:
        """Staff see it some days later, or at another time."""
        account = Account.by_login(login)
        if account and account.placed_order and account.placed_order.is_by_transfer:
            self.world.customers.transfer(login, share)
            self.days_pass(days)
            if is_seen:
                self.confirm(-1)

    @rule(login=st.sampled_from(LOGINS), act=st.sampled_from(("give_up", "report", "undo", "reset", "forget_wallet")))
    def press(self, login: str, act: str) -> None:
        if Account.by_login(login):
            getattr(self.world.customers, act)(login)
            self.world.check()

    @rule(login=st.sampled_from(LOGINS), what=SELECTIONS, drops=st.sampled_from(((), (), ("backup",))))
    def reserve(self, login: str, what: Selection, drops: tuple[str, ...]) -> None:
        if Account.by_login(login):
            self.world.customers.reserve(login, what, frozenset(drops))
            self.world.check()

    @rule(login=st.sampled_from(LOGINS), how=st.sampled_from(("card", "wallet", "day")), card=st.sampled_from(CARDS), day=DAYS)
    def pay_otherwise_later(self, login: str, how: str, card: Outcome, day: int) -> None:
        if Account.by_login(login):
            customers = self.world.customers
            {"card": lambda: customers.change_card(login, card), "wallet": lambda: customers.change_wallet(login, day),
             "day": lambda: customers.change_day(login, day)}[how]()  # fmt: skip
            self.world.check()

    # -- staff and the companies -----------------------------------------------------------------------------------

    @precondition(lambda self: self.world.customers and self.world.customers.on_the_way)
    @rule(which=st.integers(0, 9))
    def confirm(self, which: int) -> None:
        self.world.customers.confirm(which)
        self.world.check()

    @rule(which=st.integers(0, 9))
    def take_back(self, which: int) -> None:
        self.world.customers.take_back(which)
        self.world.check()

    @rule(login=st.sampled_from(LOGINS), outcome=st.sampled_from(CARDS), is_wallet=st.booleans())
    def money_comes_and_goes(self, login: str, outcome: Outcome, is_wallet: bool) -> None:
        if is_wallet:
            self.world.customers.empty_wallet() if outcome is Outcome.REFUSED else self.world.customers.shop.put_in(100_000)
        elif Account.by_login(login):
            self.world.customers.cards_become(login, outcome)

    @rule(outage=st.sampled_from((Outage.NONE, *Outage)), catalog=st.sampled_from(("", "", "", "as before", "dearer", "without months")))
    def around_them(self, outage: Outage, catalog: str) -> None:
        customers = self.world.customers
        edits = {"as before": lambda _: self.catalog, "dearer": dearer, "without months": without_single_months}
        customers.shop.connection.outage = outage
        customers.did[f"outage: {outage}"] += 1
        if catalog:
            customers.edit_catalog(catalog, edits[catalog])
            self.world.check()

    # -- time ------------------------------------------------------------------------------------------------------

    @rule(days=st.integers(1, 12))
    def days_pass(self, days: int) -> None:
        for _ in range(days):
            self.world.turn(self.world.today + A_DAY)

    @rule(times=st.integers(1, 3))
    def until_something_happens(self, times: int) -> None:
        for _ in range(times):
            day = self.world.customers.calendar.next_busy_day(self.world.customers.shop.catalog.closed_days)
            self.world.turn(min(day, self.world.today + timedelta(days=60)))

    @rule(days=st.integers(2, 45))
    def worker_is_away(self, days: int) -> None:
        self.world.did["the worker was away"] += 1
        self.world.turn(self.world.today + timedelta(days=days))


@pytest.fixture
def world(request, database, tmp_path, settings, catalog, calendar, cards):
    kind = "postgresql" if store.is_postgresql() else "sqlite"
    databases, opened = request.getfixturevalue(f"{kind}_databases"), []

    def new() -> tuple[UnreliableShop, Calendar]:
        store.close()
        (tmp_path / "portal.db-wal").unlink(missing_ok=True)
        store.bind(databases.fresh(tmp_path))
        store.ensure_connection()
        while opened:
            opened.pop().close()
        (tmp_path / "books.db").unlink(missing_ok=True)
        if cards:
            cards.fake.world.clear()
        opened.append(books := fast_setup.unsynced_books(tmp_path / "books.db", cards))
        return UnreliableShop(catalog, books, None, connection=Connection()), Calendar(settings, books, calendar.wall)

    yield World(new)
    while opened:
        opened.pop().close()


def run(world: World, *, examples: int) -> None:
    is_usual = EXAMPLES == 0
    phases = (Phase.generate,) if is_usual else (Phase.generate, Phase.shrink)
    found = hypothesis_settings(
        max_examples=EXAMPLES or examples, stateful_step_count=STEPS, derandomize=is_usual, database=None, deadline=None,
        suppress_health_check=list(HealthCheck), print_blob=False, phases=phases,
    )  # fmt: skip
    run_state_machine_as_test(type("Months", (Months,), {"world": world}), settings=found)


@pytest.mark.store
@pytest.mark.companies
def test_any_sequence_of_events_keeps_the_promises(world, cards, record_property):
    run(world, examples=sampling.usual(3, 25) if cards else sampling.usual(6, 10) if store.is_postgresql() else sampling.usual(16, 25))

    record_property("covered", sorted(world.did.items()))


def bought(world: World, method: Method = Method.CARD) -> RandomCustomers:
    """One month, until the end of December."""
    world.begin(FIRST_DAYS[0])
    world.customers.buy("mina", method, a_selection(months=1), Outcome.PAYS)
    if method is Method.BANK:
        world.customers.transfer("mina", 1)
        world.customers.confirm(0)
    return world.customers


def charged_too_soon(world, patch):
    patch.setattr(charge_plan, "MIN_DAYS_BEFORE_CHARGE", 0)
    patch.setattr(charge_days, "MIN_DAYS_BEFORE_CHARGE", 0)
    customers = bought(world)
    world.turn(date(2026, 12, 4))
    customers.change_card("mina", Outcome.PAYS)
    world.turn(date(2026, 12, 5))


def charged_more_than_announced(world, patch):
    renewal_quote = renewal_group.renewal_quote
    patch.setattr(renewal_group, "renewal_quote", lambda *about, may_rise: renewal_quote(*about, may_rise=True))
    customers = bought(world)
    world.turn(date(2026, 11, 29))
    customers.edit_catalog("dearer", dearer)
    world.turn(date(2026, 12, 5))


def stopped_while_a_transfer_may_come(world, patch):
    patch.setattr(endings, "stop_day", lambda snapshot, entitlement, closed: entitlement.ends_on + A_DAY)
    customers = bought(world, Method.BANK)
    world.turn(date(2026, 12, 28))
    customers.buy("mina", Method.BANK, a_selection(months=1))
    world.turn(date(2027, 1, 1))


def deleted_before_the_transfer_is_due(world, patch):
    patch.setattr(endings, "deletion_day", lambda snapshot, entitlement, stopped_on, catalog: stopped_on + 14 * A_DAY)
    customers = bought(world, Method.BANK)
    world.turn(date(2027, 1, 1))
    world.turn(date(2027, 1, 10))
    customers.buy("mina", Method.BANK, a_selection(months=1))
    world.turn(date(2027, 1, 15))


def paid_by_two_orders(world, patch):
    patch.setattr(can_take_money, "fits_subscriptions", lambda order, lines: True)
    customers = bought(world)
    for _ in range(2):
        customers.buy("mina", Method.BANK, a_selection(months=1))
        Order.update(state=OrderState.PAID, paid_on=world.today).where(Order.state == OrderState.PLACED).execute()
    world.check()


def forgotten(world, patch):
    patch.setattr(due_events, "_next_due_day", lambda *_: due_events.NEVER)
    bought(world)
    world.turn(date(2026, 11, 28))


@pytest.mark.parametrize(
    ("careless", "complaint"),
    [
        (charged_too_soon, "became known on 2026-12-04"),
        (charged_more_than_announced, "the most that was ever agreed"),
        (stopped_while_a_transfer_may_come, "though .* may still be paid"),
        (deleted_before_the_transfer_is_due, "was ended though"),
        (paid_by_two_orders, "are both paid"),
        (forgotten, "9999"),
    ],
)
def test_negative_control_a_portal_that_breaks_a_promise_is_found(world, monkeypatch, careless, complaint):
    """The negative controls."""
    with pytest.raises(AssertionError, match=complaint):
        careless(world, monkeypatch)


def test_the_real_portal_keeps_the_promises_in_the_same_sequences(world):
    for story in (charged_too_soon, charged_more_than_announced, stopped_while_a_transfer_may_come, deleted_before_the_transfer_is_due):
        with pytest.MonkeyPatch.context() as nothing:
            nothing.setattr = lambda *_: None
            story(world, nothing)
