"""What reaches our bank account, as Stripe's payouts and the sandbox companies say it: the sum, and what it is made of."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.enums import RemittanceState
from portal.gateways.answers import CompanyUnreachable, Parts, Remittance
from portal.sandbox.books import disputes as sandbox_disputes
from tests.fake_stripe import disputes
from tests.fake_stripe.balance import pay_out
from tests.gateways.stripe_bench import INSTALLATION, StripeBench
from tests.gateways.test_books import a_card

FRIDAY = date(2026, 10, 30)


@pytest.fixture
def bench(fake) -> StripeBench:
    return StripeBench(fake)


def of(bench: StripeBench, first: date = FRIDAY, last: date = FRIDAY) -> list[Remittance]:
    return bench.stripe.remittances(first, last)


def test_a_payout_is_charges_less_refunds_disputes_and_every_fee(bench) -> None:
    payer = bench.payer()
    paid = [bench.take(payer, yen, f"{INSTALLATION}-o{yen}-a1") for yen in (13_200, 6_600, 1_320)]
    bench.refund(paid[0].reference, 3_000, "refund")
    dispute = disputes.begin(bench.world, paid[1].reference)
    payout = pay_out(bench.world, FRIDAY)
    [found] = of(bench)

    assert found.parts == Parts(charged=21_120, refunded=-3_000, disputed=-6_600, fees=-(475 + 237 + 47 + disputes.FEE))
    assert (found.number, found.yen, found.arrives_on, found.state) == (payout["id"], found.parts.yen, FRIDAY, RemittanceState.SENT)

    disputes.close(bench.world, dispute, "won")
    later = pay_out(bench.world, FRIDAY + timedelta(days=7), status="in_transit")
    [found] = of(bench, later and FRIDAY + timedelta(days=1), FRIDAY + timedelta(days=7))
    assert (found.yen, found.parts, found.state) == (6_600, Parts(disputed=6_600), RemittanceState.ON_WAY)


def test_more_rows_than_a_page_of_stripe_are_all_counted(bench) -> None:
    from tests.fake_stripe.intents import move

    for number in range(230):
        source = bench.world.make("charge", "ch", payment_intent=f"pi_{number}", metadata={"key": f"{INSTALLATION}-o{number}-a1"})
        move(bench.world, "charge", source, 100, 3)
    pay_out(bench.world, FRIDAY)
    now = datetime.now(UTC)
    listed = bench.stripe.movements(now - timedelta(hours=1), now + timedelta(hours=1))

    assert of(bench)[0].parts == Parts(charged=23_000, fees=-690)
    assert sorted({moved.key for moved in listed}) == sorted(f"{INSTALLATION}-o{number}-a1" for number in range(230))


@pytest.mark.parametrize(("status", "state"), [("failed", "failed"), ("canceled", "failed"), ("pending", "on_way"), ("paid", "sent")])
def test_how_far_it_has_come(bench, status: str, state: str) -> None:
    bench.take(bench.payer(), 660, f"{INSTALLATION}-o1-a1")
    pay_out(bench.world, FRIDAY, status=status)

    assert of(bench)[0].state == state


def test_one_made_by_hand_has_no_parts_and_other_days_are_not_listed(bench) -> None:
    pay_out(bench.world, FRIDAY, automatic=False, yen=500)

    assert [(found.yen, found.parts) for found in of(bench)] == [(500, None)]
    assert of(bench, FRIDAY + timedelta(days=1), FRIDAY + timedelta(days=60)) == []
    bench.world.refuses = [503] * 4
    with pytest.raises(CompanyUnreachable):
        of(bench)


def test_the_sandbox_sends_each_week_on_the_friday_after_it(books, company) -> None:
    first = company.charge(a_card(books), 13_200, "first")
    company.charge(a_card(books), 6_600, "second")
    company.refund(first.reference, 200, "refund")
    sandbox_disputes.dispute(books, first.reference)
    monday = books.today() - timedelta(days=books.today().weekday())
    friday = monday + timedelta(days=11)

    assert company.remittances(friday, friday) == []  # the week is not over
    books.set_offset_days(7)
    [found] = company.remittances(friday - timedelta(days=20), friday + timedelta(days=20))
    assert (found.arrives_on, found.state) == (friday, RemittanceState.ON_WAY if books.today() < friday else RemittanceState.SENT)
    assert found.parts == Parts(charged=19_800, refunded=-200, disputed=-13_000, fees=-712)
