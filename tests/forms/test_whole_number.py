"""Whole numbers in usual notations, and invalid ones."""

import pytest

from portal.forms.base import whole_number

NUMBERS = {"0": 0, "1": 1, "20": 20, "１２": 12, "　３ ": 3, " 7\n": 7, "1,000": 1000, "１，０００": 1000, "007": 7, "999999": 999_999}
NO_NUMBERS = [
    None, "", " ", "　", "-1", "−1", "－１", "+1", "1.5", "１．５", "1e3", "0x10", "１台", "一", "½", "²", "①", "Ⅳ",
    "1000000", "1000000000", "1" * 100_000, "NaN", "inf", "1 2", "🍣", "𠮷", "1\0", "٣", "१", "１２３４５６７", "--1", "1_0",
]  # fmt: skip


@pytest.mark.parametrize(("typed", "number"), NUMBERS.items())
def test_a_number_is_accepted_in_any_usual_notation(typed: str, number: int) -> None:
    assert whole_number(typed) == number


@pytest.mark.parametrize("typed", NO_NUMBERS, ids=lambda typed: repr(typed)[:20])
def test_an_invalid_whole_number_is_refused(typed: str | None) -> None:
    assert whole_number(typed) is None
