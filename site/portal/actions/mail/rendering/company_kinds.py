"""Mails to the company itself."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class SystemTrouble:
    """Something is wrong with the system as a whole. `since`: the oldest thing that waits. Entity: `trouble KIND` and the day."""

    sentence: str
    at: datetime
    since: datetime | None = None
