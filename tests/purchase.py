"""A purchase without its pages: what the actions are handed when a customer presses [OK]."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import time_machine

from models import Account, CardEntry, Order, Payment
from portal import clock, worker
from portal.actions import pay
from portal.actions.orders import open_draft
from portal.actions.placing import Accepted
from portal.app import Companies
from portal.catalog import Catalog
from portal.gateways.card import CardCompany
from portal.gateways.card.sandbox import SandboxCardCompany
from portal.rules.offer import offer
from portal.rules.quote import Selection, quote
from portal.sandbox.books import Books, entries
from portal.sandbox.books.entries import StoredCard
from portal.sandbox.books.outcomes import Outcome
from portal.words import Method, OrderKind
from tests.agreement import Ledger, ledger

A_YEAR = Selection(months=12)
EVERYTHING = Selection(months=12, ssl="quick", backup_months=12, devices=2, device_months=12)
INSTALLATION = "test"


@dataclass(frozen=True)
class Shop:
    """The portal's actions, and a card company beside them that they may be told to ask instead of the true one."""

    catalog: Catalog
    books: Books
    company: CardCompany

    def asking(self, company: CardCompany) -> "Shop":
        return replace(self, company=company)

    def draft(self, login: str = "new") -> Order:
        return open_draft(Account.by_login(login) or _a_customer(login), OrderKind.NEW)

    def entry(self, order: Order, outcome: Outcome = Outcome.PAYS) -> CardEntry:
        """The customer typed a card that behaves like this; it is not charged yet."""
        true_company = SandboxCardCompany(self.books, "")
        address = pay.begin_card_entry(order, true_company, lambda reference: f"/back/{reference}")
        card = StoredCard(outcome, "Visa", "4242", date(2035, 12, 31))
        token = address.rpartition("/")[2]
        entries.accept(self.books, token, card)
        entries.authenticate(self.books, token)
        return pay.look_at_entry(order.card_entries.order_by(CardEntry.id.desc()).get(), true_company)

    def accepted(self, order: Order, selection: Selection = A_YEAR) -> Accepted:
        """The confirmation as it stands on the screen now."""
        today, plan = clock.today(), self.catalog.plan(order.account.plan)
        shown = offer(quote(selection, plan, self.catalog, today), Method.CARD, today, numbers=self.catalog.renewal)
        documents = tuple(self.catalog.document_of(line.product) for line in shown.quote.lines)
        revision = Order.get_by_id(order.id).revision
        return Accepted(shown, plan.id, documents, revision, "確認画面", "0" * 64, "192.0.2.1", "test")

    def press_ok(self, order: Order, entry: CardEntry, selection: Selection = A_YEAR) -> None:
        """Raises OutOfStep as the action does."""
        pay.pay_by_card(Order.get_by_id(order.id), entry, self.accepted(order, selection), self.company, INSTALLATION)

    def buy(self, login: str = "new", outcome: Outcome = Outcome.PAYS, selection: Selection = A_YEAR) -> Order:
        """From nothing to the company's answer, or to its silence."""
        order = self.draft(login)
        self.press_ok(order, self.entry(order, outcome), selection)
        return Order.get_by_id(order.id)

    def pay_again(self, order: Order, outcome: Outcome = Outcome.PAYS, selection: Selection = A_YEAR) -> Order:
        """The customer types a card once more, for the same order."""
        self.press_ok(order, self.entry(order, outcome), selection)
        return Order.get_by_id(order.id)

    def work(self) -> int:
        """What the worker does about payments; how many it asked about."""
        return worker.ask_about_payments(Companies(card=self.company))

    def work_later(self, **time: float) -> int:
        """The same, that much later."""
        with later(**time):
            return self.work()

    @property
    def ledger(self) -> Ledger:
        return ledger(self.books)

    @staticmethod
    def states(order: Order) -> tuple[str, list[str]]:
        """The order's state and those of its attempts."""
        attempts = Payment.select(Payment.state).where(Payment.order == order.id).order_by(Payment.attempt)
        return str(Order.get_by_id(order.id).state), [str(payment.state) for payment in attempts]


def _a_customer(login: str) -> Account:
    """Nobody signs in here: without a password, which takes time to hash."""
    about = {"login": login, "name": "見本 新", "email": f"{login}@example.jp", "plan": "standard"}
    return Account.create(password_hash="", created_at=clock.now(), **about)


def later(**time: float) -> time_machine.travel:
    """`with later(minutes=2):` everybody's clock is ahead, and goes on."""
    return time_machine.travel(clock.real_now() + timedelta(**time))
