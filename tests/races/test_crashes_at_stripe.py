"""kill -9 as in test_crashes.py, with Stripe in the sandbox's place: its API is in another process, and goes on."""

import pytest

from tests import sampling
from tests.races.killed import STORIES
from tests.races.test_crashes import deaths, given_back_once_or_not_at_all, paid_or_payable
from tests.stripe_cards import stripe_cards

pytestmark = [pytest.mark.store(postgresql=0)]
in_whole = pytest.mark.skipif(not sampling.IS_WHOLE, reason="takes long; test_stripe_crashes.py dies at the same steps within one process")
PAYS = ("pays", "answer_lost", "refused", "worker_finds_it_paid", "worker_closes_it", "worker_gives_it_up")


@pytest.fixture
def died(database, tmp_path):
    with stripe_cards() as cards:
        yield lambda story, **env: deaths(story, database, tmp_path, FAKE_STRIPE=cards.fake.url, **env)


@in_whole
@pytest.mark.parametrize("story", PAYS)
def test_a_crash_at_any_step_leaves_the_order_paid_or_payable(died, story):
    paid_or_payable(died(story), story)


@in_whole
def test_a_crash_at_any_step_gives_the_money_back_once_or_not_at_all(died):
    given_back_once_or_not_at_all(died("refunds"))


@pytest.mark.parametrize(
    ("story", "fault"), [("without_care", "were taken and are not received"), ("refunds_without_care", "were not taken")]
)
def test_negative_control_without_care_a_crash_loses_sight_of_money(died, story, fault):
    """The negative control."""
    told = died(story, UNTIL=fault)

    assert any(fault in found for death in told for found in death["restart"].get("faults", [])), told


def test_every_story_of_a_card_is_named_here():
    left_out = [name for name, story in STORIES.items() if not hasattr(story, "method") and not hasattr(story, "finish")]

    assert {name for name in left_out if "care" not in name and "their_key" not in name} == {*PAYS, "refunds"}
