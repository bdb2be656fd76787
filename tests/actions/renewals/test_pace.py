"""How many accounts share a transaction."""

import pytest

from portal.actions.renewals.pace import LEAST, MOST, SIZES, Pace


def groups_of(rows: int, seconds_each: float, **options: int) -> list[int]:
    """With 0.03 s for each group."""
    clock, found = [0.0], []
    for group in Pace(0.03, now=lambda: clock[0], **options).groups(range(rows)):
        found.append(len(group))
        clock[0] += seconds_each * len(group)
    return found


@pytest.mark.parametrize(
    ("seconds_each", "groups"),
    [
        (0.0005, [2, 4, 8, 12, 24, MOST, MOST]),
        (0.002, [2, 4, 8, 12, 12, 12]),
        (0.009, [2, 2, 2, 2]),
        (0.02, [2, LEAST, LEAST]),
        (5.0, [2, LEAST]),
    ],
    ids=["very fast", "fast", "not so fast", "slow", "very slow"],
)
def test_a_group_is_as_large_as_its_time_allows(seconds_each, groups):
    assert groups_of(sum(groups), seconds_each) == groups


def test_a_run_may_begin_with_large_groups():
    assert groups_of(100, 0.0005, first=MOST) == [48, 48, 4]


@pytest.mark.parametrize("rows", range(1, 120))
def test_every_row_is_in_a_group_and_groups_are_of_few_sizes(rows):
    for seconds_each in (0.0005, 0.002, 0.5):
        groups = groups_of(rows, seconds_each)
        assert sum(groups) == rows
        assert set(groups) <= set(SIZES)


def test_a_small_rest_makes_the_next_groups_no_smaller():
    pace = Pace(9, first=24, now=lambda: 0.0)

    assert [len(group) for rows in (25, 48) for group in pace.groups(range(rows))] == [24, 1, 48]
