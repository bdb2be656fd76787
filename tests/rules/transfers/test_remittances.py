"""Which line of the bank is a payment company's remittance, and what is wrong with one."""

from datetime import date, timedelta

import pytest

from portal.enums import RemittanceState
from portal.rules.transfers.remittances import Arrived, Expected, lines_of, problem

FRIDAY = date(2026, 10, 30)
SENT, ON_WAY, FAILED = RemittanceState.SENT, RemittanceState.ON_WAY, RemittanceState.FAILED


def line(name: str, yen: int = 12_000, day: date = FRIDAY) -> Arrived:
    return Arrived(name, yen, day)


ONE, OTHER = Expected("one", 12_000, FRIDAY), Expected("other", 12_000, FRIDAY + timedelta(days=7))


@pytest.mark.parametrize(
    ("expected", "arrived", "found"),
    [
        ([ONE], [line("a")], {"one": "a"}),
        ([ONE], [line("a", day=FRIDAY - timedelta(days=1))], {"one": "a"}),
        ([ONE], [line("a", day=date(2026, 11, 4))], {"one": "a"}),  # over the end of the month, a weekend and a holiday
        ([ONE], [line("a", day=FRIDAY + timedelta(days=7))], {}),
        ([ONE], [line("a", day=FRIDAY - timedelta(days=2))], {}),
        ([ONE], [line("a", yen=12_001)], {}),
        ([ONE], [line("a"), line("b")], {}),  # twins: staff look
        ([ONE, OTHER], [line("a"), line("b", day=OTHER.arrives_on)], {"one": "a", "other": "b"}),
        ([ONE, OTHER], [line("a", day=OTHER.arrives_on - timedelta(days=1))], {}),
        ([], [line("a")], {}),
    ],
)
def test_a_line_is_a_remittance_only_where_neither_could_be_another(expected: list, arrived: list, found: dict) -> None:
    assert lines_of(expected, arrived) == found


@pytest.mark.parametrize(
    ("state", "parts", "is_in_bank", "until", "word"),
    [
        (SENT, 12_000, True, date(2026, 12, 1), ""),
        (SENT, 12_000, False, FRIDAY + timedelta(days=6), ""),
        (SENT, 12_000, False, FRIDAY + timedelta(days=7), "この金額の入金がありません"),
        (ON_WAY, 12_000, False, FRIDAY + timedelta(days=7), "この金額の入金がありません"),
        (SENT, 12_000, False, None, ""),  # nobody brings the bank's files
        (SENT, None, True, None, ""),  # sent by hand: the company does not say its parts
        (SENT, 11_340, True, None, "11,340円"),
        (FAILED, 12_000, False, None, "送金ができませんでした"),
    ],
)
def test_what_staff_have_to_look_at(state, parts, is_in_bank, until, word) -> None:
    found = problem(state, 12_000, parts, FRIDAY, is_in_bank=is_in_bank, known_until=until)

    assert word in found if word else found == ""
