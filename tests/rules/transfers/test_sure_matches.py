"""What is sure, and what is only proposed, as a table."""

from dataclasses import replace
from datetime import date

import pytest

from portal.rules.transfers.sure_matches import KnownOrder, Money, Names, sure_matches

PLACED, PAID, DUE = date(2026, 11, 2), date(2026, 11, 4), date(2026, 11, 16)
ORDER = KnownOrder(1, "12345678", 10, True, 13_200, PLACED, DUE)
OTHER = KnownOrder(2, "87654321", 20, True, 13_200, PLACED, DUE)
NUMBERED = Money(100, 13_200, PAID, "ヤマダタロウ", ("12345678",))
NAMED = replace(NUMBERED, numbers=())
KNOWN = Names({"ヤマダタロウ": frozenset({10})}, {})
NOBODY = Names({}, {})


def pairs(deposits, orders=(ORDER, OTHER), names=KNOWN, awaited=1):
    return [(match.deposit, match.order) for match in sure_matches(deposits, orders, names, {13_200: awaited})]


def test_the_number_of_an_open_order_is_sure_whatever_the_name():
    assert pairs([NUMBERED], names=NOBODY) == [(100, 1)]


def test_a_confirmed_name_is_sure_if_no_other_order_waits_for_that_yen():
    """Else it may be the money of somebody of that sound, whom the company knows in kanji alone."""
    assert pairs([NAMED]) == [(100, 1)]
    assert pairs([NAMED], awaited=2) == pairs([NAMED], awaited=0) == []


@pytest.mark.parametrize(
    ("money", "orders", "names"),
    [
        (replace(NUMBERED, yen=12_760), (ORDER,), KNOWN),
        (replace(NUMBERED, yen=13_201), (ORDER,), KNOWN),
        (replace(NUMBERED, counts_on=date(2026, 11, 17)), (ORDER,), KNOWN),
        (replace(NUMBERED, counts_on=date(2026, 11, 1)), (ORDER,), KNOWN),
        (NUMBERED, (replace(ORDER, is_open=False), replace(ORDER, id=3, number="11112222")), KNOWN),
        (replace(NUMBERED, numbers=("99998888",)), (ORDER,), KNOWN),
        (replace(NUMBERED, numbers=("12345678", "87654321")), (ORDER, OTHER), KNOWN),
        (NAMED, (ORDER,), NOBODY),
        (NAMED, (ORDER,), Names({"ヤマダタロウ": frozenset({10, 20})}, {})),
        (NAMED, (ORDER,), Names({"ヤマダタロウ": frozenset({10})}, {"ヤマダタロウ": frozenset({20})})),
        (NAMED, (ORDER,), Names({}, {"ヤマダタロウ": frozenset({10})})),
        (NAMED, (ORDER, replace(ORDER, id=3, number="11112222")), KNOWN),
        (replace(NAMED, yen=12_760), (ORDER,), KNOWN),
        (replace(NAMED, payer_key="ヤマダタロ"), (ORDER,), KNOWN),
        (replace(NAMED, payer_key="ヤ"), (ORDER,), Names({"ヤ": frozenset({10})}, {})),
        (replace(NAMED, payer_key=""), (ORDER,), Names({"": frozenset({10})}, {})),
        (replace(NAMED, counts_on=date(2026, 11, 17)), (ORDER,), KNOWN),
    ],
    ids=[
        "short by the fee",
        "a yen more",
        "late",
        "from before the order",
        "the number of an order that is over, with another open one",
        "a number of nothing",
        "two numbers",
        "unknown name",
        "equal names of two accounts",
        "another account reported that payer",
        "only a reported payer",
        "two orders of that yen",
        "name and short",
        "the beginning of a name",
        "a name of one letter",
        "no name",
        "name and late",
    ],
)
def test_everything_else_is_for_a_person(money, orders, names):
    assert pairs([money], orders, names) == []


def test_of_two_transfers_with_one_number_the_earlier_is_sure():
    later = replace(NUMBERED, deposit=99, counts_on=date(2026, 11, 5))

    assert pairs([later, NUMBERED]) == [(100, 1)]


def test_two_kana_payers_of_one_day_and_yen_are_both_for_a_person():
    """They may be two people: neither is dropped, neither is guessed."""
    assert pairs([NAMED, replace(NAMED, deposit=101)]) == []


def test_a_number_goes_before_a_name():
    assert pairs([replace(NAMED, deposit=50), NUMBERED]) == [(100, 1)]


def test_each_order_takes_one_and_each_deposit_goes_to_one():
    second = replace(NUMBERED, deposit=101, numbers=("87654321",))

    assert pairs([NUMBERED, second]) == [(100, 1), (101, 2)]
