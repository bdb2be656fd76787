"""One contract that is paid until the end of December, and what customer, worker, staff and companies can do with it."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial

from models import Account, Order, Payment, PaymentMethodSetup, Schedule, Subscription
from portal import clock
from portal.actions.orders.confirmations import ConfirmedScreen
from portal.actions.payments import reconcile, webhooks
from portal.actions.payments.setups import begin_setup, refresh_setup
from portal.actions.renewals import billing_run, method_change, method_reset, reservation
from portal.actions.renewals.billing_context import BillingContext
from portal.actions.renewals.method_reset import Reset
from portal.actions.row_by_row import Failed
from portal.actions.transfers import allocation
from portal.enums import Method, OrderKind
from portal.gateways.card import CompanyEvent, NotFound
from portal.jobs.context import context_for
from portal.rules.orders.selection import Selection
from portal.sandbox.books.outcomes import Outcome
from portal.sandbox.books.setups import StoredCard
from tests import visits
from tests.actions.renewals.days import Calendar
from tests.cards import cards_of
from tests.choices import a_selection
from tests.companies import Company
from tests.purchase import HOME, Shop, later
from tests.races.steps import Steps

PAID_ON = date(2026, 9, 22)
ENDS_ON = date(2026, 12, 31)
RENEWED_UNTIL = date(2027, 3, 31)
RESERVED_UNTIL = date(2027, 12, 31)
CHARGE, RETRY = date(2026, 12, 5), date(2026, 12, 10)
WALLET_CHARGE = date(2026, 12, 15)
SERVER = a_selection(months=3)
OK = ConfirmedScreen("確認画面", "0" * 64, "192.0.2.1", "test")
BEYOND_THE_LEASE = 6  # minutes


def processes(rows: list[Schedule], context: BillingContext) -> None:
    """A worker processes these accounts together."""
    found = list(billing_run.process_together(rows, context))
    failed = [each for each in found if isinstance(each, Failed)]
    assert all(each.is_locked for each in failed), failed


@dataclass
class Contract:
    """`resets` are the results shown to the customer, each with the keys `charged` until then."""

    shop: Shop
    calendar: Calendar
    login: str
    resets: list[tuple[Reset, set[str]]] = field(default_factory=list)

    @property
    def account(self) -> Account:
        return Account.by_login(self.login)

    @property
    def order(self) -> Order | None:
        """The latest automatic order."""
        return self.account.orders.where(Order.kind == OrderKind.AUTO).order_by(Order.id.desc()).first()

    @property
    def payment(self) -> Payment | None:
        return self.order and self.order.latest_payment

    @property
    def ends_on(self) -> date:
        """The last paid day of the server."""
        return self.account.subscriptions.where(Subscription.product == "server").get().last_term.ends_on

    @property
    def charged(self) -> set[str]:
        """The keys of this account's automatic charges at the companies."""
        by_itself = Payment.select().join(Order).where(Order.account == self.account, Payment.setup.is_null())
        return {payment.key for payment in by_itself} & {charge["key"] for charge in self.shop.taken}

    def by(self, method: Method) -> "Contract":
        return replace(self, shop=self.shop.by(method))

    def asking(self, company: Company) -> "Contract":
        return replace(self, shop=self.shop.asking(company))

    # -- the customer ------------------------------------------------------------------------------------------------------

    def buy(self, outcome: Outcome = Outcome.PAYS, selection: Selection = SERVER) -> "Contract":
        """Paid on 2026-09-22 for three months, until the end of December; it renews by itself."""
        self.calendar.jump(PAID_ON)
        self.shop.buy(self.login, outcome, selection)
        return self

    def reset(self) -> Reset:
        found = method_reset.reset(self.account, self.shop.companies, self.shop.catalog)
        self.resets.append((found, self.charged))
        return found

    def unlink(self) -> None:
        """Remove the wallet on its page, which stops its renewals."""
        if method_reset.remove_wallet(self.account, self.shop.companies, self.shop.catalog):
            self.resets.append((Reset(was_on=True), self.charged))

    def pay_the_failed_order(self) -> None:
        if self.order and self.order.is_placed:
            self.shop.pay_again(self.order, selection=SERVER)

    def press_ok(self) -> None:
        """The card for the declined order has been entered before."""
        self.shop.press_ok(self.order, self.order.setups.get(), SERVER)

    def renew_by_hand(self) -> None:
        self.shop.renew(self.login, selection=SERVER)

    def order_by_transfer(self) -> None:
        self.shop.place_for_transfer(self.shop.draft(self.login, OrderKind.CHANGE), SERVER)

    def set_another_card(self) -> None:
        company, at = self.shop.by(Method.CARD).company, clock.today()
        address = begin_setup(Method.CARD, company, lambda reference: f"/back/{reference}", account=self.account, shop="shop", address=HOME)
        code = visits.enter_card(self.shop.books, address, StoredCard(Outcome.PAYS, "Visa", "1881", at.replace(year=at.year + 9)))
        setup = self.account.setups.order_by(PaymentMethodSetup.id.desc()).get()
        method_change.set_method(self.account, refresh_setup(setup, company, code), OK, self.shop.catalog)

    def reserve(self, months: int = 12) -> None:
        """Reserve other months, with a price that no other order here has."""
        found = self.shop.accepted(self.shop.draft(self.login, OrderKind.CHANGE), a_selection(months=months)).quote
        reservation.make(self.account, {}, found.lines, frozenset(), (), ENDS_ON, OK, self.shop.catalog)

    def undo_the_reservation(self) -> None:
        reservation.undo(self.account, self.shop.catalog)

    # -- the portal, its staff and the companies ---------------------------------------------------------------------------

    def look(self) -> None:
        """The worker processes this account."""
        processes([Schedule.get(Schedule.account == self.account)], context_for(self.calendar.settings, self.shop.companies).billing)

    def ask(self) -> None:
        """The worker queries this account's payments that are due."""
        for payment in Payment.due(clock.now()):
            if payment.order.account_id == self.account.id:
                reconcile.ask_about(payment, self.shop.companies.get(payment.method), self.shop.catalog)

    def work(self) -> None:
        """Everything a worker does for this account, unless another has claimed it."""
        self.ask()
        if any(schedule.account_id == self.account.id for schedule in Schedule.due(clock.today(), clock.real_now(), 1000)):
            self.look()

    def work_after_the_lease(self) -> None:
        with later(minutes=BEYOND_THE_LEASE):
            self.work()

    def let_the_day_turn(self) -> None:
        self.calendar.jump(clock.today() + timedelta(days=1))
        self.work()

    def hear_from_the_company(self) -> None:
        payment = self.payment
        found = self.shop.company.lookup(payment.key_at_company) if payment else NotFound()
        if not isinstance(found, NotFound):
            webhooks.receive(payment.method, CompanyEvent(f"about {payment.key}", payment.key, found), "{}", self.shop.catalog)

    def let_staff_allocate(self) -> None:
        """A transfer arrived for the declined order."""
        if self.order and self.order.is_placed:
            deposit = self.shop.deposit(self.order.total_yen)
            allocation.allocate(deposit, self.order, self.order.total_yen, self.shop.staff, "番号が一致", catalog=self.shop.catalog)

    def make_the_card_good(self) -> None:
        """Declined cards pay from now on."""
        cards_of(self.shop.books).become(self._token, Outcome.PAYS)

    def remove_the_card(self) -> None:
        """Remove the card at the company without the portal knowing."""
        cards_of(self.shop.books).remove(self._token)

    @property
    def _token(self) -> str:
        return self.account.renewal_setting.payment_method.token


