"""The worker's sign of life, mails that wait and mails that did not arrive: seen at /readyz, in 要確認, by mail, and by the customer."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from models import Heartbeat, Mail
from portal import clock
from portal.actions.mail import account_mails
from portal.actions.operations import alerts, health
from portal.enums import SystemTrouble
from portal.jobs import worker
from portal.jobs.clock_watch import ClockWatch
from portal.jobs.heartbeat import WORKER, Pulse
from portal.store import database as store
from portal.store.installation import claim_installation
from tests.browser import Browser
from tests.factories import a_customer
from tests.staff_desk import a_clerk, sign_in


@pytest.fixture
def ready(browser: Browser) -> Iterator[object]:
    claim_installation("test", True)

    def ask(address: str = "127.0.0.1") -> tuple[int, list[str]]:
        answer = browser.client.get("/readyz", base_url=browser.base_url, environ_base={"REMOTE_ADDR": address})
        return answer.status_code, answer.text.splitlines()

    return ask


def a_bounced_mail(login: str = "new") -> Mail:
    account = a_customer(login)
    account_mails.password_changed(account)
    Mail.update(state="failed", last_error="メールサーバーの返事：550 no such user").execute()
    return Mail.get(Mail.account == account)


@pytest.mark.store
def test_a_worker_is_there_while_its_sign_of_life_is_not_late(database: str) -> None:
    with time_machine.travel(clock.real_now(), tick=False) as time:
        assert not health.health().is_worker_expected
        Pulse(WORKER).beat()
        assert health.health().is_worker_expected
        time.shift(timedelta(minutes=3, seconds=1))
        assert not health.health().is_worker_expected
        Pulse(WORKER).beat(SystemTrouble.CLOCK)
        assert health.health().worker_trouble == "clock"
    assert Heartbeat.select().count() == 1


def test_without_a_worker_the_server_is_ready_and_says_so(ready) -> None:
    status, lines = ready()
    assert (status, lines[:2]) == (200, ["ok", "worker: なし"])

    Pulse(WORKER).beat()

    assert ready()[1][1].startswith("worker: あり（最後に動いたのは")


def test_others_learn_only_that_it_is_ready(ready) -> None:
    assert ready("203.0.113.7") == (200, ["ok"])


def test_staff_read_trouble_and_bounced_mails_in_attention(browser: Browser) -> None:
    a_bounced_mail()
    desk = sign_in(browser, a_clerk()).visit("/staff/attention")

    assert desk.says("定期処理が動いていません")
    assert desk.says("届かなかったメール")
    assert desk.says("550 no such user")
    assert desk.says("要確認 1", "nav")


def test_a_customer_whose_mail_did_not_arrive_reads_it_until_one_does(browser: Browser) -> None:
    mail = a_bounced_mail()
    browser.sign_in("new")
    assert browser.says("new@example.jp 宛のメールが届きませんでした")

    account_mails.password_changed(mail.account)
    Mail.update(state="sent", sent_at=clock.now()).where(Mail.id > mail.id).execute()

    assert not browser.visit("/").says("届きませんでした")


@pytest.mark.store
def test_one_mail_a_day_for_each_kind_of_trouble(database: str) -> None:
    account = a_customer()
    with time_machine.travel(clock.real_now().replace(hour=3), tick=False) as time:  # noon in Japan
        account_mails.password_changed(account)
        Pulse(WORKER).beat()
        assert list(alerts.alert("ops@example.jp")) == []
        time.shift(timedelta(minutes=61))
        Pulse(WORKER).beat()

        assert [found.kind for found in alerts.alert("ops@example.jp")] == [SystemTrouble.MAIL]
        time.shift(timedelta(hours=1))
        Pulse(WORKER).beat()
        assert list(alerts.alert("ops@example.jp")) == []
        time.shift(timedelta(days=1))
        Pulse(WORKER).beat()
        assert [found.kind for found in alerts.alert("ops@example.jp")] == [SystemTrouble.MAIL]

    written = Mail.select().where(Mail.recipient == "ops@example.jp")
    assert [mail.account_id for mail in written] == [None, None]


def test_a_clock_that_jumps_stops_the_worker_for_fifteen_minutes() -> None:
    now = {"wall": 1_000_000.0, "steady": 50.0}
    watch = ClockWatch(lambda: now["wall"], lambda: now["steady"])

    def after(seconds: float, jump: float = 0) -> SystemTrouble | None:
        now["wall"] += seconds + jump
        now["steady"] += seconds
        return watch.trouble()

    assert after(86_400) is None
    assert after(2, jump=299) is None
    assert after(2, jump=-3600) is SystemTrouble.CLOCK
    assert after(600) is SystemTrouble.CLOCK
    assert after(2, jump=3600) is None  # set right again
    assert after(2, jump=40 * 86_400) is SystemTrouble.CLOCK
    assert after(899) is SystemTrouble.CLOCK
    assert after(2) is None  # believed


def test_the_worker_pauses_while_the_database_is_of_another_version_and_goes_on_by_itself(
    settings, companies, monkeypatch: pytest.MonkeyPatch
) -> None:
    versions, passes, stop = iter([False, False, True]), [], threading.Event()
    monkeypatch.setattr(worker.migrations, "is_current", lambda: next(versions))
    monkeypatch.setattr(worker, "SECONDS_BETWEEN", 0)

    def one_pass(*_: object) -> None:
        passes.append(Heartbeat.get().trouble)
        stop.set()

    monkeypatch.setattr(worker, "run_pass", one_pass)
    worker.run(settings, companies, stop=stop)

    assert passes == [""]
    store.ensure_connection()
