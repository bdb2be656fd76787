"""What the pretend Stripe knows: objects by their id, kept keys of requests, and what goes wrong on the line."""

import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import Any

Thing = dict[str, Any]


class Refusal(Exception):
    """An error of the API: its status and its `error` object."""

    def __init__(self, status: int, kind: str, code: str = "", **about: Any) -> None:
        super().__init__(code)
        self.status = status
        self.body = {"error": {"type": kind, "code": code, "message": f"{kind} {code}"} | about}


@dataclass
class World:
    """`loses`: so many answers to these paths are lost after the work was done. `refuses`: so many requests get this status at once."""

    url: str = ""
    things: dict[str, Thing] = field(default_factory=dict)
    kept: dict[str, tuple[str, int, Thing]] = field(default_factory=dict)
    events: list[Thing] = field(default_factory=list)
    loses: dict[str, int] = field(default_factory=dict)
    refuses: list[int] = field(default_factory=list)
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

    def tell(self, kind: str, thing: Thing) -> None:
        event = {"id": f"evt_{secrets.token_hex(12)}", "object": "event", "type": kind, "created": self.now(), "livemode": False}
        self.events.append(event | {"data": {"object": dict(thing)}})

    def forget_keys(self) -> None:
        """A day later: what was kept under a request's idempotency key is no longer known."""
        self.kept.clear()
