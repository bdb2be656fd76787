"""Opens every page that a customer, or staff about this customer, can reach by links, and reads what is said there of the future."""

import json
import re
import secrets
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flask import Flask
from werkzeug.test import Client

from models import Account, Session, Staff
from portal import clock
from portal.web import sessions
from tests.forecast import said
from tests.forecast.foreseen import Foreseen, foreseen
from tests.forecast.world import World

LINK = re.compile(r'<a\b[^>]*?\bhref="(/[^"#?]*)')
# The steps of an order say what would be if it were paid, a switch what would be after it: they are compared after OK (looks.py). Mails are
# read when they are written. A kept confirmation, and a paper, say what was so on their day.
LEFT_OUT = re.compile(
    r"/(sandbox|documents|guide|legal|prices|static|demo|logout|mails/\d|papers/\d|orders/\d+/payment|renewal/(reservation|method))"
    r"|/(options|ssl)/.*renewal"
    r"|/staff($|/(?!accounts/|orders/\d|deposits/\d))|.*/confirmations/"
)
OF_A_RESET = re.compile(r"/renewal/reset$|/account/wallet$|/staff/accounts/[^/]+/renewal-stop$")  # what would be after it
MOST_PAGES = 60


@dataclass
class Reader:
    """Somebody signed in, as a browser without JavaScript. `app` serves whatever world is open."""

    client: Client
    start: str

    @classmethod
    def customer(cls, app: Flask, account: Account) -> "Reader":
        return cls(signed_in(app, "session", "/", account=account), "/")

    @classmethod
    def staff(cls, app: Flask, staff: Staff, login: str) -> "Reader":
        return cls(signed_in(app, "staff", "/staff", staff=staff), f"/staff/accounts/{login}")

    def pages(self) -> Iterator[tuple[str, str]]:
        """Address and HTML of everything that can be reached."""
        waiting, known = [self.start], {self.start}
        for address in waiting:
            response = self.client.get(address, base_url="http://127.0.0.1:8000", follow_redirects=True)
            if response.status_code != 200 or response.mimetype != "text/html":
                continue
            yield address, response.text
            for link in LINK.findall(response.text):
                if link not in known and not LEFT_OUT.match(link) and len(known) < MOST_PAGES:
                    known.add(link)
                    waiting.append(link)


def faults_of_pages(app: Flask, world: World, covered: Counter[str]) -> list[str]:
    """What pages say to any customer of this world, and to staff about them, that is not foreseen."""
    serve(app, world)
    return [fault for account in world.accounts for fault in faults_about(app, account, world.shop.staff, covered)]


def faults_about(app: Flask, account: Account, staff: Staff, covered: Counter[str]) -> list[str]:
    today, found = clock.today(), []
    known, if_reset = (foreseen(account, today, app.extensions["catalog"], is_reset=is_reset) for is_reset in (False, True))
    if_reset.add(known)
    for reader in (Reader.customer(app, account), Reader.staff(app, staff, account.login)):
        for address, html in reader.pages():
            covered[f"page: {re.sub(r'[0-9a-f-]{6,}|[0-9]+', 'N', address)}"] += 1
            found += faults_of_page(html, address, if_reset if OF_A_RESET.search(address) else known, today, covered)
            if said.hides_the_way_to_stop(html) and not address.startswith("/staff/"):
                found.append(f"{today} {address}: names a charge, and not how to stop it")
    return list(dict.fromkeys(found))


def serve(app: Flask, world: World) -> None:
    app.extensions["catalog"], app.extensions["companies"] = world.catalog, world.shop.companies


def faults_of_page(html: str, address: str, known: Foreseen, today: date, covered: Counter[str]) -> Iterator[str]:
    for each in said.on_page(html, address, today):
        covered[f"day on a page: {each.kind or 'any'}"] += 1
        if known.contradicts(each):
            yield f"{today} {each} is not foreseen"
    for yen in said.yen_on_page(html):
        covered["yen on a page"] += 1
        if yen not in known.amounts:
            yield f"{today} {address}: {yen} yen are not foreseen"


def signed_in(app: Flask, cookie: str, path: str, **who: object) -> Client:
    client, token, now = app.test_client(), secrets.token_urlsafe(32), clock.real_now()
    data = json.dumps({"confirmed_at": now.isoformat()})  # the second factor
    Session.insert(token_hash=sessions._hash(token), data=data, created_at=now, seen_at=now, **who).execute()
    client.set_cookie(cookie, token, domain="127.0.0.1", path=path)
    return client
