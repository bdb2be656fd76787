"""The remembered text of a query is the one that peewee writes."""

from datetime import UTC, date, datetime
from enum import StrEnum

import pytest
from peewee import Case, Ordering, fn

from models import Account, Consent, Mail, Order, OrderLine, Payment, Schedule, Session, Staff, Subscription, Term
from portal.enums import LabelEnum, Method, OrderState
from portal.store import database as store
from portal.store.statements.shape import WRITERS
from tests import compared_texts

pytestmark = pytest.mark.store
MOMENT = datetime(2026, 11, 25, 9, tzinfo=UTC)
LATER = Term.alias()


def orders_of_paid(number: int):
    return Order.select().where(Order.id.in_(Payment.select(Payment.order).where(Payment.yen > number, Payment.state == "paid")))


def counted(number: int):
    lines = fn.COUNT(OrderLine.id)
    return Order.select(Order, lines.alias("lines")).join(OrderLine).group_by(Order).having(lines > number)


REMEMBERED = {
    "everything": lambda _: Account.select(),
    "a column by another name": lambda n: Account.select(Account.login.alias("name")).where(Account.id == n).order_by(Account.id.desc()),
    "joined": lambda n: Term.select(Term, Subscription).join(Subscription).switch(Term).where(~Term.has_two_after(), Term.id > n),
    "one table twice": lambda n: Term.select(LATER.id).join(LATER, on=(LATER.previous_term == Term.id)).where(Term.id == n),
    "within another": orders_of_paid,
    "counted": counted,
    "two together": lambda n: Order.select(Order.id).where(Order.id == n) | Term.select(Term.order).where(Term.id == n + 1),
    "among two together": lambda n: Account.select().where(
        Account.id.in_(Order.select(Order.account).where(Order.id == n) | Mail.select(Mail.account).where(Mail.id > n)), Account.id > n
    ),
    "a day or nothing": lambda n: Order.select().where(Order.due_on.is_null(), Order.due_on <= date(2026, 1, n)),
    "a moment": lambda n: Order.select().where(Order.created_at < MOMENT.replace(day=n)).limit(n).offset(n + 1),
    "a list": lambda n: Order.select().where(Order.id.in_([n, n + 1]), Order.state.not_in(("paid", "x"))),
    "words of a list": lambda n: Order.select(Case(None, [(Order.id > n, OrderState.PAID)], OrderState.DRAFT)).where(
        Order.state.in_([OrderState.PAID, OrderState.PLACED]), Order.id == fn.COALESCE(Payment.select(Payment.id).where(Payment.id == n), 1)
    ),
    "words of a list in a row": lambda n: Order.update(method=Method.CARD, revision=n).where(Order.state == OrderState.DRAFT),
    "a row": lambda n: Order.select().where(Order.account == Account(id=n)),
    "a function of values": lambda n: Account.select().where(fn.LOWER(Account.login) == fn.LOWER(f"NEW{n}")),
    "a choice of cases": lambda n: Order.select(Case(None, [(Order.id > n, "after")], "before").alias("when")),
    "written again": lambda n: Order.update(method="card", revision=Order.revision + n).where(Order.id == n),
    "a new row": lambda n: Consent.insert(order=n, document=f"{n}", version="1", title="", sha256="", agreed_at=MOMENT),
    "unless it is there": lambda n: Consent.insert(
        order=n, document="d", version="1", title="", sha256="", agreed_at=MOMENT
    ).on_conflict_ignore(),
    "unless its number is there": lambda n: (
        Account.insert(login=f"{n}", plan="light", name_key="")
        .on_conflict(action="nothing", conflict_target=[Account.login])
        .returning(Account.id)
    ),
    "due earlier": lambda n: Schedule.insert(account=n, due_on=date(2026, 1, n), fence=0).on_conflict(
        conflict_target=[Schedule.account], preserve=[Schedule.due_on], where=Schedule.due_on > date(2026, 1, n)
    ),
    "removed": lambda n: Mail.delete().where((Mail.id == n) | (Mail.kind == "x")),
}
DIFFERENT = [
    (Order.select(), Account.select()),
    (Order.select(), Order.select().distinct()),
    (Order.select(Order.id), Order.select(Order.number)),
    (Order.select(), Order.select().where(Order.id == 1)),
    (Order.select().where(Order.id == 1), Order.select().where(Order.id > 1)),
    (Order.select().where(Order.id.in_([1])), Order.select().where(Order.id.in_([1, 2]))),
    (Order.select().where(Order.due_on == date(2026, 1, 1)), Order.select().where(Order.due_on >> None)),
    (Order.select().where(Order.state == OrderState.PAID), Order.select().where(Order.state == OrderState.DRAFT)),
    (Order.select().where(Order.state == OrderState.PAID), Order.select().where(Order.state == "paid")),
    (Order.select().where(fn.LOWER(Order.number) == "a"), Order.select().where(fn.UPPER(Order.number) == "a")),
    (Order.select().order_by(Order.id), Order.select().order_by(Order.id.desc())),
    (Order.select().order_by(Order.id), Order.select().order_by(Order.id).limit(1)),
    (Order.select(Order.id) | Term.select(Term.id), Order.select(Order.id) + Term.select(Term.id)),
    (Order.select(Order.id) | Term.select(Term.id), Term.select(Term.id) | Order.select(Order.id)),
    (Order.update(method="a"), Order.update(number="a")),
    (Mail.insert(kind="a"), Mail.insert(kind="a").on_conflict_ignore()),
    (
        Mail.insert(kind="a").on_conflict(action="nothing", conflict_target=[Mail.kind]),
        Mail.insert(kind="a").on_conflict(action="nothing", conflict_target=[Mail.entity]),
    ),
    (
        Mail.insert(kind="a").on_conflict(conflict_target=[Mail.kind], preserve=[Mail.body]),
        Mail.insert(kind="a").on_conflict(conflict_target=[Mail.kind], preserve=[Mail.body], where=Mail.id > 1),
    ),
    (
        Term.select(LATER.id).join(LATER, on=(LATER.previous_term == Term.id)),
        Term.select(Term.id).join(LATER, on=(LATER.previous_term == Term.id)),
    ),
]
NOT_REMEMBERED = {
    "many rows": lambda: Mail.insert_many([{"kind": "a", "entity": "b"}]),
    "a secret, encrypted anew each time": lambda: Staff.update(totp_secret="secret"),
    "a default that is made when it is written": lambda: Session.insert(token_hash="a"),
}


