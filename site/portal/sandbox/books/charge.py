"""One entry of the books: money that was asked for under a key, and what came of it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Charge:
    """`yen` asked for; 0 for a key that was closed before it was used."""

    key: str
    yen: int
    state: str
    at: datetime
    reference: str
    token: str | None
    code: str
    is_retryable: bool
    is_silent: bool

    def is_for(self, token: str, yen: int) -> bool:
        return self.code == "closed" or (self.token, self.yen) == (token, yen)
