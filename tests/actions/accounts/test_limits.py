"""What is counted against a limit: exactly as many as the table says, also at the same moment; staff are told once."""

import threading
from datetime import timedelta
from functools import partial

import pytest
import time_machine

from models import CountedTry, Event
from portal import clock
from portal.actions.accounts import limits
from portal.actions.accounts.limits import Counted, Who, count, count_or_refuse, refusal_now
from portal.actions.staff import lists
from portal.rules.accounts.limits import CLOCKS_DIFFER, HOUR, LIMITS, By, Limited, TooMany
from portal.store.database import database as store
from tests.concurrency import at_once
from tests.factories import a_customer

KEY = Who("account 1", "203.0.113.9")
MOST = 5


def later(span: timedelta) -> time_machine.travel:
    return time_machine.travel(clock.real_now() + span, tick=True)


def tried(times: int, who: Who = KEY, kind: Limited = Limited.PAYMENT) -> list[Counted | TooMany]:
    return [count(kind, who) for _ in range(times)]


def many(times: int, *, kind: Limited = Limited.PAYMENT, network: str = "") -> None:
    """Tries of as many accounts, each from a network of its own unless it is given."""
    rows = [{"who": f"account {100 + n}", "network": network or f"198.51.100.{n}"} for n in range(times)]
    CountedTry.insert_many([row | {"kind": kind, "at": clock.real_now()} for row in rows]).execute()


def accepted(found: list[Counted | TooMany]) -> int:
    return sum(isinstance(each, Counted) for each in found)


@pytest.mark.store
def test_parallel_presses_pass_exactly_as_often_as_the_limit_says(database):
    found = at_once(*[partial(count, Limited.PAYMENT, KEY)] * 12)

    assert (accepted(found), CountedTry.select().count()) == (MOST, MOST)
    assert Event.select().where(Event.to_state == limits.REACHED).count() == 1


REFUSING = [(kind, limit) for kind in Limited for limit in LIMITS[kind] if limit.by is not By.ALL]


@pytest.mark.store(postgresql=6)
@pytest.mark.parametrize(("kind", "limit"), REFUSING, ids=lambda each: each if isinstance(each, str) else f"{each.by} {each.most}")
def test_every_limit_of_the_table_lets_exactly_as_many_pass_at_the_same_moment(database, kind, limit):
    """All but two have tried half its span ago; four more come at once."""
    left = min(2, limit.most)
    before = [sharing(limit.by, place) for place in range(limit.most - left)]
    rows = [{"who": who.name, "network": who.network, "browser": who.browser} for who in before]
    CountedTry.insert_many([row | {"kind": kind, "at": clock.real_now() - limit.span / 2} for row in rows]).execute()

    found = at_once(*[partial(count, kind, sharing(limit.by, 1_000 + place)) for place in range(4)])

    assert accepted(found) == left


def sharing(by: By, place: int) -> Who:
    """One of several who have only that in common."""
    name = KEY.name if by in (By.WHO, By.WHO_AND_NETWORK, By.BROWSER) else f"account {100 + place}"
    address = KEY.address if by in (By.NETWORK, By.WHO_AND_NETWORK) else f"10.0.{place // 250}.{place % 250}"
    return Who(name, address, "b" if by is By.BROWSER else None)


@pytest.mark.store
def test_who_looks_first_and_counts_afterwards_lets_all_of_them_pass(database):
    """The negative control: nobody's count is there yet when the others look."""
    everybody_has_looked = threading.Barrier(8)

    def careless() -> Counted | TooMany:
        refusal = refusal_now(Limited.PAYMENT, KEY)
        everybody_has_looked.wait(30)
        return refusal or Counted(CountedTry.create(kind=Limited.PAYMENT, who=KEY.name, network=KEY.network, at=clock.real_now()).id)

    assert accepted(at_once(*[careless] * 8)) > MOST


def test_a_refused_try_is_not_counted_so_the_wait_that_was_said_stays_true(database):
    tried(MOST)
    with later(timedelta(minutes=50)):
        assert accepted(tried(3)) == 0
        assert refusal_now(Limited.PAYMENT, KEY).minutes == 10
    with later(HOUR):
        assert accepted(tried(1)) == 1


def test_fifteen_a_day_are_the_most_of_an_account(database):
    passed = 0
    for hour in range(24):
        with later(timedelta(hours=hour, seconds=hour)):
            passed += accepted(tried(6))

    assert passed == 15


def test_what_was_no_try_is_taken_back(database):
    for each in tried(MOST):
        each.take_back()

    assert accepted(tried(MOST + 1)) == MOST


def test_two_presses_of_one_button_are_counted_once_and_only_the_first_can_be_taken_back(database):
    tried(MOST - 1)
    first, second = count(Limited.PAYMENT, KEY, press="a"), count(Limited.PAYMENT, KEY, press="a")

    assert first.id
    assert second == Counted(None)
    second.take_back()
    assert isinstance(count(Limited.PAYMENT, KEY, press="b"), TooMany)


@pytest.mark.parametrize("address", ["2001:db8::1", "2001:db8::ffff:1", "2001:0db8:0000:0000:1::"])
def test_an_ipv6_customer_has_one_network(database, address):
    many(60, network="2001:db8::/64")

    assert isinstance(count(Limited.PAYMENT, Who("account 3", address)), TooMany)
    assert accepted(tried(1, Who("account 3", "2001:db8:0:1::1"))) == 1


def test_what_all_customers_do_together_refuses_nobody_but_is_told(database):
    many(300)

    assert accepted(tried(1)) == 1
    assert [event.entity for event in lists.reached_limits()] == ["network すべて"]


def test_staff_read_one_row_for_each_account_and_kind(database):
    account = a_customer("card")
    who = limits.of_account(account, "203.0.113.9")
    tried(MOST + 20, who)
    with later(2 * HOUR):
        tried(MOST + 20, who)

    (event,) = lists.reached_limits()
    assert (event.account, event.entity) == (account, "account card")
    assert event.reason == "要確認: カード・おさいぽ!のお支払いが続けて承認されませんでした"


def test_a_try_must_be_counted_before_the_transaction_of_what_it_does(database):
    with store.atomic(), pytest.raises(RuntimeError):
        count_or_refuse(Limited.PAYMENT, KEY)


def test_what_a_wrong_clock_counted_shuts_nobody_out_once_it_is_right(database):
    with later(timedelta(days=400)):
        tried(MOST)

    assert accepted(tried(1)) == 1
    assert limits.sweep(clock.real_now()) == MOST
    with later(CLOCKS_DIFFER / 2):
        tried(MOST)
    assert accepted(tried(1)) == 0


def test_only_what_no_limit_counts_any_more_is_swept(database):
    tried(1)
    tried(1, kind=Limited.SIGN_IN)

    assert limits.sweep(clock.real_now() + timedelta(minutes=14)) == 0
    assert limits.sweep(clock.real_now() + timedelta(minutes=16)) == 1
    assert limits.sweep(clock.real_now() + timedelta(hours=25)) == 1
