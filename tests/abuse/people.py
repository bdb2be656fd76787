"""Customers and staff for the fuzzer: each signs in again when signed out, and knows the pages and forms that links and buttons lead to."""

import re
from dataclasses import dataclass
from urllib.parse import urlencode, urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from flask import Flask
from werkzeug.test import TestResponse

from models import Account, CountedTry
from tests.browser import FORM, Browser
from tests.staff_desk import Clerk, sign_in

PAGES_EACH = 250
LEAVES = re.compile(r"^/(demo|sandbox|logout|static|staff/(logout|files|demo))\b")
WITHOUT_SIGN_IN = ("/login", "/password", "/staff/login")


@dataclass(frozen=True)
class SeenForm:
    who: str
    action: str
    pairs: tuple[tuple[str, str], ...]


class Person:
    """`clerk`: one of the staff. Without a login: a visitor."""

    def __init__(self, app: Flask, url: str, login: str, clerk: Clerk | None = None) -> None:
        self.login, self._clerk, self.browser, self.token = login, clerk, Browser(app, url, may_break=True), ""
        self.pages: list[str] = []
        self.forms: dict[tuple[str, tuple[str, ...]], SeenForm] = {}

    @property
    def home(self) -> str:
        return "/staff/" if self._clerk else "/" if self.login else "/login"

    def ask(self, method: str, address: str, **options: object) -> TestResponse:
        return self.browser.client.open(address, method=method, buffered=True, **{"base_url": self.browser.base_url} | options)

    def post(self, address: str, pairs: tuple[tuple[str, str], ...]) -> TestResponse:
        return self.ask("POST", address, data=urlencode([("csrf_token", self.token), *pairs]).encode(), content_type=FORM)

    def sign_in(self) -> None:
        CountedTry.delete().execute()
        Account.update(closed_at=None).execute()  # the fuzzer has found the button
        self.browser.client._cookies.clear()
        if self._clerk:
            sign_in(self.browser, self._clerk)
        elif self.login:
            self.browser.sign_in(self.login)
        found = BeautifulSoup(self.ask("GET", self.home).text, "html.parser").select_one("input[name=csrf_token]")
        self.token = str(found["value"]) if found else ""

    def is_in(self) -> bool:
        return self.ask("GET", self.home).status_code == 200

    def look_round(self) -> None:
        """Follow each link; when there are no more, send the next form as it stands, and follow what it leads to."""
        queue, unsent = [self.home] if self.login else list(WITHOUT_SIGN_IN), list[SeenForm]()
        while (queue or unsent) and len(self.pages) < PAGES_EACH:
            if queue:
                answer, address = self.ask("GET", queue[0]), queue.pop(0)
                if answer.status_code == 200 and "html" in str(answer.content_type):
                    self.pages.append(address)
                    unsent += self._read(address, answer.text, queue)
            else:
                form = unsent.pop(0)
                answer = self.post(form.action, form.pairs)
                self._queue(answer.headers.get("Location", ""), form.action, queue)
                unsent += self._read(form.action, answer.text if answer.status_code in (200, 422) else "", queue)

    def _read(self, address: str, html: str, queue: list[str]) -> list[SeenForm]:
        """Queue the page's links; its forms that were not known."""
        soup, new = BeautifulSoup(html, "html.parser"), []
        for link in soup.select("a[href]"):
            self._queue(str(link["href"]), address, queue)
        for found in soup.select("form[method=post], [data-hx-post]"):
            action = str(found.get("data-hx-post") or found.get("action") or address)
            form = SeenForm(self.login, urlsplit(urljoin(address, action)).path, tuple(_pairs(found)))
            key = form.action, tuple(name for name, _ in form.pairs)
            if key not in self.forms and not LEAVES.search(form.action):
                self.forms[key] = form
                new.append(form)
        return new

    def _queue(self, link: str, page: str, queue: list[str]) -> None:
        found = urlsplit(urljoin(page, link or page))
        path = found.path + (f"?{found.query}" if found.query else "")
        is_ours = not found.netloc or found.netloc == urlsplit(self.browser.base_url).netloc
        if is_ours and path not in self.pages + queue and not LEAVES.search(path):
            queue.append(path)


def _pairs(form: Tag) -> list[tuple[str, str]]:
    """What the form holds, 1 where it is empty; of radios one, and each box as if it was ticked."""
    pairs: dict[str, str] = {}
    for field in form.select("input[name], select[name], textarea[name], button[name]"):
        name, kind = str(field["name"]), field.get("type")
        if field.name == "select":
            chosen = field.select_one("option[selected]") or field.select_one("option")
            pairs[name] = str(chosen.get("value", chosen.text)) if chosen else ""
        elif name not in pairs or field.has_attr("checked"):
            pairs[name] = str(field.get("value") or ("on" if kind == "checkbox" else "1"))
    pairs.pop("csrf_token", None)
    return list(pairs.items())
