"""A customer on the companies' pages, without JavaScript. Every opened page is checked."""

import re

import brotli
import html5lib
from bs4 import BeautifulSoup
from werkzeug.test import Client

COOKIE = r"sandbox_browser=[\w-]{32}; HttpOnly; Path=/sandbox; SameSite=Lax"
HEADERS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cache-Control": "no-store"}


class Visitor:
    """Opens pages and fills in what they show; a redirect is not followed but kept as `location`, without its code."""

    code = ""  # the one-time code, once a company has sent the customer back with it

    def __init__(self, browser, address: str, remote: str = "127.0.0.1") -> None:
        self._browser = browser
        self._remote = {"REMOTE_ADDR": remote}
        self.address = address

    def open(self, address: str | None = None):
        return self._take(self._browser.get(address or self.address, environ_base=self._remote))

    def press(self, button: str, typed: dict[str, str] | None = None):
        found = next(element for element in self.page.find_all("button") if element.text == button)
        form = found.find_parent("form")
        fields = [element for element in form.find_all("input") if element["type"] != "radio" or element.has_attr("checked")]
        values = {element["name"]: element["value"] for element in fields} | (typed or {})
        if found.has_attr("name"):
            values[found["name"]] = found["value"]
        self.last_post = (form["action"], values)
        return self.post(*self.last_post)

    def follow(self):
        """The page that the last answer led to."""
        return self.open(self.location)

    def post(self, address: str, values: dict[str, str]):
        return self._take(self._browser.post(address, data=values, environ_base=self._remote))

    def text(self, selector: str) -> str:
        return " ".join(element.get_text(" ", strip=True) for element in self.page.select(selector))

    def _take(self, response):
        self.status, self.location = response.status_code, response.headers.get("Location")
        if self.location and "?code=" in self.location:
            self.location, _, self.code = self.location.partition("?code=")
        self.headers, self.html = response.headers, response.text
        if self.status == 303:
            return self
        self.page = BeautifulSoup(self.html, "html.parser")
        assert_sound(response, self.page)
        return self


def another(browser: Client) -> Client:
    """Somebody else's browser, with cookies of its own."""
    return Client(browser.application)


def assert_sound(response, page) -> None:
    html5lib.HTMLParser(strict=True).parse(response.text)
    headings = page.find_all("h1")
    assert len(headings) == 1
    assert page.title.text.removeprefix("エラー：").startswith(headings[0].text)
    assert page.html["lang"] == "ja"
    assert not page.find_all("script")
    assert not page.select("[style], [onclick]")
    ids = [element["id"] for element in page.select("[id]")]
    assert len(ids) == len(set(ids))
    assert all(name in ids for element in page.select("[aria-describedby]") for name in element["aria-describedby"].split())
    assert all(link["href"][1:] in ids for link in page.select("a[href^='#']"))
    assert all(form["action"].startswith("/sandbox/") for form in page.find_all("form"))
    typed = page.select("input[type=text], input[type=password]")
    assert all(page.find("label", attrs={"for": field["id"]}) for field in typed)
    assert all(radio.find_parent("label") and radio.find_parent("fieldset").legend for radio in page.select("input[type=radio]"))
    assert "架空の会社です" in page.header.text
    assert "var(" not in page.style.text
    assert len(brotli.compress(response.data, quality=5)) < 5_000
    assert {name: response.headers.get(name) for name in HEADERS} == HEADERS
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert all(re.fullmatch(COOKIE, cookie) for cookie in response.headers.getlist("Set-Cookie"))
