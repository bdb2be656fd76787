"""Renewals are charged, notified and ended by dates in Japan, whatever the machine's time zone."""

import time
from datetime import date, timedelta

import pytest

from models import Account, Mail
from portal import clock
from portal.enums import Method
from tests.actions.renewals import customers
from tests.actions.renewals.conftest import FIRST_DAY
from tests.actions.renewals.random_customers import RandomCustomers

ZONES = ("UTC", "Asia/Tokyo", "America/Los_Angeles", "Pacific/Kiritimati")
# Just after midnight and just before it in Japan: in Los Angeles and on Kiritimati that is another day.
MOMENTS = {"just after midnight": timedelta(minutes=1), "just before midnight": timedelta(hours=23, minutes=50)}


@pytest.fixture
def machine_in(monkeypatch):
    def turn(zone):
        monkeypatch.setenv("TZ", zone)
        time.tzset()

    yield turn
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS.keys())
def test_a_renewal_does_not_depend_on_the_machines_time_zone(shop, calendar, machine_in, moment):
    midnight = clock.now().astimezone(clock.JAPAN).replace(hour=0, minute=0, second=0, microsecond=0)
    told = []
    for number, zone in enumerate(ZONES):
        machine_in(zone)
        calendar.wall.move_to(midnight + moment)
        calendar.jump(FIRST_DAY)
        told.append(a_winter(shop, calendar, f"-{number}"))

    assert told == told[:1] * len(ZONES)
    assert [on for _, on, *_ in told[0]["osaipo"]["charges"]] == [date(2026, 12, 15), date(2027, 1, 15)]
    assert told[0]["renew"]["bought"] == [("backup", None, None), ("device", None, None), ("server", None, None)]
    shop.ledger.prove()


def a_winter(shop, calendar, suffix):
    """Customers who renew by wallet, with a declined card, and by a transfer confirmed late."""
    customers.osaipo(shop, f"osaipo{suffix}", 1)
    customers.failed(shop, f"failed{suffix}")
    customers.renew(shop, f"renew{suffix}")
    others = RandomCustomers(shop, calendar)
    calendar.hurry(shop, date(2026, 12, 26))
    others.buy(f"renew{suffix}", Method.BANK, customers.EVERYTHING[1])
    others.transfer(f"renew{suffix}", 1)
    calendar.hurry(shop, date(2027, 1, 20))
    others.confirm(0)
    return {name: story(name + suffix) for name in ("osaipo", "failed", "renew")}


def story(login):
    """Everything with its dates, and the day on which each mail was written."""
    account = Account.by_login(login)
    days = [(mail.kind, clock.day_of(mail.created_at), mail.good_until) for mail in account.mails.order_by(Mail.id)]
    bought = [(found.product, found.stopped_on, found.ended_on) for found in account.subscriptions]
    return customers.normal_form(login) | {"days": days, "bought": sorted(bought)}
