"""kill -9 before and after everything that is stored and every question of a payment, by card and by wallet, of the worker that asks
about it, and of the people who order by transfer, who confirm one, who import a file of the bank and confirm all of it.

The usual run takes each third step of the longer stories.
"""

import json
from pathlib import Path

import pytest

from portal.store import database as store
from tests import forked, sampling
from tests.races.killed import STORIES

pytestmark = pytest.mark.store(postgresql=3)
CAREFUL = [name for name in STORIES if "without_care" not in name]
GIVES_BACK = [name for name in CAREFUL if "refund" in name]
SURE = [name for name in CAREFUL if name not in (*GIVES_BACK, "pays_back_by_file")]
IN_ONE_TRANSACTION = ("orders_by_transfer", "orders_with_a_number", "staff_allocates", "staff_takes_back")
BY_TRANSFER = (*IN_ONE_TRANSACTION, "imports_a_file", "confirms_all")


def deaths(story: str, url: str, folder: Path, **env: str) -> list[dict]:
    """Of a careless story all: its fault is at one step. `UNTIL`: no more of them once this fault is found."""
    each = sampling.usual(3, 1) if story in CAREFUL and story not in BY_TRANSFER else 1
    store.close()
    done = forked.run("tests.races.killed", story, url, folder, each, env=env, timeout=480)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("story", SURE)
def test_a_crash_at_any_step_leaves_the_order_paid_or_payable(database, tmp_path, story):
    paid_or_payable(deaths(story, database, tmp_path), story)


def paid_or_payable(told: list[dict], story: str) -> None:
    assert [death["step"] for death in told[-1:]] == ["lived"]
    assert told[-1]["death"] > (2 if story in IN_ONE_TRANSACTION else 4)
    for death in told:
        found, at_last = death["restart"], death["restart"].get("at_last")
        assert "problem" not in found, death
        assert found["faults"] == at_last["faults"] == [], death
        assert (found["state"] == "paid") == (found["taken"] > 0), death
        assert (at_last["state"], at_last["taken"]) == ("paid", at_last["total"]), death
        assert at_last["accepted"] == (1 if story in BY_TRANSFER else 0), death


@pytest.mark.parametrize("story", GIVES_BACK)
def test_a_crash_at_any_step_gives_the_money_back_once_or_not_at_all(database, tmp_path, story):
    """Not at all only where the refund was never committed; what was committed goes back without anybody's help."""
    given_back_once_or_not_at_all(deaths(story, database, tmp_path))


def given_back_once_or_not_at_all(told: list[dict]) -> None:
    backs = [death["restart"]["back"] for death in told]
    assert [death["step"] for death in told[-1:]] == ["lived"]
    assert told[-1]["death"] > 5
    assert all(death["restart"]["faults"] == [] for death in told), told
    assert {tuple(back) for back in backs} <= {(), (3_000,)}
    assert backs == sorted(backs), "from the commit on"
    assert backs[-1] == [3_000]


def test_a_crash_while_money_goes_back_by_file_pays_each_customer_once(database, tmp_path):
    told = deaths("pays_back_by_file", database, tmp_path)

    assert [death["step"] for death in told[-1:]] == ["lived"]
    assert len(told) > 3
    assert not any("problem" in death["restart"] or death["restart"]["at_last"]["faults"] for death in told), told


def test_negative_control_a_careless_payout_can_crash_and_is_not_counted_as_paid(database, tmp_path):
    """The negative control: the customer is paid twice, or the press goes no further."""
    told = deaths("pays_back_by_file_without_care", database, tmp_path, UNTIL="paid back")

    assert any("paid back" in death["restart"].get("problem", "") for death in told), told


def test_negative_control_a_careless_refund_can_crash_and_is_not_counted(database, tmp_path):
    """The negative control."""
    told = deaths("refunds_without_care", database, tmp_path, UNTIL="are received and were not taken")

    assert any("are received and were not taken" in fault for death in told for fault in death["restart"]["faults"])


@pytest.mark.parametrize("story", ["without_care", "by_wallet_without_care"])
def test_negative_control_a_careless_payment_can_crash_and_lose_money(database, tmp_path, story):
    """The negative control."""
    told = deaths(story, database, tmp_path, UNTIL="were taken and are not received")

    assert any(death["restart"]["taken"] and death["restart"]["state"] != "paid" for death in told)
    assert any(death["restart"]["faults"] for death in told)


def test_negative_control_a_careless_confirmation_can_crash_with_money_and_no_order(database, tmp_path):
    """The negative control."""
    told = deaths("allocates_without_care", database, tmp_path, UNTIL="money only where it counts")

    assert any("money only where it counts" in fault for death in told for fault in death["restart"].get("faults", []))
    assert any(death["restart"].get("taken") and death["restart"]["state"] != "paid" for death in told)


def test_negative_control_a_careless_import_can_crash_half_done(database, tmp_path):
    """The negative control."""
    told = deaths("imports_without_care", database, tmp_path, UNTIL="half imported")

    assert any("half imported" in death["restart"].get("problem", "") for death in told)


def test_negative_control_a_paper_of_its_own_transaction_can_be_missing(database, tmp_path):
    """The negative control: the money is there, and its 領収書 is not."""
    told = deaths("paper_without_care", database, tmp_path, UNTIL="one receipt: ")

    assert any("one receipt: " in fault for death in told for fault in death["restart"]["faults"])
