"""Contracts written as rows, for benches alone: some hundred thousand made by the program itself would take an afternoon."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any

from models import (
    Account,
    Allocation,
    Announcement,
    Event,
    Mail,
    Order,
    OrderLine,
    Payment,
    PaymentMethod,
    RenewalSetting,
    Row,
    Schedule,
    SentNotice,
    Subscription,
    Term,
)
from portal.catalog import Plan, load_catalog
from portal.rules.orders.tax import tax_inside
from portal.rules.orders.terms import following
from portal.runtime.settings import sample_company
from portal.store import database as store
from portal.store.encryption import encrypt
from tests import keys  # noqa: F401 (binds the key that encrypts the cards)

AT_A_TIME = 2_000
DRAFTS = 100
PERIODS = (1, 3, 12)
ROWS = (
    Account, PaymentMethod, Subscription, Order, OrderLine, Payment, Allocation, Term, RenewalSetting, Announcement, SentNotice,
    Schedule, Event, Mail,
)  # fmt: skip


@dataclass(frozen=True)
class Contract:
    """The `number`-th: one to three terms, the last of which ends on `ends_on`; told of its charge if that is today's."""

    number: int
    months: int
    terms: int
    ends_on: date
    is_due: bool

    @property
    def login(self) -> str:
        return f"bench{self.number:06}"


def fill(url: str, contracts: int, share_due: int, charge_day: date) -> None:
    """So many contracts by card, one of every `share_due` of them charged on that day, and some customers who fill in a form."""
    store.bind(url)
    store.ensure_connection()
    plan = load_catalog(sample_company()).plans[0]
    made = (_contract(number, share_due, charge_day) for number in range(1, contracts + 1))
    while batch := list(islice(made, AT_A_TIME)):
        _write([rows for contract in batch for rows in _rows(contract, plan, charge_day)])
    _write(list(_drafts(contracts)))
    _go_on_counting()
    store.close()


