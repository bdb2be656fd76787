"""Customers like the demo's, and their final state in a form that does not depend on random numbers."""

from datetime import date
from itertools import groupby

from models import Account, Certificate, Mail, Order, Payment, Subscription, Term
from portal import clock
from portal.actions.certificates import renewal_switch
from portal.actions.transfers import allocation
from portal.enums import Method, OrderKind, OrderState
from portal.rules.orders.quote import quote
from portal.sandbox.books.outcomes import Outcome
from tests import additions
from tests.actions.renewals.contract import OK
from tests.authority import issue_everything
from tests.choices import a_selection
from tests.factories import a_confirmed_domain
from tests.purchase import Shop

MONTHS = (1, 3, 6, 12)
EVERYTHING = {months: a_selection(months=months, backup_months=months, devices=2, device_months=months) for months in MONTHS}


def card(shop: Shop, login: str, months: int = 12) -> None:
    """Server, backup and device security by card."""
    shop.buy(login, selection=EVERYTHING[months])


def osaipo(shop: Shop, login: str, months: int = 12) -> None:
    """By wallet, on the 15th."""
    shop.by(Method.WALLET).buy(login, selection=a_selection(months=months))


def renew(shop: Shop, login: str, months: int = 1) -> None:
    """By transfer, without auto-renewal."""
    order = shop.place_for_transfer(shop.draft(login), a_selection(months=months))
    allocation.allocate(shop.deposit(order.total_yen), order, order.total_yen, shop.staff, "番号が一致", catalog=shop.catalog)


def certificates(shop: Shop, login: str) -> None:
    """Three, bought on one day: never set up, set up and renewed with the server, and set up alone."""
    shop.buy(login, selection=a_selection(12, ssl="quick"))
    account = Account.by_login(login)
    domain = a_confirmed_domain(account, f"{login}.example.jp")
    for name in (domain.name, f"www.{domain.name}"):
        found = quote(a_selection(ssl="quick"), shop.catalog.plan(account.plan), shop.catalog, clock.today())
        additions.order(shop, login, f"ssl {name}", found)
    issue_everything()
    renewed = Certificate.get(Certificate.common_name == domain.name).subscription
    renewal_switch.switch(account, renewed.id, OK, shop.catalog, on=True)


def failed(shop: Shop, login: str, months: int = 1) -> None:
    """A card that pays once."""
    shop.buy(login, Outcome.PAYS_ONCE, a_selection(months=months))


def terms(login: str) -> list[tuple[str, date, date]]:
    return [(str(term.subscription.product), term.starts_on, term.ends_on) for term in _terms(login)]


def by_subscription(login: str) -> list[list[tuple[date, date]]]:
    found = groupby(_terms(login), key=lambda term: term.subscription_id)
    return [[(term.starts_on, term.ends_on) for term in mine] for _, mine in found]


def _terms(login: str) -> list[Term]:
    mine = Term.subscription.in_(Account.by_login(login).subscriptions)
    return list(Term.select().where(mine).order_by(Term.subscription, Term.starts_on))


def charges(login: str) -> list[tuple[date, date, int, int]]:
    """Paid automatic charges: (end of the term before, day, yen, attempts)."""
    orders = Account.by_login(login).orders.where(Order.kind == OrderKind.AUTO, Order.state == OrderState.PAID).order_by(Order.id)
    return [(order.renews_end, order.paid_on, order.total_yen, order.payments.count()) for order in orders]


def charge_attempts(login: str) -> list[tuple[date, str]]:
    """Every automatic charge ever begun, with any result: (day, state)."""
    query = Payment.select(Payment, Order).join(Order).where(Order.account == Account.by_login(login), Payment.setup.is_null())
    return [(clock.day_of(payment.created_at), str(payment.state)) for payment in query.order_by(Payment.id)]


def mails(login: str) -> list[tuple[str, str]]:
    """By kind and entity, with order numbers replaced by their position in the account and timestamps removed."""
    account = Account.by_login(login)
    known = {order.number: f"#{place}" for place, order in enumerate(account.orders.order_by(Order.id), 1)}
    found = account.subscriptions.order_by(Subscription.id)
    known |= {str(bought.id): f"s{place}" for place, bought in enumerate(found, 1)}
    return sorted((str(mail.kind), _entity(mail.entity, login, known)) for mail in account.mails.order_by(Mail.id))


def _entity(entity: str, login: str, known: dict[str, str]) -> str:
    for number, place in known.items():
        if len(number) >= 8:
            entity = entity.replace(number, place)
    words = entity.replace(f" {login} ", " ").split(" ")
    return " ".join("+".join(known.get(part, part) for part in word.split("+")) for word in words)


def normal_form(login: str) -> dict[str, object]:
    """Everything of a customer that must not depend on how often or when the worker ran."""
    return {"terms": terms(login), "charges": charges(login), "tries": charge_attempts(login), "mails": mails(login)}
