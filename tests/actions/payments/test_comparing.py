"""The company's own list beside our books: a table of what can differ, each with its proposal, and nothing where all agrees."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from models import Allocation, Event, Payment, Refund
from portal import clock
from portal.actions.operations import health
from portal.actions.payments import comparing, refunds
from portal.actions.payments.comparing import compare, tell_differences
from portal.actions.payments.refundable import refundable
from portal.enums import Method, SystemTrouble
from portal.gateways.card import CompanyUnreachable
from tests.companies import LosesAnswers, Wrapped
from tests.purchase import INSTALLATION, Shop

A_DAY = timedelta(days=1)


class WithMore(Wrapped):
    """Its list has `more`, and lacks what `without` says."""

    def __init__(self, company, more=(), without=lambda moved: False) -> None:
        super().__init__(company)
        self._more, self._without = more, without

    def answer(self, name, *arguments):
        if name != "movements":
            return super().answer(name, *arguments)
        return [*(moved for moved in super().answer(name, *arguments) if not self._without(moved)), *self._more]


def compared(shop: Shop, company=None):
    today = clock.today()
    return compare(shop.method, company or shop.company, today, today)


def told(shop: Shop, company=None) -> list[tuple]:
    return [(found.order_number, found.theirs_yen, found.ours_yen, found.proposal) for found in compared(shop, company).differences]


def give_back(shop: Shop, order, yen: int, company=None) -> None:
    company = company or shop.company
    begun = refunds.begin(refundable(order), yen, shop.staff, "機器の不具合", {shop.method: company}, INSTALLATION)
    refunds.send(begun, company)


@pytest.mark.parametrize("method", [Method.CARD, Method.WALLET])
def test_payments_and_refunds_that_agree_differ_in_nothing(shop: Shop, method: Method) -> None:
    shop = shop.by(method)
    order = shop.buy()
    give_back(shop, order, 3_000)

    found = compared(shop)

    assert (found.theirs_yen, found.ours_yen, found.differences) == (10_200, 10_200, ())


def test_a_payment_whose_answer_is_still_awaited_is_named(shop: Shop) -> None:
    order = shop.asking(LosesAnswers(shop.company)).buy()

    assert told(shop) == [(order.number, 13_200, 0, comparing.ASKED_LATER)]


def test_a_payment_that_our_books_have_lost_is_named(shop: Shop) -> None:
    """As after a restore of an old database."""
    order = shop.buy()
    Allocation.delete().execute()

    assert told(shop) == [(order.number, 13_200, 0, comparing.TAKEN_AND_UNKNOWN)]


def test_a_payment_of_another_yen_is_named(shop: Shop) -> None:
    order = shop.buy()
    Allocation.update(yen=13_000).execute()

    assert told(shop) == [(order.number, 13_200, 13_000, comparing.OTHER_YEN)]


def test_a_payment_and_a_refund_that_the_company_does_not_have_are_named(shop: Shop) -> None:
    order = shop.buy()
    give_back(shop, order, 3_000)

    nothing = WithMore(shop.company, without=lambda moved: True)

    assert told(shop, nothing) == [(order.number, 0, 13_200, comparing.NOT_THERE), (order.number, 0, -3_000, comparing.NOT_GIVEN_BACK)]


def test_a_refund_made_at_the_company_is_named_with_what_to_do(shop: Shop) -> None:
    order = shop.buy()
    reference = Payment.get().company_reference
    shop.company.refund(reference, 500, "made in the dashboard")

    assert told(shop) == [(order.number, -500, 0, comparing.MADE_THERE)]


def test_a_refund_without_an_answer_is_named(shop: Shop) -> None:
    order = shop.buy()
    give_back(shop, order, 3_000, LosesAnswers(shop.company, "refund"))
    assert Refund.get().state == "unknown"

    assert told(shop) == [(order.number, -3_000, 0, comparing.ASKED_LATER)]


def test_a_dispute_is_named_and_one_of_somebody_else_is_not(shop: Shop) -> None:
    from portal.gateways.card import Movement, MovementKind

    order, now = shop.buy(), clock.now()
    mine = Movement(MovementKind.DISPUTE, "", Payment.get().company_reference, -13_200, now)
    other = Movement(MovementKind.DISPUTE, "", "pi_of_another_shop", -660, now)
    given = Movement(MovementKind.REFUND, "", "pi_of_another_shop", -660, now)

    assert told(shop, WithMore(shop.company, [mine, other, given])) == [(order.number, -13_200, 0, comparing.DISPUTED)]


def test_a_day_on_either_side_of_midnight_is_no_difference(shop: Shop) -> None:
    shop.buy()
    Allocation.update(received_on=Allocation.received_on.python_value(clock.today() - A_DAY)).execute()
    yesterday = clock.today() - A_DAY

    assert compare(shop.method, shop.company, yesterday, yesterday).differences == ()
    assert compare(shop.method, shop.company, clock.today(), clock.today()).differences == ()


def test_the_worker_tells_each_difference_once(shop: Shop, business_day: Callable) -> None:
    order = shop.buy()
    Allocation.delete().execute()
    business_day(clock.today() + A_DAY)

    assert [found.order_number for found in tell_differences({Method.CARD: shop.company})] == [order.number]
    assert list(tell_differences({Method.CARD: shop.company})) == []
    assert Event.select().where(Event.to_state == "difference", Event.reason.startswith("要確認")).count() == 1
    assert SystemTrouble.BOOKS in [trouble.kind for trouble in health.standing_troubles()]
    business_day(clock.today() + timedelta(days=8))
    assert SystemTrouble.BOOKS not in [trouble.kind for trouble in health.standing_troubles()]


def test_a_company_that_gives_no_list_stops_nothing(shop: Shop) -> None:
    class Silent(Wrapped):
        def answer(self, name, *arguments):
            raise CompanyUnreachable("no line")

    assert list(tell_differences({Method.CARD: Silent(shop.company)})) == []


OCTOBER, NOVEMBER = (date(2026, 10, 1), date(2026, 10, 31)), (date(2026, 11, 1), date(2026, 11, 30))


def of_month(shop: Shop, month: tuple[date, date]) -> tuple[int, int, tuple]:
    found = compare(shop.method, shop.company, *month)
    return found.theirs_yen, found.ours_yen, found.differences


def test_a_refund_of_an_earlier_month_s_payment_belongs_to_the_month_in_which_it_went_back(shop: Shop, business_day: Callable) -> None:
    business_day(OCTOBER[1])
    order = shop.buy()
    business_day(NOVEMBER[0])
    give_back(shop, order, 3_000)

    assert of_month(shop, OCTOBER) == (13_200, 13_200, ())
    assert of_month(shop, NOVEMBER) == (-3_000, -3_000, ())


def test_a_payment_of_which_we_hear_days_later_belongs_to_the_month_in_which_it_was_made(shop: Shop, business_day: Callable) -> None:
    business_day(OCTOBER[1])
    shop.asking(LosesAnswers(shop.company)).buy()
    assert [found.proposal for found in of_month(shop, OCTOBER)[2]] == [comparing.ASKED_LATER]
    business_day(date(2026, 11, 3))
    shop.work()

    assert of_month(shop, OCTOBER) == (13_200, 13_200, ())
    assert of_month(shop, NOVEMBER) == (0, 0, ())