def _contract(number: int, share_due: int, charge_day: date) -> Contract:
    is_due = number % share_due == 0
    month = charge_day.replace(day=1) + timedelta(days=0 if is_due else 40 + 31 * (number % 11))
    ends_on = (month.replace(day=1) + timedelta(days=40)).replace(day=1) - timedelta(days=1)
    return Contract(number, PERIODS[number // share_due % 3], 1 + number // 7 % 3, ends_on, is_due)


def _rows(contract: Contract, plan: Plan, charge_day: date) -> Iterator[tuple[type[Row], dict[str, Any]]]:
    number, login = contract.number, contract.login
    created = _moment(charge_day - timedelta(days=1500))
    people = {"login": login, "password_hash": "", "name": "見本 太郎", "email": f"{login}@example.jp", "plan": plan.id}
    yield Account, {"id": number, "created_at": created, **people}
    what = {"product": "server", "kind": "server", "variant": plan.id, "name": plan.name, "quantity": 1}
    yield Subscription, {"id": number, "account_id": number, "renews": True, "created_at": created, **what}
    for place, starts_on in enumerate(_starts(contract)):
        yield from _term(contract, plan, place, starts_on, what)
    yield from _card(number, created)
    charged_on = contract.ends_on.replace(day=5)
    yield Schedule, {"account_id": number, "due_on": charged_on if contract.is_due else charged_on - timedelta(days=30), "fence": 0}
    if contract.is_due:
        yield from _announced(contract, plan, charge_day)


def _card(number: int, created: datetime) -> Iterator[tuple[type[Row], dict[str, Any]]]:
    about = {"token": encrypt(f"card_{number}"), "label": "", "brand": "Visa", "last4": "4242", "expires": date(2098, 12, 31)}
    about |= {"company": "sandbox", "state": "active", "tries": 0, "created_at": created}
    yield PaymentMethod, {"id": number, "account_id": number, "method": "card", **about}
    setting = {"account_id": number, "method": "card", "payment_method_id": number}
    yield RenewalSetting, {"set_on": created.date(), "updated_at": created, **setting}


def _starts(contract: Contract) -> list[date]:
    """The first days of its terms, the newest last."""
    starts = [contract.ends_on + timedelta(days=1)]
    for _ in range(contract.terms):
        year, month = divmod(starts[0].year * 12 + starts[0].month - 1 - contract.months, 12)
        starts.insert(0, date(year, month + 1, 1))
    return starts[:-1]


def _term(contract: Contract, plan: Plan, place: int, starts_on: date, what: dict[str, Any]) -> Iterator[tuple[type[Row], dict[str, Any]]]:
    number, months, total = contract.number, contract.months, plan.total_yen(contract.months)
    row, before = number * 3 + place, starts_on - timedelta(days=1)
    paid_on, key = before if place else starts_on, f"bench-o{row}-a1"
    at = _moment(paid_on)
    days = {"starts_on": starts_on, "ends_on": following(before, months).ends_on}
    sums = {"total_yen": total, "tax_yen": tax_inside(total, 10), "tax_percent": 10}
    about = {"kind": "auto" if place else "new", "state": "paid", "method": "card", "plan": plan.id, "paid_on": paid_on}
    about |= {"renews_end": before if place else None, "typed": "{}", "revision": 0, "created_at": at, "placed_at": at}
    yield Order, {"id": row, "number": f"{row:08}", "account_id": number, **about, **sums}
    price = {"months": months, "monthly_yen": plan.monthly_yen[months], "yen": total, "is_last_time": False, "renews_by_default": True}
    yield OrderLine, {"id": row, "order_id": row, "position": 1, "subscription_id": number if place else None, **what, **price, **days}
    paid = {"state": "succeeded", "company_reference": key, "is_final": False, "payment_method_id": number, "lookups": 0}
    times = {"next_lookup_at": at, "created_at": at, "updated_at": at}
    yield Payment, {"order_id": row, "attempt": 1, "method": "card", "key": key, "yen": total, **paid, **times}
    money = {"source": "card", "company_reference": key, "yen": total, "received_on": paid_on, "created_at": at}
    yield Allocation, {"number": f"{row:010}", "order_id": row, **money}
    previous = {"previous_term_id": row - 1, "previous_ends_on": before} if place else {"previous_term_id": None, "previous_ends_on": None}
    yield Term, {"id": row, "subscription_id": number, "order_id": row, "order_line_id": row, **days, **previous}
    for state, entity in (("placed", f"order {row:08}"), ("paid", f"order {row:08}"), ("succeeded", f"payment {key}")):
        yield Event, {"entity": entity, "to_state": state, "actor": "bench", "reason": "", "at": at}
    yield Mail, _mail(contract, "payment_confirmed", f"order {row:08}", at)


def _announced(contract: Contract, plan: Plan, charge_day: date) -> Iterator[tuple[type[Row], dict[str, Any]]]:
    total, told_on = plan.total_yen(contract.months), charge_day - timedelta(days=30)
    about = {"ends_on": contract.ends_on, "charge_on": charge_day, "announced_on": told_on}
    yield Announcement, {"account_id": contract.number, "yen": total, "content": json.dumps({contract.number: total}), **about}
    for which, days in (("first", 30), ("second", 7)):
        entity = f"renewal {contract.login} notice {contract.ends_on} {which}"
        at = _moment(charge_day - timedelta(days=days))
        yield Mail, _mail(contract, "renewal_notice", entity, at)
        told = {"account_id": contract.number, "kind": "notice", "ends_on": contract.ends_on, "which": which, "written_at": at}
        yield SentNotice, told


def _mail(contract: Contract, kind: str, entity: str, at: datetime) -> dict[str, Any]:
    text = {"message_id": f"<{kind} {entity}>", "subject": "お知らせ", "body": "見本 太郎 様\n" * 40, "last_error": ""}
    times = {"created_at": at, "next_try_at": at, "sent_at": at, "state": "sent", "tries": 1, "pauses": 0}
    return {"kind": kind, "entity": entity, "recipient": f"{contract.login}@example.jp", "account_id": contract.number, **text, **times}


def _drafts(contracts: int) -> Iterator[tuple[type[Row], dict[str, Any]]]:
    """Of customers who have no contract yet."""
    now = datetime.now(UTC).replace(tzinfo=None)
    for number in range(contracts + 1, contracts + 1 + DRAFTS):
        people = {"login": f"bench{number:06}", "password_hash": "", "name": "見本", "email": "new@example.jp", "plan": "standard"}
        yield Account, {"id": number, "created_at": now, **people}
        draft = {"kind": "new", "state": "draft", "typed": "{}", "revision": 0, "created_at": now}
        yield Order, {"id": number * 3, "number": f"{number * 3:08}", "account_id": number, **draft}


def _write(rows: list[tuple[type[Row], dict[str, Any]]]) -> None:
    """All rows of a table have the same columns but for an order's, which come in two kinds."""
    sign = "%s" if store.is_postgresql() else "?"
    grouped: dict[tuple[str, ...], list[list[Any]]] = {}
    for model, values in rows:
        grouped.setdefault((model._meta.table_name, *values), []).append(list(values.values()))
    order = [model._meta.table_name for model in ROWS]
    with store.database.atomic():
        cursor = store.database.connection().cursor()
        for (table, *columns), some in sorted(grouped.items(), key=lambda group: order.index(group[0][0])):
            names = ", ".join(f'"{column}"' for column in columns)
            cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({", ".join([sign] * len(columns))})', some)


def _go_on_counting() -> None:
    """PostgreSQL does not notice ids that were given."""
    if store.is_postgresql():
        for model in (Account, Order, OrderLine, Subscription, Term):
            table = f'"{model._meta.table_name}"'
            store.database.execute_sql(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT MAX(id) FROM {table}))")
    store.database.execute_sql("ANALYZE")


def _moment(day: date) -> datetime:
    """Noon in Japan, in UTC, as it is stored."""
    return datetime.combine(day, time(3))
