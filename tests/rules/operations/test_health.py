"""What staff, `/readyz` and the company's mail call trouble: a table of cases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from portal.enums import SystemTrouble
from portal.rules.operations.health import Health, troubles

NOW = datetime(2026, 11, 29, 3, 0, tzinfo=UTC)
WELL = Health(NOW, True, "", None, None, None, 10**10)


def ago(minutes: int) -> datetime:
    return NOW - timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("changed", "kinds"),
    [
        ({}, []),
        ({"is_worker_expected": False}, ["worker"]),
        ({"is_worker_expected": False, "worker_at": None}, ["worker"]),
        ({"worker_trouble": "clock"}, ["clock"]),
        ({"worker_trouble": "schema"}, ["schema"]),
        ({"is_catalog_outdated": True}, ["catalog"]),
        ({"mail_since": ago(60)}, []),
        ({"mail_since": ago(61)}, ["mail"]),
        ({"payment_since": ago(-300)}, []),
        ({"payment_since": ago(15)}, []),
        ({"payment_since": ago(16)}, ["payments"]),
        ({"hosting_since": ago(61)}, ["hosting"]),
        ({"free_bytes": 500 * 1024 * 1024}, []),
        ({"free_bytes": 500 * 1024 * 1024 - 1}, ["disk"]),
        ({"free_bytes": None}, []),
        ({"is_worker_expected": False, "mail_since": ago(600), "free_bytes": 0}, ["worker", "mail", "disk"]),
    ],
)
def test_what_is_trouble(changed, kinds):
    assert [trouble.kind.value for trouble in troubles(replace(WELL, **changed), NOW, NOW)] == kinds


def test_every_trouble_has_a_sentence_for_staff():
    assert all(any("ぁ" <= letter <= "ん" for letter in kind.label) for kind in SystemTrouble)
