"""The SQL of a query does not depend on how its columns are written."""

import pytest
from peewee import Column

from models import Account, Mail, Order, OrderLine, Payment, Subscription, Term
from portal.store import fields

pytestmark = pytest.mark.store
LATER = Term.alias()
QUERIES = [
    Account.select(),
    Account.select(Account.login.alias("name")).where(Account.login == "new").order_by(Account.id.desc()),
    Term.select(Term, Subscription, OrderLine).join(Subscription).switch(Term).join(OrderLine).where(~Term.has_two_after()),
    Term.select(LATER.id).join(LATER, on=(LATER.previous_term == Term.id)),
    Order.select().where(Order.id.in_(Payment.select(Payment.order).where(Payment.order == Order.id))),
    Order.update(method="card", revision=Order.revision + 1).where(Order.id == 1),
    Mail.insert(kind="a", entity="b").on_conflict_ignore(),
    Mail.delete().where(Mail.id == 1),
]


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: type(query).__name__)
def test_a_query_has_the_same_sql_with_either_way_of_writing_columns(database, monkeypatch, query):
    at_once = query.clone().sql()

    monkeypatch.setattr(Column, "__sql__", fields.written_in_pieces)

    assert query.clone().sql() == at_once
    assert at_once[0].count('"') > 2
