"""How many accounts share a transaction."""

import pytest

from portal.actions.renewals.pace import MOST, Pace


@pytest.mark.parametrize(
    ("seconds_each", "groups"),
    [
        (0.001, [1, 2, 4, 8, MOST, MOST]),
        (0.009, [1, 2, 4, 4]),
        (0.03, [1, 1, 1]),
        (5.0, [1, 1, 1]),
    ],
    ids=["fast", "not so fast", "slow", "the company takes its time"],
)
def test_a_group_is_as_large_as_its_time_allows(seconds_each, groups):
    clock = [0.0]
    found = []
    for group in Pace(0.04, now=lambda: clock[0]).groups(range(sum(groups))):
        found.append(len(group))
        clock[0] += seconds_each * len(group)

    assert found == groups
