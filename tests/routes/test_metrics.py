"""`/metrics`: who may read it, what it says, and how several processes count together."""

import logging
import re
import sqlite3
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from models import Mail
from portal import clock
from portal.actions.mail import account_mails
from portal.app import create_app
from portal.jobs.heartbeat import WORKER, Pulse
from portal.runtime.metrics import COUNTS, CountedLines, Counts, as_text
from portal.store import database as store
from tests.factories import a_customer

TOKEN = "k3y-of-the-monitoring-0123456789abcd"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


def portal(settings, companies, **changed: object) -> Flask:
    store.close()
    made = create_app(replace(settings, **changed), companies=companies)
    store.ensure_connection()
    return made


def values(text: str) -> dict[str, float]:
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))}


@pytest.mark.parametrize(
    ("proxies", "token", "peer", "headers", "status"),
    [
        (0, "", "127.0.0.1", {}, 200),
        (1, "", "127.0.0.1", {}, 200),
        (0, "", "203.0.113.7", {}, 404),
        (0, "", "203.0.113.7", {"Authorization": "Bearer "}, 404),
        (1, "", "127.0.0.1", {"X-Forwarded-For": "203.0.113.7"}, 404),
        (1, "", "127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 404),
        (1, "", "203.0.113.7", {"X-Forwarded-For": "127.0.0.1"}, 404),
        (0, "", "127.0.0.1", {"X-Forwarded-For": "203.0.113.7"}, 404),
        (0, "", "127.0.0.1", {"X-Real-IP": "203.0.113.7"}, 404),
        (1, TOKEN, "203.0.113.7", BEARER, 200),
        (1, TOKEN, "203.0.113.7", {"Authorization": f"Bearer {TOKEN}é"}, 404),
        (1, TOKEN, "203.0.113.7", {"Authorization": "Bearer wrong"}, 404),
    ],
)
def test_only_this_machine_and_who_has_the_token_may_read_it(settings, companies, proxies, token, peer, headers, status):
    made = portal(settings, companies, trusted_proxies=proxies, metrics_token=token)

    answer = made.test_client().get("/metrics", headers=headers, environ_overrides={"REMOTE_ADDR": peer})

    assert answer.status_code == status
    assert ("portal_requests_total" in answer.text) is (status == 200)
    assert "Set-Cookie" not in answer.headers


def test_it_says_what_waits_and_how_old_the_oldest_is(settings, companies):
    made = portal(settings, companies)
    account_mails.password_changed(a_customer("himitsu-san"))
    Mail.update(created_at=clock.now() - timedelta(hours=2)).execute()
    Pulse(WORKER).beat()

    text = made.test_client().get("/metrics").text
    found = values(text)

    assert found['portal_waiting{what="mails"}'] == 1
    assert 7_200 <= found['portal_oldest_waiting_age_seconds{what="mails"}'] < 7_300
    assert (found['portal_waiting{what="payments"}'], found['portal_oldest_waiting_age_seconds{what="payments"}']) == (0, 0)
    assert (found["portal_database_up"], found["portal_worker_up"]) == (1, 1)
    assert found["portal_worker_heartbeat_age_seconds"] < 60
    assert found["portal_free_disk_bytes"] > 0
    assert (found['portal_trouble{kind="mail"}'], found['portal_trouble{kind="worker"}']) == (1, 0)
    assert "himitsu" not in text


def test_every_line_is_one_that_prometheus_reads(settings, companies):
    client = portal(settings, companies).test_client()
    client.get("/nowhere")
    lines = client.get("/metrics").text.splitlines()

    family = re.compile(r"# TYPE portal_[a-z_]+ (counter|gauge|histogram)")
    sample = re.compile(r'portal_[a-z_]+(\{[a-z]+="[^"\\\n]+"(,[a-z]+="[^"\\\n]+")*\})? [0-9.e+-]+')
    assert [line for line in lines if not (family.fullmatch(line) or sample.fullmatch(line))] == []
    families = [line.split()[2] for line in lines if line.startswith("#")]
    assert len(families) == len(set(families))


def test_requests_are_counted_by_pattern_and_class(settings, companies):
    client = portal(settings, companies).test_client()

    def counted() -> tuple[float, ...]:
        found = values(as_text({}))
        names = ('requests_total{route="(unknown)",class="4xx"}', 'request_seconds_bucket{route="(unknown)",le="+Inf"}')
        return tuple(found.get(f"portal_{name}", 0) for name in (*names, 'request_seconds_count{route="(unknown)"}'))

    before = counted()
    client.get("/nowhere/himitsu")
    client.get("/nowhere/else")

    assert tuple(new - old for new, old in zip(counted(), before, strict=True)) == (2, 2, 2)


def test_what_the_log_leaves_out_is_counted_all_the_same():
    log, handler = logging.getLogger("portal.test_metrics"), CountedLines(logging.WARNING)
    before = COUNTS.totals()[("lines", "ERROR", "")]
    log.addHandler(handler)
    for _ in range(3):
        log.error("the same again")
    log.info("not counted")
    log.removeHandler(handler)

    assert COUNTS.totals()[("lines", "ERROR", "")] == before + 3


def test_processes_count_together_and_one_that_ended_stays_counted(tmp_path):
    first, second = Counts(), Counts()
    first.file = second.file = tmp_path / "counts.db"
    for each, times in ((first, 3), (second, 2)):
        for _ in range(times):
            each.add("requests", "/login", "2xx")
        each.flush()
    del first

    assert second.totals() == {("requests", "/login", "2xx"): 5}


def test_a_file_that_takes_nothing_loses_no_count(tmp_path):
    counts = Counts()
    counts.file = tmp_path / "counts.db"
    counts.add("lines", "ERROR")
    counts.flush()
    held = sqlite3.connect(counts.file)
    held.execute("BEGIN EXCLUSIVE")
    counts.add("lines", "ERROR")
    counts.flush()
    held.close()

    assert counts.totals() == {("lines", "ERROR", ""): 2}
