"""The test browser itself: fills forms as browsers do, accepts a sound page, and reports each fault."""

import base64
import hashlib
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask import Flask, Response, make_response, redirect, render_template_string, request
from jinja2 import DictLoader

from tests.browser import Browser, NotSound
from tests.page import NotOnThePage
from tests.page_checks import cookie_faults, header_faults
from tests.read_once import ALL_TAGS, LINKS, Reader, alike, read

STYLE = "h1{color:#1a1a1a}"
HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'self' 'sha256-{HASH}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
HEADERS = {"Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}
PAGE = """<!doctype html>
<html lang="ja"><head><meta charset="utf-8"><title>お申し込み｜けいやく</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>h1{color:#1a1a1a}</style></head>
<body><main><h1>お申し込み</h1><p id="say" role="status"></p>
<form action="/send" method="post" novalidate id="order"><input type="hidden" name="csrf_token" value="t0k3n" id="token">
<div id="choices" data-hx-post="/estimate" data-hx-trigger="change" data-hx-include="#choices, #token" data-hx-target="#estimate"
data-hx-swap="outerHTML">
<fieldset><legend>契約期間</legend>
<label><input type="radio" name="months" value="1"> 1か月 <span>1,320円</span></label>
<label><input type="radio" name="months" value="12" checked> 12か月 <span>13,200円</span></label></fieldset>
<fieldset><legend>バックアップ</legend>
<label><input type="radio" name="backup" value="" checked> 利用しない</label>
<label><input type="radio" name="backup" value="12"> 12か月 <span>3,300円</span></label></fieldset>
<p><label for="ssl">独自SSL</label> <select id="ssl" name="ssl">
<option value="" selected>利用しない</option><option value="quick">クイック認証</option>
</select></p></div>
<p><label for="devices">台数</label> <input id="devices" name="devices" value="0" maxlength="5" aria-describedby="hint">
<span id="hint">0から9</span></p>
<p><label><input type="checkbox" name="agree"> 約款に同意します</label></p>
<p><label for="note">備考</label> <textarea id="note" name="note">
一行目
二行目</textarea></p>
<section id="estimate"><p>お見積り <strong>13,200</strong>円</p></section>
<p><button name="do" value="quote">金額を再計算する</button> <button name="do" value="go">お支払い方法選択へ</button></p></form>
<p><a href="/">戻る</a></p></main></body></html>"""
ESTIMATE = '<section id="estimate"><p>お見積り {{ yen }}円</p></section><p data-hx-swap-oob="innerHTML:#say">合計 {{ yen }}円</p>'


@pytest.fixture
def toy() -> Flask:
    """An order form that answers what was sent; `toy.page` is what it shows, `toy.answers` what it says at /estimate."""
    app = Flask("toy")
    app.testing = True
    app.jinja_loader = DictLoader({"orders/edit.html": PAGE, "orders/_estimate.html": ESTIMATE})
    app.page, app.fragment, app.vary, app.sent = PAGE, ESTIMATE, "HX-Request", []
    app.add_url_rule("/", view_func=lambda: app.page, endpoint="show")
    app.add_url_rule("/secret", view_func=lambda: Response(app.page, headers={"Cache-Control": "no-store"}), endpoint="secret")

    @app.post("/send")
    def send() -> Response:
        app.sent.append([(name, value) for name, values in request.form.lists() for value in values])
        return redirect("/", 303) if request.form.get("agree") else make_response(app.page, 422)

    @app.post("/moved")
    def moved() -> Response:
        return redirect("/", 302)

    @app.post("/estimate")
    def estimate() -> Response:
        app.sent.append(list(request.form.items()))
        assert request.headers["HX-Request"] == "true"
        return Response(render_template_string(app.fragment, yen="1,320"), headers={"Vary": app.vary})

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return app


@pytest.fixture
def browser(toy: Flask) -> Browser:
    return Browser(toy)


def test_a_sound_page_passes_and_can_be_read(browser: Browser) -> None:
    browser.visit("/")

    assert (browser.status, browser.url, browser.h1) == (200, "/", "お申し込み")
    assert browser.says("お見積り13,200円", "#estimate")
    assert browser.text("#estimate") == "お見積り 13,200円"
    assert browser.offers("戻る")
    assert not browser.offers("解約する")


def test_a_form_is_sent_as_browsers_send_it(browser: Browser, toy: Flask) -> None:
    browser.visit("/").choose("1か月").choose("クイック認証").fill("台数", "３").tick("約款に同意します").press("お支払い方法選択へ")

    expected = {
        "csrf_token": "t0k3n",
        "months": "1",
        "backup": "",
        "ssl": "quick",
        "devices": "３",
        "agree": "on",
        "note": "一行目\r\n二行目",
        "do": "go",
    }
    assert toy.sent == [list(expected.items())]
    assert (browser.status, browser.url, [answer.status for answer in browser.traffic]) == (200, "/", [200, 303, 200])


def test_equal_labels_are_told_apart_by_what_they_stand_under(browser: Browser, toy: Flask) -> None:
    browser.visit("/").choose("12か月", under="バックアップ").press("金額を再計算する")

    assert ("backup", "12") in toy.sent[0]
    with pytest.raises(NotOnThePage, match="2 times"):
        browser.choose("12か月")
    with pytest.raises(NotOnThePage, match="no 「24か月」"):
        browser.choose("24か月")


def test_back_shows_the_form_as_left_and_reload_posts_again(browser: Browser, toy: Flask) -> None:
    browser.visit("/").choose("1か月").press("お支払い方法選択へ").reload()

    assert len(toy.sent) == 2
    assert toy.sent[0] == toy.sent[1]
    assert browser.back().is_chosen("1か月")


def test_a_second_tab_has_a_form_of_its_own(browser: Browser) -> None:
    tab = browser.visit("/").new_tab()

    tab.choose("1か月")

    assert browser.is_chosen("12か月", under="契約期間")


def test_forged_values_are_sent_as_given(browser: Browser, toy: Flask) -> None:
    browser.visit("/").press("お支払い方法選択へ", forged={"months": ["7", "8"], "csrf_token": None})
    browser.visit("/").post_raw("/send", {"months": "x" * 1_000_000})
    browser.visit("/").post_raw("/send", {"months": "7"}, csrf=False)

    assert [value for name, value in toy.sent[0] if name == "months"] == ["7", "8"]
    assert "csrf_token" not in dict(toy.sent[0])
    assert dict(toy.sent[1])["csrf_token"] == "t0k3n"
    assert toy.sent[2] == [("months", "7")]
    with pytest.raises(NotOnThePage, match="5 characters"):
        browser.visit("/").fill("台数", "123456")


def test_a_fragment_is_swapped_into_its_page_as_htmx_does(browser: Browser, toy: Flask) -> None:
    found = browser.visit("/").choose("1か月").htmx("#choices")

    assert found.spoken == "合計 1,320円"
    assert browser.says("お見積り1,320円", "#estimate")
    assert browser.text("#say") == "合計 1,320円"
    assert dict(toy.sent[0])["months"] == "1"


CHANGES = {
    "lang": ('lang="ja"', 'lang="en"', "lang is en"),
    "two headings": ("<h1>", "<h1>x</h1><h1>", "2 h1"),
    "title": ("<title>お申し込み", "<title>申込", "does not begin with"),
    "same id": ('id="hint"', 'id="ssl"', "id 'ssl' stands there 2 times"),
    "no action": (' action="/send"', "", "no action"),
    "no method": (' method="post"', "", "no method"),
    "no token": ('name="csrf_token"', 'name="other"', "0 CSRF tokens"),
    "token in the address": ('method="post"', 'method="get"', "into the address"),
    "label to nowhere": ('for="ssl"', 'for="tls"', "for points to id 'tls'"),
    "no label": ('<label for="note">備考</label>', "", "'note' has no label"),
    "two labels": ('<label for="note">', '<label for="note">x</label><label for="note">', "several labels"),
    "hint to nowhere": ('aria-describedby="hint"', 'aria-describedby="no"', "aria-describedby points to id 'no'"),
    "target to nowhere": ('data-hx-target="#estimate"', 'data-hx-target="#sum"', "data-hx-target '#sum'"),
    "include from nowhere": ("#choices, #token", "#choices, #key", "data-hx-include '#key'"),
    "no target": ('data-hx-target="#estimate"', "", "without a target"),
    "short htmx": ("data-hx-post", "hx-post", "write data-hx-post"),
    "boost": ("data-hx-trigger", "data-hx-boost", "data-hx-boost"),
    "every": ('"change"', '"every 2s"', "not understood by our htmx"),
    "other swap": ('data-hx-swap="outerHTML"', 'data-hx-swap="beforeend"', "not understood by our htmx"),
    "no legend": ("<legend>契約期間</legend>", "", "has no legend"),
    "none checked": (' value="12" checked', ' value="12"', "exactly one checked"),
    "none selected": (" selected", "", "exactly one selected"),
    "handler": ('<p id="say"', '<p id="say" onclick="x()"', "inline event handler"),
    "style attribute": ('<p id="say"', '<p id="say" style="color:red"', "inline style"),
    "unknown style": ("#1a1a1a", "#000", "does not allow the page's <style>"),
    "inline script": ("</main>", "<script>1</script></main>", "a script inside"),
    "foreign host": ('href="/"', 'href="https://example.com/"', "another host"),
    "script address": ('href="/"', 'href="javascript:x()"', "nowhere without JavaScript"),
    "empty link": (">戻る</a>", "></a>", "without words"),
    "link to no id": ('href="/"', 'href="#months"', "href points to id 'months'"),
    "broken tags": ("<strong>", "<strong><em>", "not valid HTML"),
    "word of the program": ("13,200</strong>", "None</strong>", "says 「None」"),
    "browser validates": (" novalidate", " ", "no novalidate"),
    "zoom forbidden": ("initial-scale=1", "maximum-scale=1", "forbids zooming"),
    "formaction": ('value="quote"', 'value="quote" formaction="/quote"', "formaction"),
    "order of the keyboard": ('id="note"', 'id="note" tabindex="3"', "order of the keyboard"),
}


@pytest.mark.parametrize(("old", "new", "fault"), CHANGES.values(), ids=CHANGES)
def test_each_fault_of_a_page_is_reported(browser: Browser, toy: Flask, old: str, new: str, fault: str) -> None:
    page = PAGE.replace('name="devices"', 'name="devices" required') if fault == "no novalidate" else PAGE
    toy.page = page.replace(old, new)
    assert toy.page != page

    with pytest.raises(NotSound, match=fault.replace("(", r"\(")):
        browser.visit("/")


@pytest.mark.parametrize("header", HEADERS)
def test_a_missing_security_header_is_reported(browser: Browser, monkeypatch: pytest.MonkeyPatch, header: str) -> None:
    monkeypatch.delitem(HEADERS, header)

    with pytest.raises(NotSound, match=header):
        browser.visit("/")


@pytest.mark.parametrize(("name", "value"), [("Content-Type", "text/plain"), ("Access-Control-Allow-Origin", "*")])
def test_an_answer_without_its_charset_or_for_other_sites_is_reported(name: str, value: str) -> None:
    assert [fault for fault in header_faults(HEADERS | {name: value}) if name in fault]


@pytest.mark.parametrize(
    "line",
    [
        "session=x; Secure; HttpOnly; Path=/; SameSite=Lax",
        "__Host-session=x; HttpOnly; Path=/; SameSite=Lax",
        "__Host-session=x; Secure; Path=/; SameSite=Lax",
        "__Host-session=x; Secure; HttpOnly; Path=/",
        "__Secure-session=x; Secure; HttpOnly; Path=/; SameSite=Lax",
        "staff=x; Secure; HttpOnly; Path=/staff; SameSite=Strict",
        "__Secure-staff=x; Secure; HttpOnly; Path=/staff; SameSite=Strict; Domain=example.jp",
    ],
)
def test_an_unsafe_cookie_is_reported(line: str) -> None:
    assert list(cookie_faults([line], is_https=True))


@pytest.mark.parametrize("policy", [POLICY + "; script-src 'unsafe-inline'", POLICY.replace("frame-ancestors 'none'", "")])
def test_a_weak_content_security_policy_is_reported(browser: Browser, monkeypatch: pytest.MonkeyPatch, policy: str) -> None:
    monkeypatch.setitem(HEADERS, "Content-Security-Policy", policy)

    with pytest.raises(NotSound, match="Content-Security-Policy"):
        browser.visit("/")


FRAGMENTS = {
    "two roots": (lambda text: "<p>x</p>" + text, "2 root elements"),
    "another id": (lambda text: text.replace('id="estimate"', 'id="summary"'), "not the name of a fragment file"),
    "a whole page": (lambda _: PAGE, "a whole page"),
    "a live region": (lambda text: text.replace('id="estimate"', 'id="estimate" role="status"'), "live region"),
    "broken tags": (lambda text: text.replace("</section>", ""), "not valid HTML"),
    "out of band to nowhere": (lambda text: text.replace("#say", "#speak"), "#speak"),
}


@pytest.mark.parametrize(("change", "fault"), FRAGMENTS.values(), ids=FRAGMENTS)
def test_each_fault_of_a_fragment_is_reported(browser: Browser, toy: Flask, change: Callable[[str], str], fault: str) -> None:
    toy.fragment = change(ESTIMATE)

    with pytest.raises(AssertionError, match=fault):
        browser.visit("/").htmx("#choices")


def test_a_fragment_without_vary_is_reported(browser: Browser, toy: Flask) -> None:
    toy.vary = "Cookie"

    with pytest.raises(NotSound, match="without HX-Request"):
        browser.visit("/").fragment("POST", "/estimate")


def test_a_redirect_after_a_post_must_be_303(browser: Browser) -> None:
    with pytest.raises(NotSound, match="303"):
        browser.visit("/").post_raw("/moved")


def test_a_page_with_htmx_and_no_store_is_reported(browser: Browser) -> None:
    with pytest.raises(NotSound, match="no-store"):
        browser.visit("/secret")


READ = f"""{PAGE}<!-- 20251130 --><table class="a b 1234567"><tr><td>1<td>2</table><svg viewBox="0 0 1 1"><path d="M0"/></svg>
<a href="/orders/abcdefghijklmnopqrstuvw?page=3">&lt;もどる&gt; 20251130</a><template><p>x</p></template><script src="/x.js"></script>"""


@pytest.mark.parametrize("html", [PAGE, READ, ESTIMATE], ids=["page", "odd", "fragment"])
def test_a_page_that_was_read_before_is_the_tree_that_html5lib_builds(html: str) -> None:
    reader = Reader()
    built = tree(BeautifulSoup(html, builder=reader))
    before = html.replace("20251130", "20261231").replace("abcdefghijklmnopqrstuvw", "z" * 24)
    read(before)

    assert alike(before)[0] == alike(html)[0]
    for _ in range(2):
        soup, errors = read(html)
        assert tree(soup) == built
        assert [code for _, code, _ in errors] == [code for _, code, _ in reader.errors]
        soup.body.clear()


def tree(soup: BeautifulSoup) -> list:
    """Every element with its look, its text and what it is linked to."""
    elements = [soup, *soup.descendants]
    numbers = {id(element): number for number, element in enumerate(elements)}
    links = [[numbers.get(id(getattr(element, name))) for name in LINKS] for element in elements]
    looks = [(type(element), element.name, str(element), sorted(vars(element).keys() - {ALL_TAGS})) for element in elements]
    values = [[(name, value, isinstance(value, list)) for name, value in tag.attrs.items()] for tag in soup.find_all(True)]
    return [links, looks, values]
