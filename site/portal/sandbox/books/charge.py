"""A charge or debit as stored: the money requested under a key, and the result."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Charge:
    """`yen` requested; 0 for a key that was closed before use."""

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
