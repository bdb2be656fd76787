"""One log line for each security event and for each refused request, and the facts of the current request for every line.

A line carries ids, keyed hashes, networks and the pattern of the address (`/orders/<number>`), never what somebody typed.
"""

import logging
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum, auto

log = logging.getLogger("portal.security")
access_log = logging.getLogger("portal.access")
NO_REQUEST = "-"
UNKNOWN_ADDRESS = "(unknown)"
SHOWN_OF_A_HASH = 16
IS_HASH = re.compile(r"[0-9a-f]{32,}")


class SecurityEvent(StrEnum):
    """What a line is about. The first group is no refusal."""

    SIGNED_IN = auto()
    PASSWORD_RIGHT = auto()  # of staff: the second factor follows
    SIGNED_OUT = auto()
    PASSWORD_CHANGED = auto()
    ADDRESS_CHANGED = auto()
    TROUBLE_OF_OURS = auto()

    WRONG_PASSWORD = auto()
    WRONG_CODE = auto()
    TOO_MANY = auto()
    CLOSED_ACCOUNT = auto()
    NOT_SIGNED_IN = auto()
    FORGED = auto()
    OTHER_SITE = auto()
    BAD_WEBHOOK = auto()
    BAD_REQUEST = auto()
    FORBIDDEN = auto()
    NOT_FOUND = auto()
    BAD_METHOD = auto()
    TOO_LARGE = auto()
    TOO_SLOW = auto()
    WRONG_HOST = auto()
    INVALID_INPUT = auto()
    COMPANY_AWAY = auto()
    REFUSED = auto()


USUAL = {
    SecurityEvent.SIGNED_IN,
    SecurityEvent.PASSWORD_RIGHT,
    SecurityEvent.SIGNED_OUT,
    SecurityEvent.PASSWORD_CHANGED,
    SecurityEvent.ADDRESS_CHANGED,
    SecurityEvent.NOT_SIGNED_IN,
    SecurityEvent.NOT_FOUND,
    SecurityEvent.INVALID_INPUT,
}


@dataclass
class Request:
    """`id`: customers quote it (受付番号). `path`: the pattern of the address. `person`: `account:12`, `staff:3`."""

    id: str = NO_REQUEST
    method: str = ""
    network: str = ""
    path: str = UNKNOWN_ADDRESS
    person: str = ""
    events: list[SecurityEvent] = field(default_factory=list)

    @property
    def facts(self) -> dict[str, str]:
        known = {"person": self.person, "method": self.method, "path": self.path, "network": self.network, "request": self.id}
        return {name: value for name, value in known.items() if value}


@dataclass
class Answered:
    """An answer: its status, the bytes of its body (`-` if it is made while it is sent), and the seconds until it was made."""

    status: int = 0
    size: str = "-"
    seconds: float = 0.0


_request: ContextVar[Request | None] = ContextVar("request", default=None)


@contextmanager
def request_begins(method: str, network: str) -> Iterator[Request]:
    """Every line that is logged inside carries the request's number."""
    request = Request(secrets.token_hex(4), method if method.isascii() and method.isalpha() else "?", network)
    token = _request.set(request)
    try:
        yield request
    finally:
        _request.reset(token)


def current_request() -> Request:
    """The facts of this request. Outside requests: empty ones, which nobody keeps."""
    return _request.get() or Request()


def named(person: object) -> str:
    """An Account or a Staff by its kind and id: `account:12`. Nothing for None."""
    return "" if person is None else f"{type(person).__name__.lower()}:{person.id}"


def note(event: SecurityEvent, *, person: object = None, typed_hash: str = "") -> None:
    """Log one line. `person`: whom it is about, if it is not who is signed in. `typed_hash`: the keyed hash of a login that was typed."""
    request = current_request()
    request.events.append(event)
    facts = {"event": event.value} | request.facts
    if person:
        facts["person"] = named(person)
    if IS_HASH.fullmatch(typed_hash):
        facts["typed"] = typed_hash[:SHOWN_OF_A_HASH]
    write(log, logging.INFO if event in USUAL else logging.WARNING, facts)


def write(log: logging.Logger, level: int, facts: dict[str, object]) -> None:
    """One line of facts: as `name=value` in text, as members of the object in JSON."""
    log.log(level, " ".join(f"{name}={value}" for name, value in facts.items() if name != "request"), extra={"facts": facts})
