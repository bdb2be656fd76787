"""A purchase without pages: calls the actions as [OK] does."""

import secrets
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import time_machine

from models import Account, Deposit, Order, Payment, PaymentMethodSetup, Staff
from portal import clock
from portal.actions.orders.drafts import open_draft
from portal.actions.orders.placement import AcceptedOrder
from portal.actions.payments import pay, reconcile, refund_lookups
from portal.actions.payments.setups import begin_setup, refresh_setup
from portal.actions.renewals import method_reset
from portal.actions.renewals.snapshot import snapshot_of
from portal.actions.transfers import bank_orders, deposits
from portal.actions.transfers.deposits import Entered
from portal.catalog import Catalog, load_catalog
from portal.enums import Method, OrderKind
from portal.gateways.companies import Companies
from portal.gateways.wallet.sandbox import SandboxWalletCompany
from portal.rules.orders.quote import quote
from portal.rules.orders.selection import Owned, Selection
from portal.rules.renewals.offer import offer
from portal.rules.renewals.snapshot import Snapshot
from portal.runtime.settings import sample_company
from portal.sandbox.books import Books, stored
from portal.sandbox.books import wallets as ledger_of_points
from portal.sandbox.books.outcomes import Outcome
from portal.sandbox.books.setups import StoredCard
from tests import keys, visits  # noqa: F401 (keys: programs of the tests buy too)
from tests.cards import cards_of
from tests.choices import a_selection
from tests.companies import Company
from tests.passes import done_by
from tests.reconciliation import Ledger, ledger, of_companies, taken

A_YEAR = a_selection(months=12)
EVERYTHING = a_selection(months=12, ssl="quick", backup_months=12, devices=2, device_months=12)
INSTALLATION = "test"
HOME = "192.0.2.1"
CATALOG = load_catalog(sample_company())
WALLETS = {Outcome.PAYS: "osaipo-demo", Outcome.REFUSED: "osaipo-empty", Outcome.ANSWER_LOST: "osaipo-slow"}
DAY = 15


