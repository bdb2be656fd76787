"""Every address of the portal, asked by everybody: a table says what each gets. A new view needs its row in test_access.py."""

import re
from dataclasses import dataclass

import pytest
from flask import Flask

from models import Account
from portal.actions.accounts import staff_members
from portal.catalog import Catalog
from portal.enums import StaffRole
from portal.runtime.settings import Settings
from portal.sandbox.webhooks import signed_headers
from tests.browser import FORM, Browser
from tests.factories import a_customer
from tests.routes.staff.addresses import staff_addresses
from tests.routes.test_access import OWN, PRIVATE, PUBLIC, Addresses
from tests.routes.test_access import addresses as customers_addresses
from tests.routes.test_forgery import state_of_things
from tests.staff_desk import a_clerk, sign_in

READ, ACT, WEBHOOK = "staff", "staff who may act", "a company that signs"
IN, SIGN, STAFF, MISSING, REFUSED, BAD = "in", "sign-in", "sign-in of staff", "not found", "refused", "bad request"

# who: what they get of addresses of each kind
KINDS = (PUBLIC, PRIVATE, OWN, READ, ACT, WEBHOOK)
TABLE = {
    "nobody": (IN, SIGN, SIGN, STAFF, STAFF, BAD),
    "company": (IN, SIGN, SIGN, STAFF, STAFF, IN),
    "owner": (IN, IN, IN, STAFF, STAFF, BAD),
    "other": (IN, IN, MISSING, STAFF, STAFF, BAD),
    "closed": (IN, SIGN, SIGN, STAFF, STAFF, BAD),
    "viewing": (IN, SIGN, SIGN, IN, REFUSED, BAD),
    "acting": (IN, SIGN, SIGN, IN, IN, BAD),
}
ASKED_ELSEWHERE = {"auth.sign_out", "operations.ready", "operations.metrics", "mails.show", "notices.receive", "hosting_notices.receive"}
ASKED_ELSEWHERE |= {"password.open_link", "password.choose", "addresses.open_link", "addresses.confirm"}
EVENT = b'{"id": "n", "type": "charge.paid", "key": "k", "reference": "r", "yen": 1, "at": "2026-11-22T01:02:03+00:00"}'
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
__all__ = ["customers_addresses"]


@dataclass(frozen=True)
class Asked:
    kind: str
    method: str
    address: str


@pytest.fixture
def everything(app: Flask, customers_addresses: Addresses, catalog: Catalog, settings: Settings) -> list[Asked]:
    """But a demo's own, and what tests of their own ask."""
    found = [
        Asked(kind, method, address)
        for kind in (PUBLIC, PRIVATE, OWN)
        for endpoint, method, address in customers_addresses.where(kind)
        if not endpoint.startswith("demo") and endpoint not in ASKED_ELSEWHERE
    ]
    of_staff = staff_addresses(app, a_clerk(), catalog, settings)
    actions = {address for method, address in of_staff if method == "POST"}  # and the pages with their forms
    return [
        *found,
        Asked(WEBHOOK, "POST", "/notices/card"),
        *(Asked(ACT if to in actions else READ, method, to) for method, to in of_staff),
    ]


def enter(browser: Browser, who: str) -> None:
    if who in ("viewing", "acting"):
        sign_in(browser, a_clerk(who))
        staff_members.set_role(who, StaffRole(who))
    elif who == "closed":
        a_customer("closed")
        browser.sign_in("closed")
        Account.update(closed_at=Account.get().created_at).where(Account.login == "closed").execute()
    elif who in ("owner", "other"):
        browser.sign_in("new" if who == "owner" else "other")


@pytest.mark.parametrize("who", TABLE)
def test_everybody_gets_of_every_address_what_the_table_says(app: Flask, settings: Settings, everything: list[Asked], who: str) -> None:
    browser = Browser(app, settings.public_url)
    enter(browser, who)
    expected, before = dict(zip(KINDS, TABLE[who], strict=True)), state_of_things()

    tokens = {area: token_of(browser, area) for area in ("/", "/staff/")}
    secret = settings.notice_secret if who == "company" else "guessed"
    got = {asked: result_of(browser, asked, tokens, secret) for asked in everything}

    assert {asked: result for asked, result in got.items() if result != expected[asked.kind]} == {}
    assert who in ("owner", "other", "acting") or state_of_things() == before


def token_of(browser: Browser, area: str) -> str:
    return TOKEN.search(browser.client.get(area, base_url=browser.base_url, follow_redirects=True).text)[1]


def result_of(browser: Browser, asked: Asked, tokens: dict[str, str], secret: str) -> str:
    headers, body = {}, b""
    if asked.kind == WEBHOOK:
        headers, body = signed_headers(secret, EVENT, "card"), EVENT
    elif asked.method == "POST":
        area = "/staff/" if asked.address.startswith("/staff") else "/"
        headers, body = {"Content-Type": FORM}, f"csrf_token={tokens[area]}".encode()
    answer = browser.client.open(asked.address, method=asked.method, base_url=browser.base_url, headers=headers, data=body, buffered=True)
    assert answer.status_code < 500 or asked.kind == WEBHOOK, asked  # an event of which we know nothing is to come again
    by_address = {"/login": SIGN, "/staff/login": STAFF}
    by_status = {400: BAD, 403: REFUSED, 404: MISSING}
    return by_address.get(answer.headers.get("Location", "").partition("?")[0]) or by_status.get(answer.status_code, IN)
