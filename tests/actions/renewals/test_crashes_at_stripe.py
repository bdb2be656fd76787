"""kill -9 as in test_crashes.py, with Stripe in the sandbox's place: its API is in another process, and goes on.

The usual run takes some steps of some stories, because what the portal stores is the same with every company.
"""

import pytest

from portal.enums import Method
from tests import sampling
from tests.actions.renewals.killed import STORIES
from tests.actions.renewals.test_crashes import charged_and_mailed_once, deaths
from tests.stripe_cards import stripe_cards

pytestmark = pytest.mark.store(postgresql=0)
USUAL = ("answer lost", "asked, was taken")
BY_CARD = tuple(name for name, story in STORIES.items() if story.method is Method.CARD)


@pytest.fixture
def died(database, tmp_path):
    with stripe_cards() as cards:
        yield lambda *stories, each=1: deaths(database, tmp_path, *stories, each=each, FAKE_STRIPE=cards.fake.url)


def test_a_crash_at_any_step_charges_each_term_once_and_writes_each_mail_once(died):
    stories = BY_CARD if sampling.IS_WHOLE else USUAL
    told, books = died(*stories, each=sampling.usual(4, 1))

    assert {death["story"] for death in told} >= {*stories}
    charged_and_mailed_once(told, books)


@pytest.mark.skipif(not sampling.IS_WHOLE, reason="the same is shown at the sandbox")
def test_negative_control_a_careless_worker_can_crash_with_a_charge_without_an_order(died):
    """The negative control."""
    _told, books = died("without care")

    assert any("were taken and are not received" in fault for fault in books["faults"])