@dataclass(frozen=True)
class Shop:
    """The portal's actions with the sandbox company, or with another company that a test puts in its place."""

    catalog: Catalog
    books: Books
    company: Company
    method: Method = Method.CARD

    def by(self, method: Method) -> "Shop":
        """The same shop with another payment method and its sandbox company."""
        true_company = SandboxWalletCompany(self.books, "") if method is Method.WALLET else cards_of(self.books).company()
        return replace(self, company=true_company, method=method)

    def asking(self, company: Company) -> "Shop":
        return replace(self, company=company)

    def draft(self, login: str = "new", kind: OrderKind = OrderKind.NEW) -> Order:
        return open_draft(Account.by_login(login) or _a_customer(login), kind)

    def setup(self, order: Order, outcome: Outcome = Outcome.PAYS) -> PaymentMethodSetup:
        """The customer typed a card that behaves like this, or linked such a wallet; nothing is taken yet."""
        return self._wallet(order, WALLETS[outcome]) if self.method is Method.WALLET else self._card(order, outcome)

    def _card(self, order: Order, outcome: Outcome) -> PaymentMethodSetup:
        true_company = cards_of(self.books).company()
        address = begin_setup(Method.CARD, true_company, lambda reference: f"/back/{reference}", **self._about(order))
        code = visits.enter_card(self.books, address, StoredCard(outcome, "Visa", "4242", date(2035, 12, 31)))
        return refresh_setup(order.setups.order_by(PaymentMethodSetup.id.desc()).get(), true_company, code)

    def _wallet(self, order: Order, wallet_id: str) -> PaymentMethodSetup:
        """With enough points, except for the empty one. A wallet that is linked already is not linked again."""
        if wallet_id != WALLETS[Outcome.REFUSED]:
            self.put_in(100_000, wallet_id)
        link, true_company = order.account.wallet, SandboxWalletCompany(self.books, "")
        if link and ledger_of_points.wallet_of(self.books, link.token) != wallet_id:
            method_reset.drop_wallet(order.account)
        address = begin_setup(Method.WALLET, true_company, lambda reference: f"/back/{reference}", wallet_day=DAY, **self._about(order))
        code = "" if order.account.wallet else visits.link_wallet(self.books, address, wallet_id)
        return refresh_setup(order.setups.order_by(PaymentMethodSetup.id.desc()).get(), true_company, code)

    def _about(self, order: Order) -> dict[str, object]:
        return {"account": order.account, "shop": self.catalog.company.name, "address": HOME, "order": order}

    def put_in(self, points: int, wallet_id: str = WALLETS[Outcome.PAYS]) -> None:
        """Points bought; a negative number is spent by the owner elsewhere."""
        with self.books.write() as connection:
            ledger_of_points.put_in(connection, wallet_id, "purchase", secrets.token_hex(8), points, stored(self.books.now()))

    def points(self, wallet_id: str = WALLETS[Outcome.PAYS]) -> int:
        return ledger_of_points.points_of(self.books, wallet_id)

    def accepted(self, order: Order, selection: Selection = A_YEAR) -> AcceptedOrder:
        """The confirmation as it stands on the screen now."""
        today, plan = clock.today(), self.catalog.plan(order.account.plan)
        owned = _owned(order)
        found, day = quote(selection, plan, self.catalog, today, owned), DAY if self.method is Method.WALLET else None
        shown = offer(found, self.method, today, Snapshot(plan.id), self.catalog, wallet_day=day)
        documents = tuple(dict.fromkeys(self.catalog.document_of(line.product) for line in shown.quote.lines))
        revision = Order.get_by_id(order.id).revision
        return AcceptedOrder("確認画面", "0" * 64, HOME, "test", shown.quote, shown.method, plan.id, documents, revision)

    def press_ok(self, order: Order, setup: PaymentMethodSetup, selection: Selection = A_YEAR) -> None:
        """Raises OutOfStep as the action does."""
        pay.pay_order(Order.get_by_id(order.id), setup, self.accepted(order, selection), self.company, INSTALLATION, self.catalog)

    def place_for_transfer(self, order: Order, selection: Selection = A_YEAR) -> Order:
        """The customer pressed [OK] for a bank transfer. Raises OutOfStep as the action does."""
        accepted = self.by(Method.BANK).accepted(order, selection)
        bank_orders.place(Order.get_by_id(order.id), accepted, self.catalog.bank_accounts, ())
        return Order.get_by_id(order.id)

    def deposit(self, yen: int, *, on: date | None = None) -> Deposit:
        """Staff wrote down a line of the bank statement."""
        day = on or clock.today()
        return deposits.enter(Entered(day, day, yen, "ﾐﾎﾝ"), self.staff, secrets.token_hex(8))

    @property
    def staff(self) -> Staff:
        """Nobody signs in here either."""
        values = {"password_hash": "", "name": "経理", "totp_secret": "", "created_at": clock.now()}
        return Staff.by_login("keiri") or Staff.create(login="keiri", **values)

    def buy(self, login: str = "new", outcome: Outcome = Outcome.PAYS, selection: Selection = A_YEAR) -> Order:
        """From an empty draft to the company's answer, or to none."""
        order = self.draft(login)
        self.press_ok(order, self.setup(order, outcome), selection)
        return Order.get_by_id(order.id)

    def renew(self, login: str = "new", outcome: Outcome = Outcome.PAYS, selection: Selection = A_YEAR) -> Order:
        """By hand: the same, for the term after the one that there is."""
        order = self.draft(login, OrderKind.RENEW)
        self.press_ok(order, self.setup(order, outcome), selection)
        return Order.get_by_id(order.id)

    def pay_again(self, order: Order, outcome: Outcome = Outcome.PAYS, selection: Selection = A_YEAR) -> Order:
        """The customer types a card once more, for the same order."""
        self.press_ok(order, self.setup(order, outcome), selection)
        return Order.get_by_id(order.id)

    def work(self) -> int:
        """The worker's pass over payments and refunds; returns how many it queried."""
        asked = done_by(reconcile.ask_about_payments(self.companies, self.catalog))
        return asked + done_by(refund_lookups.ask_about_refunds(self.companies))

    @property
    def companies(self) -> Companies:
        """Both, for the worker asks each about its own."""
        true_ones = {method.value: self.by(method).company for method in (Method.CARD, Method.WALLET)}
        return Companies(**true_ones | ({} if self.method is Method.BANK else {self.method.value: self.company}))

    def work_later(self, **time: float) -> int:
        """The same, that much later."""
        with later(**time):
            return self.work()

    @property
    def taken(self) -> list[dict[str, Any]]:
        """As in the ledger, which reads much more."""
        return taken(of_companies(self.books)[0])

    @property
    def ledger(self) -> Ledger:
        return ledger(self.books)

    @staticmethod
    def states(order: Order) -> tuple[str, list[str]]:
        """The order's state and those of its attempts."""
        attempts = Payment.select(Payment.state).where(Payment.order == order.id).order_by(Payment.attempt)
        return str(Order.get_by_id(order.id).state), [str(payment.state) for payment in attempts]


def _owned(order: Order) -> list[Owned]:
    """What the account has, for an order that renews it."""
    entitlements = () if order.is_new else snapshot_of(order.account).entitlements
    return [Owned(each.subscription, each.product, each.kind, each.variant, each.ends_on) for each in entitlements]


def _a_customer(login: str) -> Account:
    """Nobody signs in here: without a password, which takes time to hash."""
    about = {"login": login, "name": "見本 新", "email": f"{login}@example.jp", "plan": "standard"}
    return Account.create(password_hash="", created_at=clock.now(), **about)


def later(**time: float) -> time_machine.travel:
    """`with later(minutes=2):` everybody's clock is ahead, and goes on."""
    return time_machine.travel(clock.real_now() + timedelta(**time))
