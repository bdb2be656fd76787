"""Everybody who learned to double-click does it on buttons too: each press has the effect, and the answer, of the first."""

from collections.abc import Callable

import pytest

from tests.real.browsers import IS_LONG, Kind, in_browsers
from tests.real.chromium import Window
from tests.real.mouse import Mouse
from tests.real.server import Server
from tests.real.test_line_cut import prove_ordered_once
from tests.real.ways import WAYS, sign_in

PAUSES = (50, 100, 200, 300, 500)
ALL = [(way, pause) for way in WAYS for pause in PAUSES]
SOME = [("card", 100), ("wallet", 300), ("transfer", 50)]


@pytest.mark.parametrize(("way", "pause"), ALL if IS_LONG else SOME)
@in_browsers(Kind.FIREFOX)
def test_every_button_is_clicked_twice_and_works_once(
    window: Callable[..., Window], live_server: Server, newcomer: str, kind: Kind, way: str, pause: int
) -> None:
    """`pause`: milliseconds between the clicks, which are at one place: the second one may hit what stands there on the next page."""
    mouse = Mouse(window(kind=kind))
    mouse.page.goto("/login")
    left = [sign_in(newcomer), *WAYS[way]]
    while left:
        step = left.pop(0)
        if mouse.heading in {later.at for later in left} - {step.at}:
            continue  # the second click of the step before has pressed this one, at the same place of the next page
        step.prepare(mouse)
        mouse.press_twice(step.button, pause)
        assert "エラー" not in mouse.page.title(), f"{step.button}: {mouse.page.title()}"

    prove_ordered_once(live_server, newcomer, way)
