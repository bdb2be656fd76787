"""How many accounts share a transaction."""

import pytest

from portal.actions.renewals.pace import LEAST, MOST, Pace


@pytest.mark.parametrize(
    ("seconds_each", "groups"),
    [
        (0.001, [2, 4, 8, 16, MOST, MOST]),
        (0.009, [2, 3, 3, 3]),
        (0.02, [2, LEAST, LEAST]),
        (5.0, [2, LEAST]),
    ],
    ids=["fast", "not so fast", "slow", "very slow"],
)
def test_a_group_is_as_large_as_its_time_allows(seconds_each, groups):
    clock = [0.0]
    found = []
    for group in Pace(0.03, now=lambda: clock[0]).groups(range(sum(groups))):
        found.append(len(group))
        clock[0] += seconds_each * len(group)

    assert found == groups
