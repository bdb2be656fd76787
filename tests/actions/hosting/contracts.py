"""Contracts and their hosting events, made directly without a purchase."""

from datetime import date

from models import Account, HostingEvent, Subscription
from portal import clock
from portal.actions.hosting.events import queue
from portal.enums import HostingEventKind
from portal.rules.accounts.name_key import name_key

START, STOP = HostingEventKind.START, HostingEventKind.STOP
TERM = {"starts_on": date(2026, 11, 22), "ends_on": date(2027, 11, 30), "order_number": "12345678"}


def a_contract(login: str = "new", product: str = "server") -> Subscription:
    """The customer has no password, because hashing one takes time."""
    about = {"login": login, "name": "見本 新", "name_key": name_key("見本 新"), "email": f"{login}@example.jp", "plan": "standard"}
    account = Account.by_login(login) or Account.create(password_hash="", created_at=clock.now(), **about)
    kind = "server" if product == "server" else "option"
    what = {"product": product, "kind": kind, "variant": "standard", "name": "サーバー", "quantity": 1}
    return Subscription.create(account=account, created_at=clock.now(), **what)


def start(contract: Subscription, number: int = 12) -> bool:
    return queue(START, contract, key=f"start term {number}", **TERM)


def stop(contract: Subscription, day: date = date(2027, 12, 1)) -> bool:
    return queue(STOP, contract, key=f"stop subscription {contract.id} {day}", starts_on=day)


def events() -> list[HostingEvent]:
    return list(HostingEvent.select().order_by(HostingEvent.id))


def only() -> HostingEvent:
    [event] = events()
    return event