class Killed(BaseException):
    """Stands for kill -9: nothing catches it."""


def after_a_killed_worker(name: str, contract: Contract) -> None:
    """A paid contract whose worker died on the charge day, at the first step of that name after the charge began."""

    def die(_number: int, at: str) -> None:
        if at == name and contract.payment:
            raise Killed

    contract.buy()
    contract.calendar.jump(CHARGE if contract.shop.method is Method.CARD else WALLET_CHARGE)
    with Steps(die) as steps, suppress(Killed):
        contract.asking(steps.watch(contract.shop.company)).look()


Act = Callable[[Contract], object]


def left_by(name: str) -> Act:
    return partial(after_a_killed_worker, name)


def reserved(contract: Contract) -> None:
    """Other months for the next charge, in time."""
    contract.buy()
    contract.calendar.jump(date(2026, 12, 1))
    contract.reserve()


def refused_once(contract: Contract) -> None:
    """Declined once; the card pays from now on."""
    contract.buy(Outcome.PAYS_ONCE)
    contract.calendar.jump(CHARGE)
    contract.look()
    contract.make_the_card_good()


def refused_for_ever(contract: Contract) -> None:
    """The card was removed at its company; the worker ran in the last days of December and in January, until today."""
    until = contract.calendar.today
    contract.buy()
    contract.remove_the_card()
    for day in (CHARGE, ENDS_ON + timedelta(days=1), ENDS_ON + timedelta(days=8)):
        if day < until:
            contract.calendar.jump(day)
            contract.look()


def then(*acts: Act) -> Act:
    """One after the other."""

    def told(contract: Contract) -> None:
        for act in acts:
            act(contract)

    told.__name__ = "_then_".join(act.__name__ for act in acts)
    return told
