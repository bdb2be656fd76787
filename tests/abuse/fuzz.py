"""A bounded fuzzer in this process: every form field, query, path and header that customers, staff and visitors reach, and signed webhooks.

No answer may be a 5xx, leave a traceback in the log, lead to another host or repeat markup; and the books must agree afterwards.
FUZZ_SECONDS (60) for each database and FUZZ_SEED (1) may be set.
"""

import os
import random
import re
import sys
import time
import warnings
from collections import Counter
from contextlib import suppress
from urllib.parse import quote, urlencode, urlsplit

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException

from models import CountedTry
from portal.demo.filling import begin_anew
from portal.demo.personas import PERSONAS
from portal.runtime.settings import Settings
from portal.sandbox.books import Books
from portal.sandbox.webhooks import signed_headers
from portal.store import database as store
from portal.web.view_marks import public
from tests.abuse import as_test
from tests.abuse.nasty import BODIES, ECHOES, EVENTS, FORM, HEADER_VALUES, HEADERS, VALUES
from tests.abuse.people import Person, SeenForm
from tests.reconciliation import ledger
from tests.staff_desk import a_clerk
from tests.written_log import WrittenLog, written_log

SECONDS, SEED = float(os.environ.get("FUZZ_SECONDS", "60")), int(os.environ.get("FUZZ_SEED", "1"))
MOST_SIGN_INS = 500
QUERIES = ("q", "page", "rest", "next", "why", "wait", "state", "order", "what", "from", "to", "day", "token", "code", "number")
OF_THE_SERVER = ("Content-Length", "Transfer-Encoding")  # the test client stumbles itself where a server would have refused


class Fuzzer:
    def __init__(self, app: Flask, people: dict[str, Person], log: WrittenLog, secret: str) -> None:
        self.app, self.people, self.log, self.secret, self.dice = app, people, log, secret, random.Random(SEED)
        self.counts, self.broken, self.posted = Counter[str](), dict[tuple[str, str], str](), set[str]()
        for person in people.values():
            person.sign_in()
            person.look_round()
        self.pages = [(login, page) for login, person in people.items() for page in person.pages]
        self.forms = [form for person in people.values() for form in person.forms.values()]
        self.counts |= Counter(pages=len(self.pages), forms=len(self.forms), fields=sum(len(form.pairs) for form in self.forms))

    def run(self, seconds: float) -> None:
        """Every field with every value as far as time allows, in random order; each third time a page with a query, path or header."""
        self._events()
        every: list[tuple[SeenForm, str, object]] = [
            (form, name, value) for form in self.forms for name, _ in form.pairs for value in (*VALUES, None, VALUES[:3])
        ]
        every += [(form, "", body) for form in self.forms for body in BODIES]
        self.dice.shuffle(every)
        give_up, done = time.monotonic() + seconds, 0
        for form, name, value in every:
            if time.monotonic() > give_up:
                break
            if done % 500 == 0:
                self._look_after_people(done, len(every))
            self._post(form, name, value) if name else self._body(form, *value)
            self._get() if done % 3 == 0 else None
            done += 1
        self.counts["cases"] = done

    def unposted(self) -> set[str]:
        """Views that take posts and got none: what the fuzzer did not reach."""
        views = {rule.endpoint for rule in self.app.url_map.iter_rules() if "POST" in rule.methods}
        return {view for view in views if not view.startswith("demo")} - self.posted

    def _look_after_people(self, done: int, of: int) -> None:
        CountedTry.delete().execute()
        for person in self.people.values():
            person.is_in() or person.sign_in()
        print(f"{done} of {of} cases, {len(self.broken)} broken", flush=True)

    def _events(self) -> None:
        for company in ("card", "wallet", "\U0010ffff"):
            for body in EVENTS:
                for headers in (signed_headers(self.secret, body, company), {}):
                    self._send(self.people[""], "POST", f"/notices/{company}", f"event {body[:60]!r}", data=body, headers=headers)

    def _post(self, form: SeenForm, name: str, value: object) -> None:
        pairs = [("csrf_token", self.people[form.who].token), *(pair for pair in form.pairs if pair[0] != name)]
        pairs += [(name, each) for each in value] if isinstance(value, tuple) else [] if value is None else [(name, str(value))]
        encoded = urlencode(pairs, errors="surrogatepass").encode()
        self._send(
            self.people[form.who], "POST", form.action, f"{name}={value!r:.60}", data=encoded, content_type=FORM, headers=self._htmx()
        )

    def _body(self, form: SeenForm, body: bytes, kind: str) -> None:
        self._send(self.people[form.who], "POST", form.action, f"body {body[:30]!r} {kind[:40]}", data=body, content_type=kind)

    def _get(self) -> None:
        login, page = self.dice.choice(self.pages)
        person, value, path = self.people[login], self.dice.choice(VALUES), page.partition("?")[0]
        match self.dice.randrange(3):
            case 0:
                query = urlencode({self.dice.choice(QUERIES): value}, errors="surrogatepass")
                self._send(person, "GET", f"{path}?{query}", f"query {query[:60]}", headers=self._htmx())
            case 1:
                parts = path.split("/")
                parts[self.dice.randrange(len(parts))] = quote(value[:200], errors="surrogatepass")
                self._send(person, "GET", "/" + "/".join(parts).lstrip("/"), f"path {value!r:.60}")
            case _:
                name, said = self.dice.choice(HEADERS), self.dice.choice(HEADER_VALUES)
                method = self.dice.choice(("GET", "POST", "HEAD", "OPTIONS", "PUT", "TRACE"))
                self._send(person, method, page, f"{name}: {said!r:.60}", headers={name: said})

    def _htmx(self) -> dict[str, str]:
        return {"HX-Request": "true"} if self.dice.random() < 0.3 else {}

    def _send(self, person: Person, method: str, address: str, what: str, **options: object) -> None:
        self.log.clear()
        try:
            answer = person.ask(method, address, **options)
            faults = [*_faults(answer), *(["a traceback in the log"] if "Traceback" in self.log.text else [])]
            self.counts[str(answer.status_code)] += 1
            self._note_view(method, address)
        except Exception as error:  # what the program raised past its own error pages
            faults = [] if what.startswith(OF_THE_SERVER) else [f"{type(error).__name__}: {error!s:.200}"]
        for fault in faults:
            key = re.sub(r"\d{4,}", "N", urlsplit(address).path)[:80], fault + self.log.text[-300:]
            self.broken.setdefault(key, f"{person.login}: {method} {address[:150]} with {what}: {fault}\n{self.log.text[-1500:]}")
        if "event=not_signed_in" in self.log.text and not what.startswith("Cookie") and self.counts["signed in again"] < MOST_SIGN_INS:
            self.counts["signed in again"] += 1
            person.sign_in()

    def _note_view(self, method: str, address: str) -> None:
        with suppress(HTTPException, ValueError):
            self.posted.add(self.app.url_map.bind("x").match(urlsplit(address).path, method)[0])


