"""/demo/states: every state of the table is made by the scenes, sound, and reached with GET alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from portal.demo.states import making, table
from portal.demo.states.album import Album
from portal.runtime.settings import sample_company
from portal.store import encryption
from tests import page_checks
from tests.browser import Browser
from tests.page import Page

HERE = "http://127.0.0.1:8000/demo/states/"


class Failed:
    """A process that ended without pages."""

    def poll(self) -> int:
        return 1


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Album, Path]]:
    """All states, made once."""
    folder = tmp_path_factory.mktemp("gallery") / "pages"
    yield making.make(folder, sample_company()), folder
    encryption.bind(())


@pytest.fixture
def album(made: tuple[Album, Path]) -> Album:
    return made[0]


def test_every_state_of_the_table_is_made_by_a_scene(album: Album) -> None:
    assert album.problems == []
    assert set(table.NAMES) - set(album.kept) == set()


def test_every_name_is_one_of_its_own() -> None:
    assert sum(len(states) for states in table.GROUPS.values()) == len(table.NAMES)
    assert all(len(set(states.values())) == len(states) for states in table.GROUPS.values())


def test_every_page_is_sound_and_leads_nowhere_but_to_the_gallery(album: Album) -> None:
    for state, html in album.pages().items():
        page = Page(HERE + state, html)
        assert page_checks.page_faults(page, url=HERE + state, csrf=False) == [], state
        assert {form["method"] for form in page.soup.find_all("form")} <= {"get"}, state
        assert {form["action"] for form in page.soup.find_all("form")} <= {"/demo/states/nowhere"}, state
        led = {link["href"].partition("#")[0] for link in page.soup.select("a[href]")}
        assert {address for address in led if not address.startswith("/demo/states")} <= {""}, state
        assert not page.soup.select("script[src*=portal], script[src*=htmx], input[type=hidden]"), state


def test_a_state_is_shown_with_the_headers_that_it_had_and_asks_no_portal(made: tuple[Album, Path], app: Flask, browser: Browser) -> None:
    shelf = app.extensions["shelf"]
    shelf.folder.parent.mkdir()
    shelf.folder.symlink_to(made[1])
    for state in list(made[0].kept)[::10]:
        browser.visit(f"/demo/states/{state}")
        assert browser.status == 200
        assert "Set-Cookie" not in browser.headers
        assert browser.says(table.NAMES[state], "aside")


def test_the_index_names_every_state_and_starts_what_makes_them(app: Flask, browser: Browser) -> None:
    begun: list[Path] = []
    app.extensions["shelf"].make = lambda folder, _company: begun.append(folder)
    browser.visit("/demo").follow("すべての画面と状態")
    assert begun == [app.extensions["shelf"].folder]
    for names in table.GROUPS.values():
        for name in names.values():
            assert browser.offers(name)
    assert browser.visit("/demo/states/nobody").status == 404
    assert browser.visit("/demo/states/nowhere").says("何も起きません")


def test_what_cannot_be_made_is_said(app: Flask, browser: Browser) -> None:
    app.extensions["shelf"].make = lambda *_folders: Failed()
    browser.visit("/demo/states/form")

    assert browser.status == 503
    assert browser.says("見本の画面を作れませんでした")
