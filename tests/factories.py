"""Customers, orders and payments, made by the program's own actions; a test says only what matters to it."""

import secrets
from dataclasses import dataclass
from datetime import date

from models import Account, Certificate, Domain, Order, PaymentMethodSetup, Subscription
from portal import clock
from portal.actions.accounts.accounts import add_account, hash_password
from portal.actions.orders import drafts
from portal.actions.orders.placement import AcceptedOrder
from portal.actions.payments import pay
from portal.actions.payments.setups import begin_setup, refresh_setup
from portal.actions.renewals import importing
from portal.actions.transfers import bank_orders
from portal.catalog import Catalog
from portal.enums import DomainState, Method, OrderKind, ProductKind
from portal.gateways.companies import Companies
from portal.rules.orders.quote import quote
from portal.rules.renewals.account_file import COLUMNS, read
from portal.rules.renewals.offer import offer
from portal.rules.renewals.snapshot import Snapshot
from portal.sandbox.books import Books
from portal.sandbox.books.outcomes import Outcome
from portal.sandbox.books.setups import StoredCard
from tests import visits
from tests.choices import a_selection

PASSWORD = "demo-pass"
HOME = "192.0.2.1"
WALLET = "osaipo-demo"


def a_customer(login: str = "new", *, name: str = "見本 新", plan: str = "standard") -> Account:
    """A customer without a contract."""
    return add_account(login=login, password=PASSWORD, name=name, email=f"{login}@example.jp", plan=plan, site=(), actor="test")


def imported_customer(login: str, ends_on: date, months: int, catalog: Catalog) -> Account:
    """With a server that is older than the portal, and a password chosen since."""
    text = f"{','.join(COLUMNS)}\n{login},見本 新,ミホン,{login}@example.jp,standard,,{ends_on},{months},9900\n"
    [account] = importing.carry_out(importing.plan_of(read(text.encode(), catalog, clock.today())), catalog, "test")
    Account.update(password_hash=hash_password(PASSWORD)).where(Account.id == account.id).execute()
    return account


def a_domain(account: Account, name: str = "example.jp") -> Domain:
    """Added, not asked for yet; the account needs no server for it."""
    return Domain.create(account=account, name=name, shown=name, proof=secrets.token_hex(16), created_at=clock.now())


def a_confirmed_domain(account: Account, name: str = "example.jp") -> Domain:
    domain = a_domain(account, name)
    Domain.update(state=DomainState.CONFIRMED, asked=1).where(Domain.id == domain.id).execute()
    return domain


def a_certificate(account: Account, domain: Domain | None) -> Subscription:
    """Bought, and requested for the domain; None: never set up. Without an order, for lists."""
    bought = {"product": "ssl", "kind": ProductKind.CERTIFICATE, "variant": "quick", "name": "独自SSL（クイック認証）", "quantity": 1}
    subscription = Subscription.create(account=account, created_at=clock.now(), **bought)
    if domain:
        about = {"common_name": domain.name, "shown": domain.shown, "requested_on": clock.today()}
        Certificate.create(subscription=subscription, domain=domain, **about)
    return subscription


def an_ended_certificate(account: Account) -> Subscription:
    """Of a contract that is over."""
    bought = {"product": "ssl", "kind": ProductKind.CERTIFICATE, "variant": "quick", "name": "独自SSL（クイック認証）", "quantity": 1}
    return Subscription.create(account=account, ended_on=clock.today(), created_at=clock.now(), **bought)


@dataclass(frozen=True)
class Workshop:
    """Makes orders in every state for tests that are not about the way there."""

    catalog: Catalog
    books: Books
    companies: Companies

    def draft(self, account: Account, *, months: int = 12) -> Order:
        """The form is filled in and agreed to."""
        order = drafts.open_draft(account, OrderKind.NEW)
        version = self.catalog.document_of("server").version
        drafts.remember(
            order, {"months": str(months), "ssl": "", "backup": "", "device_months": "", "devices": "1", "agree_server": version}
        )
        return Order.get_by_id(order.id)

    def setup(self, order: Order, outcome: Outcome = Outcome.PAYS) -> PaymentMethodSetup:
        """A card has been entered at the card company."""
        address = begin_setup(
            Method.CARD,
            self.companies.card,
            lambda reference: f"/orders/{order.number}/card/{reference}",
            account=order.account,
            shop=self.catalog.company.name,
            address=HOME,
            order=order,
        )
        code = visits.enter_card(self.books, address, StoredCard(outcome, "Visa", "4242", date(2035, 12, 31)))
        return refresh_setup(order.setups.order_by(PaymentMethodSetup.id.desc()).get(), self.companies.card, code)

    def wallet_setup(self, order: Order, *, day: int = 5) -> PaymentMethodSetup:
        """A wallet with plenty of points has been linked at the wallet company, unless the account has one."""
        address = begin_setup(
            Method.WALLET,
            self.companies.wallet,
            lambda reference: f"/orders/{order.number}/wallet/{reference}",
            account=order.account,
            shop=self.catalog.company.name,
            address=HOME,
            order=order,
            wallet_day=day,
        )
        code = "" if address.startswith("/orders") else visits.link_wallet(self.books, address, WALLET)
        setups = order.setups.where(PaymentMethodSetup.method == Method.WALLET).order_by(PaymentMethodSetup.id.desc())
        return refresh_setup(setups.get(), self.companies.wallet, code)

    def setups_for_later(self, account: Account) -> dict[str, PaymentMethodSetup]:
        """The customer was sent to change how later renewals are paid, and has not come back."""
        about = {"account": account, "shop": self.catalog.company.name, "address": HOME}
        begin_setup(Method.CARD, self.companies.card, lambda reference: f"/renewal/method/card/{reference}", **about)
        begin_setup(Method.WALLET, self.companies.wallet, lambda reference: f"/renewal/method/wallet/{reference}", wallet_day=5, **about)
        return {setup.method: setup for setup in account.setups.where(PaymentMethodSetup.order.is_null())}

    def accepted(self, order: Order, account: Account, method: Method = Method.CARD) -> AcceptedOrder:
        """The customer has pressed OK on today's offer."""
        plan = self.catalog.plan(account.plan)
        today = clock.today()
        found = quote(a_selection(months=int(order.choices["months"])), plan, self.catalog, today)
        documents = (self.catalog.document_of("server"),)
        made = offer(found, method, today, Snapshot(account.plan), self.catalog)
        return AcceptedOrder(
            "<p>最終確認</p>", "0" * 64, "127.0.0.1", "test", made.quote, made.method, account.plan, documents, order.revision
        )

    def order(self, account: Account, outcome: Outcome = Outcome.PAYS) -> Order:
        """A draft that the customer has tried to pay, with whatever `outcome`."""
        draft = self.draft(account)
        pay.pay_order(draft, self.setup(draft, outcome), self.accepted(draft, account), self.companies.card, "test", self.catalog)
        return Order.get_by_id(draft.id)

    def order_by_transfer(self, account: Account) -> Order:
        """A draft that the customer will pay at the bank."""
        draft = self.draft(account)
        bank_orders.place(draft, self.accepted(draft, account, Method.BANK), self.catalog.bank_accounts, ())
        return Order.get_by_id(draft.id)
