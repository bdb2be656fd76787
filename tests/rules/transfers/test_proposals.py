"""What a waiting deposit is proposed for, its words and what a press would allocate, as a table."""

from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest

from portal.enums import OrderState, ProposalKind
from portal.rules.transfers.proposals import Candidate, Part, Proposal, Waiting, equally_near, propose

PLACED, PAID, DUE = date(2026, 11, 2), date(2026, 11, 4), date(2026, 11, 16)
MONEY = Waiting(100, 13_200, PAID)
NUMBERED = Candidate(1, 10, OrderState.PLACED, 13_200, 13_200, PLACED, DUE, by_number=True, by_name=False)
NAMED = replace(NUMBERED, by_number=False, by_name=True)
SMALL = replace(NAMED, order=2, total_yen=660, missing_yen=660)
TWIN = replace(NAMED, order=3, account=20)
UNRELATED = replace(NAMED, order=4, by_name=False)
BOTH = replace(MONEY, yen=13_860)


def over(one: Candidate, state: OrderState, **about: object) -> Candidate:
    return replace(one, state=state, **about)


@pytest.mark.parametrize(
    ("money", "candidates", "kind", "orders"),
    [
        (MONEY, [], "NOBODY", ()),
        (MONEY, [UNRELATED], "NOBODY", ()),
        (MONEY, [NUMBERED], "EXACT", (1,)),
        (MONEY, [NAMED, SMALL], "EXACT", (1,)),
        (MONEY, [NUMBERED, TWIN], "EXACT", (1,)),
        (MONEY, [NAMED, TWIN], "NAMESAKES", (1, 3)),
        (MONEY, [NAMED, replace(NAMED, order=5)], "SEVERAL", (1, 5)),
        (MONEY, [NUMBERED, replace(NUMBERED, order=5, account=20)], "SEVERAL", (1, 5)),
        (replace(MONEY, yen=10_000), [replace(NAMED, missing_yen=10_000)], "REST", (1,)),
        (replace(MONEY, counts_on=date(2026, 11, 17)), [NUMBERED], "LATE", (1,)),
        (replace(MONEY, counts_on=date(2026, 11, 1)), [NUMBERED], "BEFORE", (1,)),
        (MONEY, [over(NUMBERED, OrderState.PAID)], "PAID", (1,)),
        (MONEY, [over(NUMBERED, OrderState.PAID, is_by_transfer=False)], "PAID_OTHERWISE", (1,)),
        (MONEY, [over(NAMED, OrderState.PAID, is_by_transfer=False, missing_yen=0)], "PAID_OTHERWISE", (1,)),
        (MONEY, [over(NAMED, OrderState.PAID, total_yen=500, missing_yen=0)], "NOTHING_OPEN", (1,)),
        (MONEY, [over(NUMBERED, OrderState.CANCELLED)], "CANCELLED", (1,)),
        (MONEY, [over(NUMBERED, OrderState.EXPIRED)], "EXPIRED", (1,)),
        (MONEY, [replace(NUMBERED, is_checking=True)], "CHECKING", (1,)),
        (MONEY, [replace(NUMBERED, is_by_transfer=False)], "BY_COMPANY", (1,)),
        (MONEY, [over(NUMBERED, OrderState.PAID), UNRELATED], "OLD_NUMBER", (4,)),
        (MONEY, [over(NUMBERED, OrderState.PAID), replace(UNRELATED, missing_yen=660)], "PAID", (1,)),
        (MONEY, [over(NUMBERED, OrderState.PAID), replace(UNRELATED, account=20)], "PAID", (1,)),
        (MONEY, [replace(NAMED, by_name=False, by_beginning=True)], "BEGINNING", (1,)),
        (replace(MONEY, yen=12_760), [NUMBERED], "FEE", (1,)),
        (replace(MONEY, yen=12_209), [NUMBERED], "SHORT", (1,)),
        (replace(MONEY, yen=13_201), [NUMBERED], "OVER", (1,)),
        (BOTH, [NAMED, SMALL], "COMBINED", (1, 2)),
        (BOTH, [NUMBERED, replace(SMALL, by_number=True, account=20)], "COMBINED", (1, 2)),
        (replace(MONEY, yen=13_861), [NAMED, SMALL], "SEVERAL", (1, 2)),
        (BOTH, [NAMED, SMALL, replace(SMALL, order=6)], "SEVERAL", (1, 2, 6)),
    ],
)
def test_the_best_proposal(money: Waiting, candidates: list[Candidate], kind: str, orders: tuple[int, ...]) -> None:
    found = {propose(money, some) for some in permutations(candidates)}

    assert [(one.kind.name, one.orders) for one in found] == [(kind, orders)]


def test_every_kind_is_in_the_table_or_below() -> None:
    marks = test_the_best_proposal.pytestmark[0].args[1]
    assert {kind for _, _, kind, _ in marks} | {"TOGETHER"} == {kind.name for kind in ProposalKind}


def test_a_press_allocates_what_the_words_say() -> None:
    assert propose(MONEY, [NUMBERED]).parts == (Part(100, 1, 13_200),)
    assert propose(BOTH, [NAMED, SMALL]).parts == (Part(100, 1, 13_200), Part(100, 2, 660))
    short = propose(replace(MONEY, yen=12_760), [NUMBERED])
    assert (short.parts, short.short_yen, short.over_yen) == ((Part(100, 1, 12_760),), 440, 0)
    more = propose(replace(MONEY, yen=13_201), [NUMBERED])
    assert (more.parts, more.short_yen, more.over_yen) == ((Part(100, 1, 13_200),), 0, 1)


@pytest.mark.parametrize(
    "kind", ["NAMESAKES", "SEVERAL", "BEFORE", "PAID", "PAID_OTHERWISE", "EXPIRED", "CANCELLED", "CHECKING", "BEGINNING"]
)
def test_where_somebody_has_to_look_there_is_no_press(kind: str) -> None:
    rows = [(money, some) for money, some, found, _ in test_the_best_proposal.pytestmark[0].args[1] if found == kind]
    assert all(propose(*row).parts == () for row in rows)


def test_several_transfers_of_one_payer_make_one_order() -> None:
    first, second, third = (Waiting(deposit, yen, PAID) for deposit, yen in ((101, 8_000), (100, 5_200), (102, 5_200)))

    assert propose(first, [NAMED], [first, second]) == Proposal(ProposalKind.TOGETHER, (1,), (Part(100, 1, 5_200), Part(101, 1, 8_000)))
    assert propose(first, [NAMED], [first, second, third]).kind is ProposalKind.SHORT, "which of the two is not known"
    assert propose(first, [NAMED], [replace(second, counts_on=date(2026, 11, 1))]).kind is ProposalKind.SHORT


def test_the_search_for_sums_is_bounded() -> None:
    many = [replace(NAMED, order=order, missing_yen=1_000 + order, total_yen=5_000) for order in range(1, 200)]

    assert propose(replace(MONEY, yen=1), many).kind is ProposalKind.SEVERAL


@pytest.mark.parametrize(
    ("missing", "equal"),
    [([], 0), ([13_200], 1), ([13_200, 660], 1), ([13_200, 13_200, 660], 2), ([13_640, 12_760], 2), ([660] * 7, 7)],
)
def test_orders_that_fit_equally_are_counted(missing: list[int], equal: int) -> None:
    assert equally_near(13_200, missing) == equal
