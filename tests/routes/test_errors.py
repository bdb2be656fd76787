"""Error pages: in Japanese, with what to do next and every security header, and without internals."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from peewee import OperationalError
from werkzeug.exceptions import BadRequest, TooManyRequests

from portal.app import create_app
from portal.gateways.card import CompanyUnreachable
from portal.gateways.companies import Companies
from portal.runtime.settings import Settings
from portal.store import database as store
from portal.web.view_marks import public
from tests import steps
from tests.browser import Browser
from tests.factories import a_customer
from tests.page_checks import header_faults

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
INSIDE = ("Traceback", "peewee", "werkzeug", "site/portal", ".py", "SELECT", "secret detail", "Error")


class SecretDetail(Exception):
    pass


RAISED = {
    "a bad request": (BadRequest("secret detail"), 400),
    "too many": (TooManyRequests("secret detail"), 429),
    "a mistake of ours": (SecretDetail("secret detail /site/portal/x.py"), 500),
    "the database is away": (OperationalError("secret detail SELECT"), 503),
    "the card company is away": (CompanyUnreachable("secret detail"), 503),
}


@pytest.fixture
def breaking(app: Flask) -> Callable[[Exception], None]:
    """An address /breaks that raises what it is told to."""
    told: list[Exception] = []

    @public
    def view() -> Any:
        raise told[0]

    app.add_url_rule("/breaks", view_func=view, endpoint="breaks")
    app.add_url_rule("/staff/breaks", view_func=view, endpoint="breaks_for_staff")
    return told.append


def prove_a_good_error(browser: Browser, status: int) -> None:
    assert browser.status == status
    assert browser.page.soup.html["lang"] == "ja"
    assert any("ぁ" <= letter <= "ん" for letter in browser.h1), browser.h1
    assert browser.offers("サーバー契約・更新")
    for word in INSIDE:
        assert word not in browser.html, word


@pytest.mark.parametrize(("raised", "status"), RAISED.values(), ids=RAISED)
def test_an_error_page_says_what_to_do_and_shows_no_internals(
    browser: Browser, breaking: Callable[[Exception], None], raised: Exception, status: int
) -> None:
    breaking(raised)
    browser.may_break = True

    prove_a_good_error(browser.visit("/breaks"), status)

    for name, value in HEADERS.items():
        assert browser.headers[name] == value
    assert browser.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("raised", "status"), RAISED.values(), ids=RAISED)
def test_an_error_for_htmx_is_a_fragment(browser: Browser, breaking: Callable[[Exception], None], raised: Exception, status: int) -> None:
    breaking(raised)
    browser.may_break = True

    found = browser.fragment("GET", "/breaks")

    assert found.status == status
    for word in INSIDE:
        assert word not in found.html


def test_an_internal_error_shows_a_number_that_is_in_the_log(
    browser: Browser, breaking: Callable[[Exception], None], caplog: pytest.LogCaptureFixture
) -> None:
    breaking(SecretDetail("secret detail"))
    browser.may_break = True

    number = browser.visit("/breaks").text("main b")

    assert number
    assert number in caplog.text


@pytest.mark.parametrize("address", ["/no-such-page", "/static/0000/portal.js", "/static/x/../../models.py", "/documents/x/y", "/.env"])
def test_an_unknown_address_is_not_found(browser: Browser, address: str) -> None:
    browser.visit(address)

    assert browser.status in (404, 405)
    prove_a_good_error(browser, browser.status)


def test_a_wrong_http_method_is_refused_with_the_allowed_ones(browser: Browser, app: Flask) -> None:
    a_customer("new")
    browser.sign_in("new")
    for rule in app.url_map.iter_rules():
        adapter = app.url_map.bind("127.0.0.1:8000")
        values = {name: min(getattr(converter, "items", "1")) for name, converter in rule._converters.items()} | (rule.defaults or {})
        address = adapter.build(rule.endpoint, values, method=min(rule.methods - {"OPTIONS"}))
        known = set().union(*(each.methods for each in app.url_map.iter_rules() if each.rule == rule.rule))
        read = {"GET"} if rule.rule.startswith("/notices") else set()
        for method in (read | {"POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"}) - known:
            response = browser.client.open(address, base_url=browser.base_url, method=method)
            assert response.status_code == 405, (method, address)
            assert {word.strip() for word in response.headers["Allow"].split(",")} == known, (method, address)
            assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_a_get_on_a_post_only_address_leads_to_the_nearest_page(browser: Browser, app: Flask) -> None:
    assert browser.visit("/logout").h1 == "ログイン"
    a_customer("new")
    browser.sign_in("new")
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods and not rule.rule.startswith(("/staff", "/notices")) and not rule.arguments:
            assert browser.visit(rule.rule).status == 200, rule.rule
    assert browser.visit("/account/password").h1 == "アカウント設定"
    assert browser.visit("/staff/logout").h1 == "担当者ログイン"


def test_an_oversized_form_is_refused_before_it_is_read(browser: Browser) -> None:
    a_customer("new")
    browser.sign_in("new").post_raw("/orders", {"x": "あ" * 350_000})

    prove_a_good_error(browser, 413)
    assert browser.says("何も変更されていません")


def test_a_body_that_is_no_form_is_refused(browser: Browser) -> None:
    a_customer("new")
    browser.sign_in("new")
    for body, kind in (
        (b'{"months": 1}', "application/json"),
        (b"\xff\xfe", "text/plain"),
        (b"--x\r\n", "multipart/form-data; boundary=x"),
    ):
        browser.visit("/").post_raw("/orders", body, content_type=kind)
        assert browser.status == 400


@pytest.mark.parametrize("address", ["/login", "/", "/legal/tokutei", "/healthz", "/no-such-page", "/contract"])
def test_every_answer_carries_the_security_headers(browser: Browser, address: str) -> None:
    response = browser.client.get(address, base_url=browser.base_url)

    for name, value in HEADERS.items():
        assert response.headers[name] == value
    assert not list(header_faults(response.headers))
    is_public = address in ("/legal/tokutei", "/healthz")
    assert response.headers.get("Cross-Origin-Resource-Policy") == (None if is_public else "same-origin")
    assert "Server" not in response.headers
    assert "Strict-Transport-Security" not in response.headers


@pytest.mark.parametrize("address", ["/", "/contract", "/no-such-page", "/legal/tokutei"])
def test_no_other_site_can_make_a_page_a_part_of_its_own(browser: Browser, address: str) -> None:
    a_customer("new")
    browser.sign_in("new")
    for site, mode, status in (
        ("cross-site", "no-cors", 403),
        ("same-site", "cors", 403),
        ("same-site", "navigate", 200),
        ("same-origin", "cors", 200),
        ("none", "navigate", 200),
    ):
        told = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode}
        response = browser.client.get(address, base_url=browser.base_url, headers=told)
        is_refused = response.status_code == 403
        assert is_refused == (status == 403), told
        assert (response.data == b"") == is_refused


def test_pages_of_a_person_are_cut_off_from_windows_of_other_sites(browser: Browser) -> None:
    a_customer("new")

    assert browser.sign_in("new").visit("/").headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize(
    "address",
    ["/.git/HEAD", "/.env", "/console", "/static/", "/static/x/..%2f..%2fmodels.py", "/contract/x.css", "/contract;.js", "/metrics/x"],
)
def test_nothing_but_the_portal_is_served_and_no_page_under_the_name_of_a_file(browser: Browser, address: str) -> None:
    a_customer("new")

    assert browser.sign_in("new").visit(address).status == 404


def test_no_setting_of_the_framework_turns_debugging_on(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    store.close()

    assert not create_app(settings, companies=Companies()).debug
    store.ensure_connection()


def test_over_https_answers_carry_hsts(over_https: Browser) -> None:
    response = over_https.client.get("/login", base_url=over_https.base_url)

    assert "max-age=31536000" in response.headers["Strict-Transport-Security"]


def test_customer_pages_are_not_stored_by_shared_caches(browser: Browser) -> None:
    a_customer("new")
    browser.sign_in("new")

    for address in ("/", "/contract"):
        assert "private" in browser.visit(address).headers["Cache-Control"]


def test_without_any_payment_method_the_payment_page_says_so(settings: Settings) -> None:
    a_customer("new")
    store.close()
    app = create_app(replace(settings, card_company=None), companies=Companies())
    app.extensions["catalog"] = replace(app.extensions["catalog"], bank_accounts=())
    store.ensure_connection()
    browser = Browser(app, settings.public_url, may_break=True)

    prove_a_good_error(steps.to_the_payment(browser), 503)


@pytest.mark.parametrize(("asked", "leads_to"), [("/staff?q=1", "/staff/?q=1"), ("/staff//login", "/staff/login")])
def test_an_address_in_another_spelling_leads_to_the_right_one_on_the_host_that_was_asked(app: Flask, asked: str, leads_to: str) -> None:
    """Written as a path: no host that a client made up is repeated. Without the English page of the library."""
    answer = app.test_client().get(path=asked, base_url="http://127.0.0.1:8000")

    assert (answer.status_code, answer.headers["Location"], answer.data) == (308, leads_to, b"")


def test_staff_read_nothing_that_is_said_to_customers(breaking: Callable[[Exception], None], browser: Browser) -> None:
    customers = ("コントロールパネル", "サーバー契約・更新", "お客様のものではない")
    breaking(SecretDetail("secret detail"))
    browser.may_break = True

    for address, status in (("/staff/nothing", 404), ("/staff/logout", 405), ("/staff/breaks", 500)):
        answer = browser.visit(address) if status != 405 else browser.post_raw("/staff/", {})
        assert answer.status == status
        assert answer.page.soup.html["lang"] == "ja"
        assert [words for words in customers if answer.says(words)] == []
