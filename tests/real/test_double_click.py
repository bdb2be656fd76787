"""Everybody who learned to double-click does it on buttons too: each press has the effect, and the answer, of the first."""

from collections.abc import Callable, Iterable

import pytest

from tests.real.browsers import IS_LONG, Kind, in_browsers
from tests.real.chromium import Window
from tests.real.mouse import Mouse
from tests.real.server import Server
from tests.real.test_line_cut import prove_all_happened_once, prove_ordered_once
from tests.real.ways import AFTERWARDS, WAYS, Step, sign_in

PAUSES = (50, 100, 200, 300, 500)
ALL = [(way, pause) for way in WAYS for pause in PAUSES]
SOME = [("card", 100)]


@pytest.mark.parametrize(("way", "pause"), ALL if IS_LONG else SOME)
@in_browsers(Kind.FIREFOX)
def test_every_button_is_clicked_twice_and_works_once(
    window: Callable[..., Window], live_server: Server, newcomer: str, kind: Kind, way: str, pause: int
) -> None:
    """`pause`: milliseconds between the clicks, which are at one place: the second one may hit what stands there on the next page."""
    mouse = Mouse(window(kind=kind))
    walk(mouse, [sign_in(newcomer), *WAYS[way]], pause)

    prove_ordered_once(live_server, newcomer, way)


@pytest.mark.skipif(not IS_LONG, reason="./run browsers")
@pytest.mark.parametrize("pause", PAUSES)
@in_browsers(Kind.FIREFOX)
def test_whoever_has_a_contract_clicks_twice_and_everything_happens_once(
    window: Callable[..., Window], live_server: Server, newcomer: str, kind: Kind, pause: int
) -> None:
    mouse = Mouse(window(kind=kind))
    for step in (sign_in(newcomer), *WAYS["card"]):
        step.take(mouse)
    walk(mouse, AFTERWARDS, pause)

    prove_all_happened_once(live_server, newcomer)


def walk(mouse: Mouse, way: Iterable[Step], pause: int) -> None:
    left = list(way)
    while left:
        step = left.pop(0)
        if not step.opens and mouse.heading in {later.at for later in left if not later.opens} - {step.at}:
            continue  # the second click of the step before has pressed this one, at the same place of the next page
        step.prepare(mouse)
        mouse.press_twice(step.button, pause)
        assert "エラー" not in mouse.page.title(), f"{step.button}: {mouse.page.title()}"
        if mouse.heading == step.at and left and left[0].at != step.at and not left[0].opens:
            step.take(mouse)  # the second click has hit the link that leads back
