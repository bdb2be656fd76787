"""What goes wrong on the line to the pretend Stripe, request by request."""

import re
import threading
from dataclasses import dataclass, field
from typing import Any

ALWAYS = 10**9
KINDS = {429: "invalid_request_error", 401: "invalid_request_error"}


class Refusal(Exception):
    """An error of the API: its status and its `error` object."""

    def __init__(self, status: int, kind: str, code: str = "", **about: Any) -> None:
        super().__init__(code)
        self.status = status
        self.body = {"error": {"type": kind, "code": code, "message": f"{kind} {code}"} | about}


@dataclass
class Trouble:
    """`how`: "dropped" before Stripe does anything, "lost" after it did, or the status of an error that it answers without doing anything.

    `path`: a pattern over `POST /v1/...`. `times`: how many requests of it.
    """

    path: str
    how: str | int
    times: int = ALWAYS

    def hits(self, asked: str, *hows: type | str) -> bool:
        if not self.times or not re.search(self.path, asked) or not (self.how in hows or type(self.how) in hows):
            return False
        self.times -= 1
        return True


@dataclass
class Hold:
    """Stops one request: at Stripe's door, or when the work is done and the answer not yet sent. The test says when it goes on."""

    path: str
    is_done: bool
    reached: threading.Event = field(default_factory=threading.Event)
    goes_on: threading.Event = field(default_factory=threading.Event)

    def at(self, asked: str, *, is_done: bool) -> None:
        if self.is_done == is_done and not self.reached.is_set() and re.search(self.path, asked):
            self.reached.set()
            self.goes_on.wait(60)


@dataclass
class Line:
    """`loses`: so many answers to these paths are lost after the work was done. `refuses`: so many requests get this status at once."""

    loses: dict[str, int] = field(default_factory=dict)
    refuses: list[int] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)

    def arrives(self, asked: str) -> None:
        """Raises Refusal for an answer of an error, ConnectionAbortedError for none."""
        for hold in self.holds:
            hold.at(asked, is_done=False)
        if self.refuses:
            raise Refusal(self.refuses.pop(0), "api_error", "made to fail")
        for trouble in self.troubles:
            if trouble.hits(asked, "dropped"):
                raise ConnectionAbortedError("the request never arrived")
            if trouble.hits(asked, int):
                raise Refusal(int(trouble.how), KINDS.get(int(trouble.how), "api_error"), "made to fail")

    def leaves(self, asked: str) -> None:
        """Raises ConnectionAbortedError if the answer is lost."""
        for hold in self.holds:
            hold.at(asked, is_done=True)
        for path, left in self.loses.items():
            if left and re.search(path, asked):
                self.loses[path] = left - 1
                raise ConnectionAbortedError("the answer is lost")
        if any(trouble.hits(asked, "lost") for trouble in self.troubles):
            raise ConnectionAbortedError("the answer is lost")