def _faults(answer: object) -> list[str]:
    host = urlsplit(answer.headers.get("Location", "")).netloc
    found = [f"status {answer.status_code}"] if answer.status_code >= 500 and answer.status_code != 503 else []
    found += [f"leads to {host}"] if host and not host.startswith("127.0.0.1") else []
    found += ["a header of the attacker's"] if "x=1" in answer.headers.get_all("Set-Cookie") else []
    return found + [f"markup {echo}" for echo in ECHOES if echo in answer.data]


@pytest.mark.store
def test_nothing_that_is_typed_breaks_a_page(app: Flask, settings: Settings, books: Books, database: str) -> None:
    warnings.simplefilter("ignore")
    app.add_url_rule("/breaks", view_func=public(lambda: int("x")), endpoint="demo_breaks")
    begin_anew(app, PERSONAS)
    clerk = a_clerk()
    app.testing = False
    people = {login: Person(app, settings.public_url, login) for login in ("", *(persona.login for persona in PERSONAS))}
    people["staff"] = Person(app, settings.public_url, "staff", clerk)
    with written_log(as_json=False) as log:
        fuzzer = Fuzzer(app, people, log, settings.notice_secret)
        fuzzer._send(people["staff"], "GET", "/breaks", "a planted mistake")
        assert fuzzer.broken
        fuzzer.broken.clear()
        fuzzer.run(SECONDS)
    store.ensure_connection()
    print(f"\n{database.partition(':')[0]}: {dict(fuzzer.counts)}\nnever posted to: {sorted(fuzzer.unposted())}")
    assert not fuzzer.broken, f"{len(fuzzer.broken)} faults\n\n" + "\n\n".join(fuzzer.broken.values())
    assert ledger(books).faults(is_quiet=False) == []


def main() -> int:
    return as_test.run(__file__)


if __name__ == "__main__":
    sys.exit(main())
