"""Contracts over three years; how often the worker runs, and which of several workers, has no effect."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest

from models import Account, HostingEvent, Mail, Subscription
from portal import clock
from portal.actions.transfers import allocation
from portal.demo.hosting_side import awaited
from portal.enums import HostingEventKind, OrderKind
from portal.gateways.hosting_answers import AnswerKind
from portal.rules.orders.terms import term_end
from portal.rules.renewals.scheduled_event import EventKind
from tests import authority
from tests.actions.renewals import customers
from tests.actions.renewals.conftest import FIRST_DAY
from tests.choices import a_selection

END = date(2029, 11, 30)
FOR_YEARS = {
    "card": lambda shop, login: customers.card(shop, login, 12),
    "card-1": lambda shop, login: shop.buy(login, selection=a_selection(months=1)),
    "card-3": lambda shop, login: customers.card(shop, login, 3),
    "card-6": lambda shop, login: customers.card(shop, login, 6),
    "osaipo": lambda shop, login: customers.osaipo(shop, login, 12),
}
MONTHS = {"card": 12, "card-1": 1, "card-3": 3, "card-6": 6, "osaipo": 12}
FOR_WEEKS = {
    "card": lambda shop, login: customers.card(shop, login, 1),
    "osaipo": lambda shop, login: customers.osaipo(shop, login, 1),
    "renew": customers.renew,
    "failed": customers.failed,
}
END_OF_WEEKS = date(2027, 1, 20)


def settle_in(shop, people, suffix=""):
    for name, begin in people.items():
        begin(shop, name + suffix)
    shop.put_in(1_000_000)


@pytest.mark.store
@pytest.mark.companies(stripe=0)
def test_three_years_of_renewals_have_no_gap_overlap_or_duplicate_charge_or_mail(shop, calendar):
    settle_in(shop, FOR_YEARS)

    calendar.hurry(shop, END)

    for name, months in MONTHS.items():
        check_terms(name, months)
        check_charges(name)
        check_mails(name)
    shop.ledger.prove()


def check_terms(name, months):
    for terms in customers.by_subscription(name):
        assert terms[0] == (FIRST_DAY, term_end(FIRST_DAY, months))
        assert all(starts_on == ends_on + timedelta(days=1) for (_, ends_on), (starts_on, _) in pairwise(terms))
        assert all(ends_on == term_end(starts_on, months) for starts_on, ends_on in terms)
        assert terms[-1][1] > END


def check_charges(name):
    """Each term but the last was followed by one charge, on its day, at the first attempt."""
    ends = [ends_on for _, ends_on in customers.by_subscription(name)[0]]
    charges = customers.charges(name)

    assert [(end, paid_on, charge_attempts) for end, paid_on, _, charge_attempts in charges] == [
        (end, charge_day(name, end), 1) for end in ends[:-1]
    ]


def check_mails(name):
    """One for each payment, and 30 and 7 days before each charge, unless that day had passed when the term was paid."""
    mails = customers.mails(name)
    paid = [FIRST_DAY, *(paid_on for _, paid_on, _, _ in customers.charges(name))]
    ends = [ends_on for _, ends_on in customers.by_subscription(name)[0]]
    days = [(charge_day(name, end) - timedelta(days=before), since) for end, since in zip(ends, paid, strict=True) for before in (30, 7)]

    assert [mail for mail, times in Counter(mails).items() if times > 1] == []
    assert Counter(kind for kind, _ in mails) == {
        "payment_confirmed": len(paid),
        "renewal_notice": sum(since <= on <= END for on, since in days),
    }


def charge_day(name, ends_on):
    return ends_on.replace(day=15 if "osaipo" in name else 5)


@pytest.mark.store
def test_an_unpaid_contract_is_notified_suspended_and_deleted_once(shop, calendar):
    settle_in(shop, FOR_WEEKS)

    calendar.hurry(shop, date(2027, 2, 28))

    assert customers.terms("renew") == customers.terms("failed") == [("server", FIRST_DAY, date(2026, 12, 31))]
    assert customers.mails("renew") == [
        ("contract_deleted", "renewal deleted s1 2026-12-31"),
        ("contract_ended", "renewal end s1 2026-12-31"),
        ("contract_stopped", "renewal stop s1 2026-12-31"),
        ("deletion_ahead", "renewal deletion s1 2026-12-31"),
        ("order_accepted", "order #1"),
        ("payment_confirmed", "order #1"),
        ("renewal_by_hand", "renewal hand 2026-12-31 first"),
        ("renewal_by_hand", "renewal hand 2026-12-31 second"),
    ]
    assert Counter(kind for kind, _ in customers.mails("failed")) == {
        "payment_confirmed": 1, "renewal_notice": 1, "renewal_failed": 6,
        "contract_ended": 1, "contract_stopped": 1, "deletion_ahead": 1, "contract_deleted": 1,
    }  # fmt: skip
    assert calendar.days_of(EventKind.DELETION, "renew") == calendar.days_of(EventKind.DELETION, "failed") == [date(2027, 1, 15)]
    shop.ledger.prove()


def test_daily_passes_and_passes_on_scheduled_days_have_the_same_result(shop, calendar):
    settle_in(shop, FOR_WEEKS, "-daily")
    calendar.turn(shop, END_OF_WEEKS).jump(FIRST_DAY)
    settle_in(shop, FOR_WEEKS, "-rarely")
    calendar.hurry(shop, END_OF_WEEKS)

    the_same(shop, "-daily", "-rarely")


@pytest.mark.parametrize("busy", [date(2026, 12, 5), date(2026, 12, 10), date(2027, 1, 1)], ids=str)
def test_passes_every_five_minutes_have_the_same_result(shop, calendar, busy):
    the_day_before = busy - timedelta(days=1)
    settle_in(shop, FOR_WEEKS, "-often")
    calendar.hurry(shop, the_day_before).through_the_day(shop, busy).jump(FIRST_DAY)
    settle_in(shop, FOR_WEEKS, "-once")
    calendar.hurry(shop, the_day_before).turn(shop, busy)

    the_same(shop, "-often", "-once")


def test_several_workers_in_turn_have_the_same_result(shop, calendar):
    settle_in(shop, FOR_WEEKS, "-three")
    calendar.turn(shop, END_OF_WEEKS, passes=3).jump(FIRST_DAY)
    settle_in(shop, FOR_WEEKS, "-one")
    calendar.turn(shop, END_OF_WEEKS)

    the_same(shop, "-three", "-one")


def the_same(shop, one, other):
    for name in FOR_WEEKS:
        assert customers.normal_form(name + one) == customers.normal_form(name + other)
    shop.ledger.prove()


def test_after_weeks_without_a_worker_each_term_is_charged_once(shop, calendar):
    """Late, it makes up one attempt, and suspends nothing that it did not attempt."""
    settle_in(shop, {"card": FOR_WEEKS["card"]})

    for day in (date(2026, 12, 20), date(2027, 1, 8), date(2027, 2, 27), date(2027, 4, 2), date(2027, 4, 26)):
        calendar.jump(day).work(shop)

    assert [(end, paid_on) for end, paid_on, *_ in customers.charges("card")] == [
        (date(2026, 12, 31), date(2026, 12, 20)),
        (date(2027, 1, 31), date(2027, 1, 8)),
        (date(2027, 2, 28), date(2027, 2, 27)),
        (date(2027, 3, 31), date(2027, 4, 2)),
        (date(2027, 4, 30), date(2027, 4, 26)),
    ]
    assert [terms[-1][1] for terms in customers.by_subscription("card")] == [date(2027, 5, 31)] * 3
    assert calendar.days_of(EventKind.STOP, "card") == []
    shop.ledger.prove()


def test_after_a_month_without_a_worker_customers_get_four_days_and_nothing_is_suspended(shop, calendar):
    """The charge of the next term was missed too: it is made up on the next charge day, after the end of the term."""
    settle_in(shop, {"card": FOR_WEEKS["card"]})

    calendar.jump(date(2027, 1, 30)).work(shop)
    calendar.turn(shop, date(2027, 2, 6))

    assert [(end, paid_on) for end, paid_on, *_ in customers.charges("card")] == [
        (date(2026, 12, 31), date(2027, 1, 30)),
        (date(2027, 1, 31), date(2027, 2, 5)),
    ]
    assert [terms[-1][1] for terms in customers.by_subscription("card")] == [date(2027, 2, 28)] * 3
    assert calendar.days_of(EventKind.STOP, "card") == []
    shop.ledger.prove()


def test_a_transfer_confirmed_weeks_later_leaves_four_days_before_the_charge(shop, calendar):
    """Ordered before the charge and sent in time; staff see it when the next term has begun and its usual charge day is over."""
    settle_in(shop, {"osaipo": FOR_WEEKS["osaipo"]})
    calendar.turn(shop, date(2026, 12, 14))
    order = shop.place_for_transfer(shop.draft("osaipo", OrderKind.RENEW), a_selection(months=1))
    calendar.turn(shop, date(2027, 1, 16))
    allocation.allocate(
        shop.deposit(order.total_yen, on=date(2026, 12, 20)), order, order.total_yen, shop.staff, "番号が一致", catalog=shop.catalog
    )

    calendar.turn(shop, date(2027, 1, 21))

    assert [(end, paid_on) for end, paid_on, *_ in customers.charges("osaipo")] == [(date(2027, 1, 31), date(2027, 1, 20))]


def test_three_years_of_certificates_charge_what_is_on_and_issued_and_tell_of_every_end(shop, calendar):
    """One renews with its server until it cannot be issued any more; one was never set up, one is not renewed: both end after a year."""
    settle_in(shop, {"ssl": customers.certificates})
    unset, renewed, single = Account.by_login("ssl").subscriptions.where(Subscription.kind == "certificate").order_by(Subscription.id)

    calendar.hurry(shop, date(2027, 11, 20))
    authority.issue_everything()
    calendar.hurry(shop, date(2028, 11, 20))
    [asked] = awaited()
    authority.answer_about(asked, AnswerKind.CERTIFICATE_FAILED)
    calendar.hurry(shop, date(2029, 12, 20))

    with_it, without = 13_200 + 11_000, 13_200
    assert [(end.year, on, yen) for end, on, yen, _ in customers.charges("ssl")] == [
        (2027, date(2027, 11, 5), with_it),
        (2028, date(2028, 11, 5), with_it),
        (2029, date(2029, 11, 5), without),
    ]
    assert by_hand_notices() == {
        (date(2027, 10, 31), True, False), (date(2027, 11, 23), True, False),
        (date(2029, 10, 31), False, True), (date(2029, 11, 23), False, True),
    }  # fmt: skip
    ends = [(bought.last_term.ends_on, bought.ended_on) for bought in map(refreshed, (unset, single, renewed))]
    assert ends == [(date(2027, 11, 30), date(2027, 12, 15))] * 2 + [(date(2029, 11, 30), date(2029, 12, 15))]
    requests = HostingEvent.select().where(HostingEvent.kind == HostingEventKind.CERTIFICATE, HostingEvent.subscription == renewed)
    assert [str(event.ends_on) for event in requests.order_by(HostingEvent.id)] == ["2027-11-30", "2028-11-30", "2029-11-30"]
    assert Counter(kind for kind, _ in customers.mails("ssl") if "certificate" in kind) == {
        "certificate_issued": 3,
        "certificate_failed": 1,
    }
    shop.ledger.prove()


def by_hand_notices():
    """The day of each, and whether it names what was never set up, and what could not be issued."""
    told = Account.by_login("ssl").mails.where(Mail.kind == "renewal_by_hand")
    return {(clock.day_of(mail.created_at), "まだコモンネームが" in mail.body, "発行できなかったまま" in mail.body) for mail in told}


def refreshed(subscription):
    return Subscription.get_by_id(subscription.id)
