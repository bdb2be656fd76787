"""Accessibility of every page in the living demo: contrast, zoom, forced colours, no styles, phone: no finding.

The usual run goes one way: through the presenter's pages, which are not in the gallery. The states of all others are in the gallery, where
tests/real/test_gallery.py makes the same checks; `./run test --whole` goes all ways.
"""

from collections.abc import Callable, Iterator

import pytest

from tests import sampling
from tests.real import appearance, tour, tour_of_options, tour_of_renewals, tour_of_the_desk
from tests.real.chromium import Window
from tests.real.renewal_customers import World
from tests.real.server import Server
from tests.real.staff_desk import Person

USUAL = (tour.presenting,)
LONGER = (tour.paying, tour.before_the_contract, tour.unanswered, tour.by_wallet, tour_of_options.single_options)
whole = pytest.mark.skipif(not sampling.IS_WHOLE, reason="only with ./run test --whole: their states are in the gallery")


@pytest.mark.parametrize("way", [*USUAL, *(pytest.param(way, marks=whole) for way in LONGER)])
def test_every_page_passes_the_accessibility_checks(
    window: Callable[..., Window], newcomer: str, way: Callable[[Window, str], Iterator[str]]
) -> None:
    one = window()
    found = faults_on(one, way(one, newcomer))

    assert not found, found


@whole
def test_every_transfer_page_passes_the_accessibility_checks(
    window: Callable[..., Window], newcomer: str, live_server: Server, colleague: Person
) -> None:
    one = window()
    found = faults_on(one, tour.by_transfer(one, newcomer, live_server, colleague))

    assert not found, found


@whole
@pytest.mark.parametrize("way", [tour_of_renewals.before_the_end, tour_of_renewals.near_the_end])
def test_every_renewal_page_passes_the_accessibility_checks(
    window: Callable[..., Window], renewers: World, way: Callable[[Window], Iterator[str]]
) -> None:
    one = window(renewers.server)
    found = faults_on(one, way(one))

    assert not found, found


@whole
def test_every_staff_page_passes_the_accessibility_checks(window: Callable[..., Window], newcomer: str, colleague: Person) -> None:
    one = window()
    found = faults_on(one, tour.staff_area(one, newcomer, colleague))

    assert not found, found


@whole
def test_every_page_of_the_bank_desk_passes_the_accessibility_checks(
    window: Callable[..., Window], newcomer: str, colleague: Person
) -> None:
    one, other = window(), window()
    found = faults_on(one, tour_of_the_desk.held_money(one, newcomer, colleague))
    found += faults_on(other, tour_of_the_desk.unknown_csv(other, colleague))

    assert not found, found


def faults_on(window: Window, way: Iterator[str]) -> str:
    return "\n".join(f"{state}: {fault}" for state in way for fault in appearance.faults(window))


BAD_PAGE = """<!doctype html><html lang="ja"><title>x</title>
<style>button{width:20px;height:20px;transition:all 1s} p{font-size:16px}</style>
<main><h1>x</h1><h3>x</h3><form><label for="b">b</label><input id="a"><input id="b"></form><button>x</button><button>x</button><p>x</p>
<table><tr><th>x</th><td style="position:relative;left:-20px">yyyyyyyyyy</td></tr></table></main></html>"""


def test_negative_control_each_accessibility_fault_is_found(window: Callable[..., Window]) -> None:
    one = window()
    one.page.set_content(BAD_PAGE)

    found = "\n".join(appearance.faults(one))

    for fault in (
        "label (critical)",
        "smaller than 24 px: BUTTON",
        "moves: BUTTON",
        "cells run into each other",
        "large letters: <p",
        "stands there twice",
        "without style: the label 「b」 is not just before its field",
        "without style: a level of headings is left out",
    ):
        assert fault in found, f"{fault} is not in\n{found}"
