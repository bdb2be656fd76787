"""The stylesheet knows how its reader looks at it."""

import re
from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from portal.web import assets
from tests.browser import Browser


def style(name: str) -> str:
    return assets.style(name, assets.DEFAULT_COLOR)


@pytest.mark.parametrize(("name", "wish"), [("portal.css", "prefers-color-scheme:dark"), ("form.css", "forced-colors:active")])
def test_every_page_knows_the_wishes_of_its_reader(name: str, wish: str) -> None:
    assert re.search(rf"@media[^{{]*\({wish}", style(name))


def test_pages_worth_printing_have_rules_for_paper() -> None:
    assert "@media print" in style("print.css")


@pytest.mark.parametrize("name", ["portal.css", "parts.css", "fields.css", "form.css", "card.css", "staff.css", "paper.css", "print.css"])
def test_it_loads_nothing_so_there_is_nothing_to_leave_out_for_who_saves_data(name: str) -> None:
    assert not re.findall(r"url\(|@import|@font-face", style(name))


def test_nothing_moves_for_who_wants_no_motion() -> None:
    moving = re.sub(
        r"@media\(prefers-reduced-motion:no-preference\)\{(?:[^{}]*\{[^{}]*\})*\}",
        "",
        "".join(map(style, ("portal.css", "parts.css", "fields.css", "form.css", "card.css"))),
    )

    assert not re.findall(r"transition|animation|scroll-behavior", moving)


def test_the_page_of_signing_in_has_nothing_that_the_styles_it_leaves_out_are_for(app: Flask, browser: Browser) -> None:
    for of_the_demo in ("is_demo", "demo_clock"):
        app.jinja_env.globals.pop(of_the_demo)
    browser.visit("/login").press("ログイン")

    page = BeautifulSoup(browser.html, "html.parser")
    page.html.unwrap()  # `html` has a rule for the running total, which is elsewhere

    assert "入力内容に2件の誤りがあります" in browser.html
    for name in ("parts.css", "form.css", "card.css"):
        assert not [selector for selector in _selectors(style(name)) if page.select(selector)]


def _selectors(css: str) -> Iterator[str]:
    """Without pieces that no element is."""
    for rule in re.findall(r"([^{}]+)\{[^{}]*\}", re.sub(r"@[^{]+\{", "", css)):
        yield re.sub(r"::?(before|after)\b", "", rule)
