"""The worker and `run-due` look for garbage seldom, once they have loaded everything. A web process: tests/serving/test_program.py."""

import signal

import pytest

from portal.runtime import commands, garbage


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was done, in its sequence."""
    found: list[str] = []
    monkeypatch.setattr(garbage, "look_seldom", lambda: found.append("looks seldom"))
    for name in ("run", "forecast"):
        monkeypatch.setattr(commands, name, lambda *_, name=name: found.append(name))
    monkeypatch.setattr(commands.loop, "run", lambda *_, **__: found.append("loop"))
    return found


def test_the_worker(done, settings, companies):
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    try:
        commands.work_until_stopped(settings, companies)
    finally:
        for number, handler in zip((signal.SIGINT, signal.SIGTERM), before, strict=True):
            signal.signal(number, handler)

    assert done == ["looks seldom", "loop"]


@pytest.mark.parametrize("dry_run", [False, True])
def test_one_pass(done, settings, companies, dry_run):
    commands.one_pass(settings, companies, dry_run)

    assert done == ["looks seldom", "forecast" if dry_run else "run"]
