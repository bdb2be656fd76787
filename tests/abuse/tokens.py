"""Forged, foreign and spent tokens of every kind, in this process: none opens anything, and the true one does afterwards.

Kinds: sessions of customers and staff, CSRF tokens, codes of visits to the card and wallet company, links for a new password, signatures of
webhooks, cookies of known browsers.
"""

import hashlib
import sys
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest
from flask import Flask

from models import Account, Order
from portal.actions.accounts.authentication import CUSTOMERS, device_mark, known_browser, new_nonce
from portal.runtime.settings import Settings
from portal.sandbox.webhooks import signed_headers
from tests import steps
from tests.abuse import as_test
from tests.browser import Browser
from tests.factories import a_customer
from tests.journeys.test_forgotten_password import ask as ask_for_link
from tests.mailbox import Mailbox
from tests.staff_desk import a_clerk, sign_in

HOME = "http://127.0.0.1:8000"
EVENT = b'{"id": "n", "type": "charge.paid", "key": "k", "reference": "r", "yen": 1, "at": "2026-11-22T01:02:03+00:00"}'


class Kind(NamedTuple):
    """`foreign`: good tokens of somebody else. `opens`: whether this token got in."""

    genuine: str
    foreign: tuple[str, ...]
    opens: Callable[[str], bool]


def forgeries(genuine: str) -> Iterator[str]:
    """Each sign replaced, cut at each place, and what a careless comparison takes."""
    for place, sign in enumerate(genuine):
        yield genuine[:place] + ("A" if sign != "A" else "B") + genuine[place + 1 :]
        yield genuine[:place]
        yield genuine[:place] + genuine[place + 1 :]
    yield from (genuine.swapcase(), genuine[::-1], genuine + "A", "A" + genuine, genuine * 2, genuine + "\x00", genuine + "=")
    yield from (hashlib.sha256(genuine.encode()).hexdigest(), "x" * len(genuine), "0" * 64, "None", "null", "%", "*", "' OR '1'='1", "../x")


def sessions(app: Flask, settings: Settings) -> Kind:
    return _cookie(app, Browser(app).sign_in("new"), "session", "/contract", (_session(sign_in(Browser(app), a_clerk("b")), "staff"),))


def sessions_of_staff(app: Flask, settings: Settings) -> Kind:
    foreign = (_session(Browser(app).sign_in("new"), "session"),)
    return _cookie(app, sign_in(Browser(app), a_clerk("a")), "staff", "/staff/", foreign)


def _cookie(app: Flask, signed_in: Browser, name: str, page: str, foreign: tuple[str, ...]) -> Kind:
    def opens(token: str) -> bool:
        client = app.test_client(use_cookies=False)
        return client.get(page, base_url=HOME, headers={"Cookie": f"{name}={token}"}).status_code == 200

    return Kind(_session(signed_in, name), foreign, opens)


def _session(browser: Browser, name: str) -> str:
    return next(cookie.value for cookie in browser.client._cookies.values() if cookie.key == name)


def csrf_tokens(app: Flask, settings: Settings) -> Kind:
    mine, before = Browser(app).visit("/login"), Browser(app).visit("/login").token
    foreign = (before, mine.token, Browser(app).sign_in("other").token, sign_in(Browser(app), a_clerk()).token)
    mine.sign_in("new").visit("/contract")

    genuine = mine.token

    def opens(token: str) -> bool:
        if token != genuine and token.rstrip("=")[:-1] == genuine[:-1]:
            return False  # base64 has spare bits at its end: the same token, written in another way
        mine.post_raw("/orders", {"csrf_token": token}, csrf=False)
        return Order.delete().where(Order.account == Account.by_login("new")).execute() > 0

    return Kind(genuine, foreign, opens)


def codes_of_cards(app: Flask, settings: Settings) -> Kind:
    return _visit(app, steps.to_the_card_page, steps.enter_card)


def codes_of_wallets(app: Flask, settings: Settings) -> Kind:
    return _visit(app, lambda browser, login="new": steps.to_the_wallet_company(browser, login=login), steps.link_wallet)


def _visit(app: Flask, begin: Callable[..., Browser], finish: Callable[[Browser], Browser]) -> Kind:
    """Somebody else finishes at the company's page: the code is drawn, and not used yet. The foreign one is of their own order."""
    mine, theirs = Browser(app), Browser(app)
    page = begin(mine).url
    theirs.sign_in("other").visit(page)
    address, _, code = finish(theirs).url.partition("?code=")
    stranger = begin(Browser(app), login="third").url
    theirs.visit(stranger)
    foreign = finish(theirs).url.partition("?code=")[2]

    def opens(token: str) -> bool:
        mine.client.get(address, query_string={"code": token}, base_url=HOME)
        return not mine.visit(address).says("終わっていません")

    return Kind(code, (foreign,), opens)


def links_for_a_password(app: Flask, settings: Settings) -> Kind:
    mailbox, links = Mailbox(), []
    for login in ("new", "new", "other"):
        ask_for_link(Browser(app), login)
        links.append(mailbox.worker_passes().link.rpartition("/")[2])
    replaced, genuine, _ = links

    def opens(token: str) -> bool:
        page = app.test_client().get(f"/password/{token}".replace("%", "%25"), base_url=HOME)
        return page.status_code == 200 and "新しいパスワードを決める</h1>" in page.text

    return Kind(genuine, (replaced,), opens)


def signatures(app: Flask, settings: Settings) -> Kind:
    genuine = signed_headers(settings.notice_secret, EVENT, "card")["Sandbox-Signature"]
    foreign = (signed_headers(settings.notice_secret, EVENT, "wallet"), signed_headers("another secret", EVENT, "card"))
    others = (signed_headers(settings.notice_secret, EVENT + b" ", "card"), signed_headers("", EVENT, "card"))

    def opens(token: str) -> bool:
        sent = {"Sandbox-Signature": token.replace("\x00", "")} if token.isprintable() else {}
        return app.test_client().post("/notices/card", data=EVENT, headers=sent, base_url=HOME).status_code != 400

    return Kind(genuine, tuple(headers["Sandbox-Signature"] for headers in foreign + others), opens)


def known_browsers(app: Flask, settings: Settings) -> Kind:
    """What such a cookie opens is a count of its own, so that strangers cannot make its owner wait."""
    secret = settings.secret_key

    def mark(login: str, secret: str) -> str:
        return device_mark(CUSTOMERS.name(login), secret, new_nonce(secret))

    def opens(token: str) -> bool:
        return known_browser(token, CUSTOMERS.name("new"), secret) is not None

    return Kind(mark("new", secret), (mark("other", secret), mark("new", "guessed")), opens)


KINDS = (sessions, sessions_of_staff, csrf_tokens, codes_of_cards, codes_of_wallets, links_for_a_password, signatures, known_browsers)


@pytest.mark.parametrize("kind", KINDS)
def test_no_forged_token_opens_anything_and_the_true_one_does(app: Flask, settings: Settings, kind: Callable[..., Kind]) -> None:
    for login in ("new", "other", "third"):
        a_customer(login)
    genuine, foreign, opens = kind(app, settings)
    tried = dict.fromkeys([*forgeries(genuine), *foreign])
    tried.pop(genuine, None)

    got_in = [token for token in tried if opens(token)]

    print(f"\n{kind.__name__}: {len(tried)} forged, of these {len(foreign)} foreign or replaced; {len(got_in)} got in")
    assert got_in == []
    assert opens(genuine), "this test tries nothing"


def main() -> int:
    return as_test.run(__file__)


if __name__ == "__main__":
    sys.exit(main())
