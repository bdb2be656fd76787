"""The presenter's tour from a demo that has just begun to its end, in Chromium: by mouse and by keyboard, and nothing empty in any step."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portal.demo.tour import STOPS
from tests.real.browsers import IS_LONG
from tests.real.chromium import DESK, PHONE, Window
from tests.real.server import Server

pytestmark = pytest.mark.skipif(not IS_LONG, reason="./run browsers; tests/demo/test_tour.py goes the same way without a browser")
A_YEAR = 300_000  # milliseconds for the jobs of a year, on a busy machine
PANELS = ("お客様の画面", "担当者の画面", "お客様のメールボックス")
EMPTY = """names => names.filter(name => {
  const panel = [...document.querySelectorAll('section')].find(it => it.querySelector('h2')?.innerText === name);
  const shown = panel?.querySelector('.screen, svg, .card');
  return !shown || !shown.checkVisibility() || shown.innerText.trim().length < 10 || shown.innerText.includes('ありません');
})"""


@pytest.fixture
def begun(tmp_path: Path) -> Iterator[Server]:
    """As `./run demo` begins: on its first day."""
    server = Server(tmp_path / "data").start(as_it_begins=True)
    yield server
    server.stop()


def test_the_tour_runs_to_its_end_and_no_step_is_empty(window: Callable[..., Window], begun: Server) -> None:
    desk, phone = window(begun, viewport=DESK), window(begun, viewport=PHONE, java_script_enabled=False)
    for one in (desk, phone):
        one.context.set_default_timeout(A_YEAR)
    started = time.monotonic()
    for one, go_on in ((desk, _click), (phone, _enter)):
        one.page.goto("/demo/tour")
        go_on(one, "ツアーを始める")
        for number, stop in enumerate(STOPS, start=1):
            assert one.page.locator("h1").inner_text() == f"{stop.name}（デモのツアー {number} / {len(STOPS)}）"
            assert one.page.evaluate(EMPTY, list(PANELS)) == [], f"empty in step {number}"
            assert one.overflowing() == []
            if one is desk:
                assert one.axe() == []
            go_on(one, "次へ" if number < len(STOPS) else "ツアーを終える")
        assert one.page.locator("h1").inner_text() == "デモの目次"
        print(f"\nthe tour on {one.page.viewport_size['width']} px: {time.monotonic() - started:.1f} s")
        started = time.monotonic()


def test_negative_control_an_empty_step_is_found(window: Callable[..., Window], begun: Server) -> None:
    one = window(begun)
    one.page.goto("/demo/tour")
    _click(one, "ツアーを始める")
    one.page.evaluate("() => document.querySelector('[aria-labelledby=mails] .screen').innerHTML = '<li>ありません。</li>'")
    one.page.evaluate("() => document.querySelector('[aria-labelledby=staff] .screen').remove()")

    assert one.page.evaluate(EMPTY, list(PANELS)) == list(PANELS[1:])


def _click(one: Window, name: str) -> None:
    with one.page.expect_navigation():
        one.page.get_by_role("button", name=name).first.click()


def _enter(one: Window, name: str) -> None:
    one.page.get_by_role("button", name=name).first.focus()
    with one.page.expect_navigation():
        one.page.keyboard.press("Enter")
