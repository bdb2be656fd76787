"""Two versions of catalog.toml at once: the worker that was started last decides, the other one pauses and is seen."""

import threading
from datetime import date, timedelta
from pathlib import Path

import pytest

from models import Account, Heartbeat, Schedule
from portal import clock
from portal.actions.operations.health import standing_troubles
from portal.actions.renewals import schedule
from portal.enums import SystemTrouble
from portal.jobs import worker
from portal.jobs.context import catalog_version
from portal.runtime.sample_company import sample_company
from portal.store.installation import claim_installation

NEVER = date(2099, 12, 31)
ELEVEN = clock.real_now()
TEN, NOON = ELEVEN - timedelta(hours=1), ELEVEN + timedelta(hours=1)


@pytest.fixture
def accounts(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "AT_ONCE", 2)
    claim_installation("test", True)
    people = [{"login": f"p{i}", "password_hash": "!", "name": "-", "email": "-", "plan": "-", "created_at": TEN} for i in range(5)]
    Account.insert_many(people).execute()
    Schedule.insert_many([{"account": account, "due_on": NEVER} for account in Account.select()]).execute()


def due() -> int:
    return schedule.how_many_are_due(clock.today())


@pytest.mark.store
def test_the_one_that_was_read_last_decides_and_nothing_goes_back(accounts: None) -> None:
    assert schedule.follow_catalog("new", clock.today(), read_at=ELEVEN)
    assert due() == 5
    Schedule.update(due_on=NEVER).execute()

    assert not schedule.follow_catalog("old", clock.today(), read_at=TEN)
    assert (due(), schedule.is_outdated("old", TEN), schedule.is_outdated("new", TEN)) == (0, True, False)

    assert schedule.follow_catalog("old", clock.today(), read_at=NOON), "whoever restarts with it means it"
    assert due() == 5


def test_a_comment_or_a_telephone_number_is_no_new_version(tmp_path: Path) -> None:
    text = (sample_company() / "catalog.toml").read_text(encoding="utf-8")

    def version(name: str, text: str) -> str:
        (tmp_path / name).mkdir()
        (tmp_path / name / "catalog.toml").write_text(text, encoding="utf-8")
        return catalog_version(tmp_path / name).sha256

    same = version("phone", "# 変更なし\n" + text.replace("03-0000-0000", "03-1111-1111"))
    assert same == version("as it is", text)
    assert same != version("dearer", text.replace("12 = 1_100", "12 = 1_200"))


def test_a_worker_with_an_old_catalog_pauses_and_is_seen(settings, companies, accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    passes, stop = [], threading.Event()
    monkeypatch.setattr(worker, "SECONDS_BETWEEN", 0.01)
    monkeypatch.setattr(worker, "run_pass", lambda *_: passes.append(1))
    schedule.follow_catalog("new", clock.today(), read_at=catalog_version(settings.company_folder).read_at + timedelta(hours=1))

    running = threading.Thread(target=worker.run, args=(settings, companies), kwargs={"stop": stop})
    running.start()
    while not Heartbeat.select().where(Heartbeat.name == Heartbeat.OUTDATED).exists():
        stop.wait(0.02)
    stop.set()
    running.join(10)

    assert passes == []
    assert SystemTrouble.CATALOG in {trouble.kind for trouble in standing_troubles()}
