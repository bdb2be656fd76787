"""/demo/states: every state of the table is made by the scenes, sound, and reached with GET alone; and nothing is left out of the table."""

import re
from pathlib import Path

import pytest
from flask import Flask

from portal.demo.states import table
from portal.enums import MailKind
from portal.rules.certificates.certificate_status import CertificateStatus
from portal.rules.renewals.contract_state import ContractState
from portal.sandbox.app import ERRORS as OF_THE_COMPANIES
from portal.web import errors
from tests import gallery, page_checks
from tests.browser import Browser
from tests.gallery import Gallery
from tests.page import Page
from tests.test_templates import HTML, is_page

HERE = "http://127.0.0.1:8000/demo/states/"
PRESENTERS = "demo/"  # the presenter's own pages: tests/real/tour.py visits them in the living demo
UNSEEN = {400: "what no browser sends", 409: "another browser", 413: "no form of theirs", 405: "no page", 403: "an old form", 503: "books"}

# Views that answer a GET with no page of their own: files, other programs, a company's way back, the presenter's pages.
NO_PAGE = re.compile(
    r"demo.*|assets\.file|page_dictionary\.show|operations\..*|auth\.(forget|go_on)|staff\.auth\.go_on|contract\.status|own_data\.file"
    r"|papers\.download|history\.annual|staff\.(files\.download|journal\.file|papers\.found|day\.today|deposits\.find_order)"
    r"|authentication\.come_back|method\.wallet|next_number\.show"
)
A_SECOND_LOOK = re.compile(r"staff\..*look.*")

A_FIELD = re.compile(r'<(select|textarea|fieldset)\b|<input type="(?!hidden)|class="[^"]*\b(choice|notes|field|consent)\b')
A_CHOICE = re.compile(r'<(select|fieldset)\b|class="[^"]*\b(choice|consent)\b')


class Failed:
    """A process that ended without pages."""

    def poll(self) -> int:
        return 1


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Gallery:
    return gallery.made_once(tmp_path_factory)


def test_every_state_of_the_table_is_made_by_a_scene(made: Gallery) -> None:
    assert made.contents["problems"] == []
    assert set(table.NAMES) - set(made.states) == set()


def test_every_name_is_one_of_its_own() -> None:
    assert sum(len(states) for states in table.GROUPS.values()) == len(table.NAMES)
    assert all(len(set(states.values())) == len(states) for states in table.GROUPS.values())


def test_every_page_contract_state_mail_and_error_is_in_the_gallery(made: Gallery) -> None:
    """A new one without a state fails here: add a row to a table in demo/states and a `keep` to a scene."""
    rendered = {template for state in made.states.values() for template in state["templates"]}
    statuses = {state["status"] for state in made.states.values()}

    assert {name for name in HTML if is_page(name) and not name.startswith(PRESENTERS)} - rendered == set()
    assert set(ContractState) - {state["contract"] for state in made.states.values()} == set()
    assert {state(kind) for kind in MailKind for state in (table.mail_state, table.letter_state)} <= set(made.states)
    assert {*errors._PAGES, 403, 421, 429, 500, 503} - statuses == set()
    assert set(OF_THE_COMPANIES) - {404} <= set(UNSEEN)


def test_every_view_that_shows_a_page_is_in_the_gallery(made: Gallery, app: Flask) -> None:
    """A page with a template of others is a page too: a form of staff, a second look."""
    views = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in rule.methods or A_SECOND_LOOK.fullmatch(rule.endpoint)}
    shown = {state["view"] for state in made.states.values()}

    assert {view for view in views if not NO_PAGE.fullmatch(view)} - shown == set()


def test_every_state_of_a_certificate_is_in_the_gallery(made: Gallery) -> None:
    pages = [made.html(state) for state in made.states if state.startswith("certificate")]
    shown = {label for page in pages for label in re.findall(r'<span class="tag[^"]*">([^<]+)', page)}

    assert {status.label for status in CertificateStatus} - shown == set()


def test_a_page_does_not_contradict_itself(made: Gallery) -> None:
    """Whose money staff look at is not asked to pay; a renewal whose charges rest is not called one that goes on."""
    assert "もう一度お支払いいただく必要はありません" in made.html("order-held")
    assert "お支払いがない場合" not in made.html("order-held")
    assert "自動では更新されません" in made.html("contract-charges-held")
    assert "あり（いまは止まっています）" in made.html("contract-charges-held")


def test_every_page_is_sound_and_leads_nowhere_but_to_the_gallery(made: Gallery) -> None:
    for state in made.states:
        page = Page(HERE + state, made.html(state))
        faults = page_checks.page_faults(page, url=HERE + state, csrf=False)
        assert [fault for fault in faults if not (state in table.LETTERS and "style" in fault)] == [], state
        assert {form["method"] for form in page.soup.find_all("form")} <= {"get"}, state
        assert {form["action"] for form in page.soup.find_all("form")} <= {"/demo/states/nowhere"}, state
        led = {link["href"].partition("#")[0] for link in page.soup.select("a[href]")}
        assert {address for address in led if not address.startswith("/demo/states")} <= {""}, state
        assert not page.soup.select("script[src*=portal], script[src*=htmx], input[type=hidden]"), state


def test_a_state_is_shown_with_the_headers_that_it_had_and_asks_no_portal(made: Gallery, app: Flask, browser: Browser) -> None:
    shelf = app.extensions["shelf"]
    shelf.folder.parent.mkdir()
    shelf.folder.symlink_to(made.folder)
    for state in [state for state in made.states if state not in table.LETTERS][::20]:
        browser.visit(f"/demo/states/{state}")
        assert browser.status == 200
        assert "Set-Cookie" not in browser.headers
        assert browser.says(table.NAMES[state], "aside")


def test_the_index_names_every_state_and_starts_what_makes_them(app: Flask, browser: Browser) -> None:
    begun: list[Path] = []
    app.extensions["shelf"].make = lambda folder, _company: begun.append(folder)
    browser.visit("/demo").follow("すべての画面と状態")
    assert begun == [app.extensions["shelf"].folder]
    links = {link["href"]: link.get_text() for link in browser.page.soup.select("main li a")}
    assert {f"/demo/states/{state}": name for state, name in table.NAMES.items()}.items() <= links.items()
    assert browser.visit("/demo/states/nobody").status == 404
    assert browser.visit("/demo/states/nowhere").says("何も起きません")


def test_what_cannot_be_made_is_said(app: Flask, browser: Browser) -> None:
    app.extensions["shelf"].make = lambda *_folders: Failed()
    browser.visit("/demo/states/form")

    assert browser.status == 503
    assert browser.says("見本の画面を作れませんでした")


def test_the_gallery_is_not_there_in_real_use(over_https: Browser) -> None:
    rules = [rule.rule for rule in over_https.application.url_map.iter_rules()]

    assert [rule for rule in rules if "states" in rule] == []
    assert over_https.visit("/demo/states").status == 404


def test_every_page_with_a_field_has_the_style_of_fields(made: Gallery) -> None:
    """Most pages leave it out: `{% block controls %}{% endblock %}`. That of signing in has fields only."""
    pages = {state: made.html(state) for state in made.states}
    without = {state for state, html in pages.items() if '<header class="top">' in html and ".field>label{" not in html}
    without_choices = {state for state, html in pages.items() if '<header class="top">' in html and ".choice{" not in html}

    assert {state for state in without if A_FIELD.search(pages[state].partition("<main")[2])} == set()
    assert {state for state in without_choices if A_CHOICE.search(pages[state].partition("<main")[2])} == set()
    assert len(without) > len(pages) / 4