@pytest.fixture(autouse=True)
def forgotten(database):
    """As a portal begins; the other tests share what they remember."""
    store.database.obj._texts = {}


@pytest.mark.parametrize("make", REMEMBERED.values(), ids=REMEMBERED)
def test_the_second_query_of_a_shape_has_the_text_that_peewee_writes(database, make):
    books = store.database.obj
    assert books.text_and_values(make(1)) == books.written(make(1))
    assert books.remembers(make(2))

    assert books.text_and_values(make(2)) == books.written(make(2))
    assert [type(value) for value in books.text_and_values(make(2))[1]] == [type(value) for value in books.written(make(2))[1]]


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_has_another_text_has_another_shape(database, one, other):
    books = store.database.obj
    books.text_and_values(one.clone())

    assert not books.remembers(other.clone())
    assert books.written(one.clone())[0] != books.written(other.clone())[0]


def test_a_word_that_is_compared_stands_in_the_text_and_one_that_is_stored_does_not(database):
    place = Order.update(method=Method.BANK).where(Order.state == OrderState.PLACED)
    text, values = store.database.obj.text_and_values(place)

    assert """("order"."state" = 'placed')""" in text
    assert values == [Method.BANK]


def test_every_word_can_stand_in_a_text_as_it_is():
    lists = [kind for kind in (*StrEnum.__subclasses__(), *LabelEnum.__subclasses__()) if kind.__module__.startswith("portal.")]
    assert len(lists) > 10
    assert not [word for kind in lists for word in kind if set("'%?\\") & set(word)]


@pytest.mark.parametrize("make", NOT_REMEMBERED.values(), ids=NOT_REMEMBERED)
def test_what_is_not_known_for_certain_is_written_by_peewee(database, make):
    books = store.database.obj
    text, _ = books.text_and_values(make())

    assert text == books.written(make())[0]
    assert not books.remembers(make())


def test_negative_control_a_shape_without_its_order_is_found(database, monkeypatch):
    compared_texts.begin(monkeypatch, each=1)
    monkeypatch.setitem(WRITERS, Ordering, lambda shape, ordering, convert: shape.add(ordering.node, convert))
    assert not list(Order.select().order_by(Order.id))

    with pytest.raises(AssertionError):
        list(Order.select().order_by(Order.id.desc())) or list(Order.select().order_by(Order.id.asc()))
