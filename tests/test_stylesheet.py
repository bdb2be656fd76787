"""The stylesheet knows how its reader looks at it."""

import re

import pytest

from portal.web import assets


def style(name: str) -> str:
    return assets.style(name, assets.DEFAULT_COLOR)


@pytest.mark.parametrize(("name", "wish"), [("portal.css", "prefers-color-scheme:dark"), ("form.css", "forced-colors:active")])
def test_every_page_knows_the_wishes_of_its_reader(name: str, wish: str) -> None:
    assert re.search(rf"@media[^{{]*\({wish}", style(name))


def test_pages_worth_printing_have_rules_for_paper() -> None:
    assert "@media print" in style("print.css")


@pytest.mark.parametrize("name", ["portal.css", "form.css", "card.css", "staff.css", "paper.css", "print.css"])
def test_it_loads_nothing_so_there_is_nothing_to_leave_out_for_who_saves_data(name: str) -> None:
    assert not re.findall(r"url\(|@import|@font-face", style(name))


def test_nothing_moves_for_who_wants_no_motion() -> None:
    moving = re.sub(
        r"@media\(prefers-reduced-motion:no-preference\)\{(?:[^{}]*\{[^{}]*\})*\}",
        "",
        style("portal.css") + style("form.css") + style("card.css"),
    )

    assert not re.findall(r"transition|animation|scroll-behavior", moving)
