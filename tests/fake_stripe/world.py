"""What the pretend Stripe knows: objects by their id, kept keys of requests, and what goes wrong on the line."""

import copy
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.fake_stripe.line import Line, Refusal

Thing = dict[str, Any]
REMEMBERED = ("things", "kept", "events", "silent", "asked", "loses", "refuses", "troubles", "offset_seconds")


@dataclass
class World(Line):
    """`silent`: the PaymentIntents of which no confirmation is ever answered."""

    url: str = ""
    things: dict[str, Thing] = field(default_factory=dict)
    kept: dict[str, tuple[str, int, Thing]] = field(default_factory=dict)
    events: list[Thing] = field(default_factory=list)
    silent: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)
    offset_seconds: int = 0

    def now(self) -> int:
        return int(time.time()) + self.offset_seconds

    def make(self, kind: str, prefix: str, **about: Any) -> Thing:
        thing = {"id": f"{prefix}_{secrets.token_hex(12)}", "object": kind, "created": self.now(), "livemode": False} | about
        self.things[thing["id"]] = thing
        return thing

    def get(self, key: str, kind: str, param: str) -> Thing:
        thing = self.things.get(key)
        if thing is None or thing["object"] != kind or thing.get("deleted"):
            raise Refusal(400 if param != "id" else 404, "invalid_request_error", "resource_missing", param=param)
        return thing

    def all_of(self, kind: str, **about: Any) -> list[Thing]:
        return [
            thing for thing in self.things.values() if thing["object"] == kind and all(thing.get(name) == it for name, it in about.items())
        ]

    def change(self, key: str, **values: Any) -> None:
        """What happens at Stripe or at a bank, without anybody asking the API for it."""
        with self.lock:
            self.things[key] |= values

    def set(self, **fields: Any) -> None:
        with self.lock:
            vars(self).update(fields)

    def tell(self, kind: str, thing: Thing) -> None:
        event = {"id": f"evt_{secrets.token_hex(12)}", "object": "event", "type": kind, "created": self.now(), "livemode": False}
        self.events.append(event | {"data": {"object": dict(thing)}})

    def clear(self) -> None:
        with self.lock:
            for kept in (self.things, self.kept, self.events, self.silent, self.asked, self.loses, self.refuses, self.troubles):
                kept.clear()

    @contextmanager
    def apart(self) -> Iterator[None]:
        """What happens meanwhile has not happened afterwards."""
        with self.lock:
            before = copy.deepcopy({name: vars(self)[name] for name in REMEMBERED})
        yield
        self.set(**before)

    def forget_keys(self) -> None:
        """A day later: what was kept under a request's idempotency key is no longer known."""
        self.kept.clear()
