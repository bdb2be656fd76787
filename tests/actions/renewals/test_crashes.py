"""kill -9 at every commit and outside call of a renewal run; other workers run later, on that day and on following days.

The usual run takes each third step, on PostgreSQL each fifth: what was committed before a crash is the same on both, and tests/store
proves that.
"""

import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from portal.store import database as store
from tests import forked, sampling
from tests.actions.renewals.contract import ENDS_ON, RENEWED_UNTIL, RESERVED_UNTIL

pytestmark = pytest.mark.store

CHARGED = ("charged", "together", "charged by wallet", "retried", "another card", "answer lost", "never arrived")
CERTIFICATES = ("with a certificate", "issued", "not issued")
RENEWED = (*CHARGED, *CERTIFICATES, "notice", "asked, was taken", "asked, never arrived")
ENDED = ("refused", "refused beside", "ended", "deletion announced", "deleted")
RESET = ("reset", "wallet reset")
MORE_THAN_ONCE = ("payment_confirmed", "renewal_failed", "renewal_by_hand")  # by hand: 30 and 7 days before


def deaths(url: str, folder: Path, *stories: str, each: int = 1, **env: str) -> tuple[list[dict], dict]:
    """The final state of every contract and of the books."""
    store.close()
    done = forked.run("tests.actions.renewals.killed", url, folder, each, *stories, env=env, timeout=1_800)
    assert done.returncode == 0, done.stderr
    *told, books = [json.loads(line) for line in done.stdout.splitlines()]
    return told, books


def test_a_crash_at_any_step_charges_each_term_once_and_writes_each_mail_once(database, tmp_path):
    told, books = deaths(database, tmp_path, each=sampling.usual(5 if store.is_postgresql() else 3, 1))

    assert {death["story"] for death in told} == {*RENEWED, *ENDED, *RESET, "reserved"}
    charged_and_mailed_once(told, books)


def charged_and_mailed_once(told: list[dict], books: dict) -> None:
    assert books == {"faults": [], "twice": []}
    lived = [death["story"] for death in told if death["step"] == "lived"]
    assert sorted(lived) == sorted({death["story"] for death in told})
    for death in told:
        charged, ends_on, is_deleted, mails, asked = death["at_last"].values()
        assert (charged, date.fromisoformat(ends_on), is_deleted) == what_becomes_of(death["story"]), death
        assert {kind for kind, times in Counter(mails).items() if times > 1} <= {*MORE_THAN_ONCE}, death
        assert {*mails_of(death["story"])} <= {*mails}, death
        assert asked == certificates_of(death["story"]), death
        assert all(not told["is_under_way"] and not told["charged"] for told in death["again"] or ()), death


def what_becomes_of(story: str) -> tuple[int, date, bool]:
    """How often it is charged, until when it is paid, and whether it is deleted in the end."""
    if story in (*ENDED, *RESET):
        return 0, ENDS_ON, True
    return 1, RESERVED_UNTIL if story == "reserved" else RENEWED_UNTIL, False


def certificates_of(story: str) -> list[str]:
    """The terms for which the hosting side is asked to have one issued. What could not be issued is not renewed."""
    wanted = {"not issued": (ENDS_ON,)} | dict.fromkeys(("with a certificate", "issued"), (ENDS_ON, RENEWED_UNTIL))
    return [str(ends_on) for ends_on in wanted.get(story, ())]


def mails_of(story: str) -> tuple[str, ...]:
    if story in CERTIFICATES:
        return "payment_confirmed", "certificate_failed" if story == "not issued" else "certificate_issued"
    if story in ENDED:
        return "renewal_failed", "contract_ended", "contract_stopped", "deletion_ahead", "contract_deleted"
    if story in RESET:
        return "method_reset", "renewal_failed", "contract_ended", "contract_stopped", "contract_deleted"
    return ("payment_confirmed", "renewal_notice") if story == "notice" else ("payment_confirmed",)


def test_negative_control_a_careless_worker_can_crash_with_a_charge_without_an_order(database, tmp_path):
    """The negative control."""
    told, books = deaths(database, tmp_path, "without care")

    assert len(told) > 3
    assert any("were taken and are not received" in fault for fault in books["faults"])
