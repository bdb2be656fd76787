"""What staff read that they should do about a dispute is so at that moment."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.enums import DisputeState
from portal.rules.payments.disputes import Step, reason_ja, step

NOW = datetime(2026, 11, 29, tzinfo=UTC)
SOON, PAST = NOW + timedelta(seconds=1), NOW


@pytest.mark.parametrize("state", [DisputeState.INQUIRY, DisputeState.OPEN])
@pytest.mark.parametrize(("respond_by", "found"), [(SOON, Step.ANSWER), (PAST, Step.TOO_LATE), (None, Step.WAIT)])
def test_an_open_one_is_answered_in_time_or_waited_for(state: DisputeState, respond_by: datetime | None, found: Step) -> None:
    assert step(state, respond_by, NOW) is found


@pytest.mark.parametrize("state", [DisputeState.WON, DisputeState.LOST])
@pytest.mark.parametrize("respond_by", [SOON, PAST, None])
def test_one_that_is_over_is_checked(state: DisputeState, respond_by: datetime | None) -> None:
    assert step(state, respond_by, NOW) is Step.CHECK


def test_a_reason_that_the_company_adds_later_has_words() -> None:
    assert (reason_ja("fraudulent"), reason_ja("a_reason_of_tomorrow")) == ("本人が使っていない", "そのほか")
