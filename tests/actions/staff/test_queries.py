"""Queries of staff that join many tables in one statement: both databases read them alike."""

import pytest

from models import Session
from portal.actions.staff import counts, lists
from portal.actions.staff.customers import customer
from portal.actions.staff.happenings import HappeningKind, happenings
from portal.sandbox.books.outcomes import Outcome
from tests.purchase import Shop

pytestmark = pytest.mark.store


def test_the_counts_of_the_menu_are_those_of_the_lists(shop: Shop):
    shop.buy("refused", Outcome.REFUSED)
    unknown = shop.buy("unknown", Outcome.ANSWER_LOST)
    shop.place_for_transfer(shop.draft("waits"))
    shop.deposit(3_000)
    Session.insert(token_hash="0" * 64, data="{}", created_at=unknown.created_at, seen_at=unknown.created_at).execute()

    found = Session.select(*counts.columns()).dicts().get()

    assert found == {
        "awaited": 1,
        "rests": 1,
        "corrections": 0,
        "attention": 3,
        "failed_mails": 0,
        "failed_events": 0,
        "limits": 0,
        "bounced": 0,
    }
    assert [payment.order.account.login for payment in lists.troubled_orders()] == ["unknown", "refused"]


def test_everything_of_a_customer_is_one_list(shop: Shop):
    order = shop.buy()

    found = customer(" NEW ")
    rows = happenings(found.account, None, 1).rows

    assert [term.order.number for term in found.terms] == [order.number]
    assert found.terms[0].subscription.name == "スタンダードプラン"
    assert {row.what for row in rows} == set(HappeningKind)
    assert rows == sorted(rows, key=lambda row: row.at, reverse=True)
    assert [row.number for row in happenings(found.account, HappeningKind.ORDER, 1).rows] == [order.number]
    assert customer("nobody") is None
