"""What may be said of the future in each state of the gallery, noted while its scene stands on its day: afterwards that world is gone."""

import json
import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Self

from flask import Flask

from models import Account, Order, Session
from portal import clock
from portal.demo.states.album import Album
from portal.demo.states.guest import Guest
from portal.web import sessions
from tests.forecast import crawler
from tests.forecast.foreseen import Foreseen, foreseen

NOTES = "foreseen.json"
OF_STAFF = re.compile(r"/staff/(?:accounts/(?P<login>[^/]+)|orders/(?P<number>\d+))")


@dataclass(frozen=True)
class Note:
    """What was foreseen for whom the page is about, on its day."""

    address: str
    today: date
    known: Foreseen

    def as_json(self) -> dict[str, Any]:
        days = {kind: sorted(map(str, days)) for kind, days in self.known.days.items()}
        return {
            "address": self.address,
            "today": str(self.today),
            "days": days,
            "yen": {str(on): [*yen] for on, yen in self.known.yen.items()},
        }

    @classmethod
    def of_json(cls, noted: dict[str, Any]) -> Self:
        known = Foreseen()
        for kind, days in noted["days"].items():
            known.days[kind] |= set(map(date.fromisoformat, days))
        for on, yen in noted["yen"].items():
            known.yen[date.fromisoformat(on)] |= set(yen)
        return cls(noted["address"], date.fromisoformat(noted["today"]), known)


@dataclass
class NotingAlbum(Album):
    notes: dict[str, Note] = field(default_factory=dict)
    _portal: Flask | None = None

    def watch(self, *apps: Flask) -> None:
        super().watch(*apps)
        self._portal = apps[0]

    def keep(self, state: str, guest: Guest) -> None:
        super().keep(state, guest)
        account = None if crawler.LEFT_OUT.match(guest.address) else _whom_it_is_about(guest)
        if account:
            today, catalog = clock.today(), self._portal.extensions["catalog"]
            known = foreseen(account, today, catalog)
            if crawler.OF_A_RESET.search(guest.address):
                known.add(foreseen(account, today, catalog, is_reset=True))
            self.notes[state] = Note(guest.address, today, known)

    def write(self, folder: Path) -> None:
        notes = {state: note.as_json() for state, note in self.notes.items()}
        (folder / NOTES).write_text(json.dumps(notes, ensure_ascii=False), "utf-8")


def notes_in(folder: Path) -> dict[str, Note]:
    return {state: Note.of_json(noted) for state, noted in json.loads((folder / NOTES).read_text("utf-8")).items()}


def _whom_it_is_about(guest: Guest) -> Account | None:
    """The customer who is signed in, or whose page of staff this is."""
    of_staff = OF_STAFF.match(guest.address)
    if of_staff and of_staff["number"]:
        return Order.get(Order.number == of_staff["number"]).account
    if of_staff:
        return Account.by_login(of_staff["login"])
    cookie = guest._client.get_cookie("session", domain="127.0.0.1")
    session = cookie and Session.get_or_none(Session.token_hash == sessions._hash(cookie.value))
    return session.account if session else None
