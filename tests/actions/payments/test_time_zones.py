"""Contracts use dates in Japan and UTC timestamps, so the machine's time zone has no effect."""

import time
from datetime import UTC, datetime

import pytest

from models import Account, Order, RenewalSetting
from portal import clock
from portal.sandbox.books.outcomes import Outcome
from tests.purchase import EVERYTHING, later

pytestmark = pytest.mark.store

ZONES = ("UTC", "Asia/Tokyo", "America/New_York", "Pacific/Kiritimati")
MOMENTS = [
    datetime(2025, 11, 30, 14, 59, 20, tzinfo=UTC),  # the last minute, and a busy machine needs some of it
    datetime(2025, 11, 30, 15, 0, 0, tzinfo=UTC),
    datetime(2026, 3, 8, 7, 30, 0, tzinfo=UTC),
    datetime(2027, 12, 31, 15, 0, 1, tzinfo=UTC),
    datetime(2028, 2, 28, 15, 0, 0, tzinfo=UTC),
]


@pytest.fixture
def machine_in(monkeypatch):
    def turn(zone):
        monkeypatch.setenv("TZ", zone)
        time.tzset()

    yield turn
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_a_purchase_does_not_depend_on_the_machines_time_zone(shop, machine_in, moment):
    stories = []
    for number, zone in enumerate(ZONES):
        machine_in(zone)
        with later(days=0) as traveller:
            traveller.move_to(moment)
            shop.buy(f"paid-{number}", selection=EVERYTHING)
            shop.buy(f"asked-{number}", Outcome.ANSWER_LOST)
            traveller.shift(3600)
            shop.work()
            stories.append([story(f"paid-{number}"), story(f"asked-{number}")])

    assert stories == stories[:1] * len(ZONES)
    assert stories[0][0][0] == clock.day_of(moment)
    shop.ledger.prove()


def story(login):
    """All dates of an account's contract, and its timestamps to the minute."""
    account = Account.by_login(login)
    order, setting = account.orders.get(), RenewalSetting.get(RenewalSetting.account == account)
    terms = [(term.starts_on, term.ends_on, term.subscription.product) for term in account.terms]
    moments = [order.placed_at, order.latest_payment.created_at, order.allocations.get().created_at]
    rounded = [moment.replace(second=0, microsecond=0).isoformat() for moment in moments]
    return [Order.get_by_id(order.id).paid_on, order.allocations.get().received_on, setting.set_on, terms, rounded, order.total_yen]
