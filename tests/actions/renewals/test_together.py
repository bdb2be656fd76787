"""Accounts that share a transaction are charged, settled and told as each would be alone."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest
from peewee import ForeignKeyField

from models import (
    Account,
    Allocation,
    Consent,
    Event,
    HostingEvent,
    Invoice,
    Mail,
    Order,
    OrderLine,
    Payment,
    RenewalSetting,
    Reservation,
    Row,
    Schedule,
    SentNotice,
    Subscription,
    Term,
)
from portal.actions import row_by_row
from portal.actions.renewals.pace import Pace
from portal.enums import Method, OrderKind, PaymentState
from portal.jobs.context import context_for
from portal.sandbox.books.outcomes import Outcome
from portal.store.fields import InstantField
from tests.actions.renewals.contract import CHARGE, RETRY, WALLET_CHARGE, Contract, processes
from tests.actions.renewals.random_customers import RandomCustomers
from tests.cards import cards_of
from tests.choices import a_selection

pytestmark = pytest.mark.store

MORE = a_selection(months=3, backup_months=3, devices=2, device_months=3)
DAYS = (CHARGE, RETRY, WALLET_CHARGE, date(2027, 1, 1), date(2027, 1, 15))
TABLES = (Subscription, Order, OrderLine, Consent, Term, Payment, Allocation, Invoice, RenewalSetting, Reservation, Schedule, SentNotice)
TOLD = (HostingEvent, Mail, Event)
OF_ITS_OWN = ("id", "number", "key", "company_reference", "message_id", "sha256", "payment_method")  # differs between any two accounts


def reserving(contract: Contract) -> None:
    """For a year, without the devices."""
    contract.buy(selection=MORE)
    RandomCustomers(contract.shop, contract.calendar).reserve(contract.login, a_selection(12, backup_months=3), frozenset({"device"}))


def with_a_second_address(contract: Contract) -> None:
    contract.buy()
    Account.update(notice_email=f"second-{contract.login}@example.jp").where(Account.login == contract.login).execute()


def becoming(outcome: Outcome) -> Callable[[Contract], None]:
    def buy(contract: Contract) -> None:
        contract.buy()
        cards_of(contract.shop.books).become(contract.account.renewal_setting.payment_method.token, outcome)

    return buy


KINDS: dict[str, Callable[[Contract], object]] = {
    "server": Contract.buy,
    "more": lambda contract: contract.buy(selection=MORE),
    "reserved": reserving,
    "copied": with_a_second_address,
    "refused": becoming(Outcome.REFUSED),
    "silent": becoming(Outcome.ANSWER_LOST),
    "wallet": lambda contract: contract.by(Method.WALLET).buy(),
    "ending": lambda contract: (contract.buy(), contract.reset()),
    "longer": lambda contract: contract.buy(selection=a_selection(months=6)),
}


def is_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """In one transaction, or the test fails: what fails for all would be done again for each."""
    together = row_by_row._all_or_none

    def all_or_fail(kind, rows, take):
        done = together(kind, rows, take)
        assert done is not None
        return done

    monkeypatch.setattr(row_by_row, "_all_or_none", all_or_fail)
    monkeypatch.setattr(Pace, "groups", lambda _pace, rows: [rows] if rows else [])


def test_what_is_done_for_several_is_what_is_done_for_each(shop, calendar, monkeypatch):
    everybody = {login: Contract(shop, calendar, login) for kind in KINDS for login in (f"together-{kind}", f"apart-{kind}")}
    for login in everybody:
        shop.draft(login)
    for login, contract in reversed(everybody.items()):  # so that nothing of an account has the account's own number
        KINDS[login.partition("-")[2]](contract)
    is_all_at_once(monkeypatch)
    for day in DAYS:
        calendar.jump(day)
        if day == WALLET_CHARGE:
            for login in ("together-refused", "apart-refused"):
                everybody[login].make_the_card_good()
        context = replace(context_for(calendar.settings, shop.companies).billing, charges_at_once=1)  # no answer is lost on a busy machine
        due = {row.account.login: row for row in Schedule.select()}
        processes([due[f"together-{kind}"] for kind in reversed(KINDS)], context)
        for kind in KINDS:
            processes([due[f"apart-{kind}"]], context)

    assert Consent.select().join(Order).where(Order.kind == OrderKind.AUTO).count() > 0
    for kind in KINDS:
        assert list(story(f"together-{kind}")) == list(story(f"apart-{kind}")), kind
    of = {charge["reference"]: charge["key"] for charge in shop.taken}
    assert all(f"-o{money.order.number}-" in of[money.company_reference] for money in Allocation.select())
    assert all(payment.key == of[payment.company_reference] for payment in Payment.select().where(Payment.state == PaymentState.SUCCEEDED))


def story(login: str) -> Iterator[str]:
    """Every row of the account, in the words of nobody."""
    account, known = Account.by_login(login), {}
    for table in (*TABLES, *TOLD):
        for number, row in enumerate(rows_of(table, account)):
            known[table, row.get_id()] = f"{table.__name__} {number}"
            fields = [field for name, field in table._meta.fields.items() if name not in OF_ITS_OWN]
            values = {field.name: without_names(row, field, known, account) for field in fields}
            yield f"{table.__name__} {values}"


def rows_of(table: type[Row], account: Account) -> list[Row]:
    key = table._meta.primary_key
    if table is Term:
        return list(Term.select().join(Subscription).where(Subscription.account == account).order_by(key))
    if table is Allocation or not hasattr(table, "account"):
        return list(table.select().join(Order).where(Order.account == account).order_by(key))
    return list(table.select().where(table.account == account).order_by(key))


def without_names(row: Row, field, known: dict, account: Account) -> object:
    value = row.__data__[field.name]
    if isinstance(field, InstantField):
        return value is None
    if isinstance(field, ForeignKeyField):
        return value == account.id if field.rel_model is Account else known.get((field.rel_model, value), value is None)
    if not isinstance(value, str):
        return value
    value = re.sub(r"\d{4}-\d\d-\d\dT[0-9:.+]+", "T", value.replace(account.login, "LOGIN"))
    value = re.sub(r'\b([a-z]+"?:? )\d+\b', r"\1N", value)
    return re.sub(r"\d{5,}", "N", value)
