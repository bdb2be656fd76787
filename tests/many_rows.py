"""Hundreds of rows, written directly into the tables: the number of queries of a page must not grow with them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from models import (
    Account,
    Allocation,
    CountedTry,
    Event,
    Order,
    OrderLine,
    Payment,
    PaymentMethod,
    PaymentMethodSetup,
    Session,
    Subscription,
    Term,
)
from portal.store.database import database

LONG_AGO = datetime(2020, 1, 31, 3, tzinfo=UTC)
FROM, UNTIL = date(2020, 1, 31), date(2021, 1, 30)
NETWORK = "192.0.2.1"


def a_crowd(size: int = 300) -> None:
    """Other customers, each with a paid order, sessions and failed sign-ins."""
    people = [{"login": f"crowd-{i}", "password_hash": "-", "name": "見本", "email": "crowd@example.jp"} for i in range(size)]
    with database.atomic():
        Account.insert_many([person | {"plan": "standard", "created_at": LONG_AGO} for person in people]).execute()
        crowd = list(Account.select().where(Account.login.startswith("crowd-")))
        now = datetime.now(UTC)
        seen = {"data": "{}", "created_at": now, "seen_at": now}
        Session.insert_many([{"token_hash": f"{account.id:064}", "account": account} | seen for account in crowd]).execute()
        CountedTry.insert_many(
            [{"kind": "sign-in", "who": f"{account.id:064}", "network": NETWORK, "at": now} for account in crowd]
        ).execute()
    a_past(crowd)


def a_past(owners: Sequence[Account], *, ended_on: date | None = UNTIL) -> None:
    """One paid order with its line, payment, money and term for each of `owners`; an owner listed many times has many orders."""
    with database.atomic():
        first = Order.select().count()
        paid = {"kind": "new", "state": "paid", "method": "card", "plan": "standard", "total_yen": 1100, "tax_yen": 100, "tax_percent": 10}
        when = {"created_at": LONG_AGO, "placed_at": LONG_AGO, "paid_on": FROM}
        orders = _made(Order, [{"number": f"c{first + i}", "account": owner} | paid | when for i, owner in enumerate(owners)])
        bought = {"product": "ssl", "kind": "certificate", "variant": "quick", "name": "クイック認証", "quantity": 1}
        term = {"starts_on": FROM, "ends_on": UNTIL}
        lines = _made(OrderLine, [{"order": order, "position": 1, "months": 12, "yen": 1100} | bought | term for order in orders])
        has = bought | {"renews": ended_on is None, "ended_on": ended_on, "created_at": LONG_AGO}
        subscriptions = _made(Subscription, [{"account": order.account_id} | has for order in orders])
        together = zip(orders, lines, subscriptions, strict=True)
        _made(Term, [{"order": order, "order_line": line, "subscription": subscription} | term for order, line, subscription in together])
        _pay(orders)


def _pay(orders: list[Order]) -> None:
    card = {"method": "card", "company": "sandbox", "brand": "Visa", "last4": "4242", "expires": UNTIL, "created_at": LONG_AGO}
    cards = _made(PaymentMethod, [{"token": order.number, "account": order.account_id} | card for order in orders])
    used = {"state": "used", "created_at": LONG_AGO}
    mine = [{"reference": order.number, "account": order.account_id, "order": order} for order in orders]
    setups = _made(PaymentMethodSetup, [row | used | {"payment_method": card} for row, card in zip(mine, cards, strict=True)])
    attempt = {"attempt": 1, "method": "card", "yen": 1100, "state": "succeeded", "created_at": LONG_AGO, "updated_at": LONG_AGO}
    attempt |= {"next_lookup_at": LONG_AGO + timedelta(minutes=1)}
    together = zip(orders, setups, cards, strict=True)
    keys = [{"order": order, "key": order.number, "setup": setup, "payment_method": card} for order, setup, card in together]
    _made(Payment, [key | attempt | {"company_reference": key["key"]} for key in keys])
    money = {"source": "card", "yen": 1100, "received_on": FROM, "created_at": LONG_AGO}
    _made(Allocation, [{"number": order.number, "company_reference": order.number, "order": order} | money for order in orders])
    _made(Event, [{"entity": f"order {order.number}", "to_state": "paid", "actor": "-", "reason": "-", "at": LONG_AGO} for order in orders])


def _made(model: Any, rows: list[dict[str, Any]]) -> list[Any]:
    """The rows as they lie in the table now, in the order given."""
    model.insert_many(rows).execute()
    return list(model.select().order_by(model.id.desc()).limit(len(rows)))[::-1]
