"""Wallet sign-in with limits on guessing that do not lock out the owner.

Wrong passwords are counted per wallet and address, per address, and per wallet over all addresses. The last count does not apply to an
address that has signed in to the wallet before. Refused attempts are not counted, so waiting always helps. Uses the real clock.
"""

import hashlib
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from portal.sandbox.books import Books, real_now, stored
from portal.sandbox.books.opening import is_right

PAUSE = timedelta(minutes=15)
KNOWN_FOR = timedelta(days=90)
TRIES_PER_WALLET_AND_ADDRESS = 10
TRIES_PER_ADDRESS = 50
TRIES_PER_WALLET = 100
SAME = "wallet_hash = :wallet AND address = :address"


class Attempt(Enum):
    RIGHT = "right"
    WRONG = "wrong"


@dataclass(frozen=True)
class TooMany:
    """Too many wrong passwords. Try again in `minutes`."""

    minutes: int


def sign_in(books: Books, wallet_id: str, password: str, address: str) -> Attempt | TooMany:
    """One transaction, so parallel requests cannot pass the limits. An unknown wallet gets the same result as a wrong password."""
    with books.write() as connection:
        now = real_now()
        too_old = (stored(now - KNOWN_FOR), stored(now - PAUSE))
        connection.execute("DELETE FROM wallet_try WHERE at < ? OR (at < ? AND NOT is_right)", too_old)
        who = {"wallet": hashlib.sha256(wallet_id.encode("utf-8", "surrogatepass")).hexdigest(), "address": address[:64]}
        listened_at = max(_limits(connection, who), default=now)
        if listened_at > now:
            return TooMany(-(-(listened_at - now) // timedelta(minutes=1)))
        is_good = is_right(wallet_id, password)
        _note(connection, who, is_good, now)
        return Attempt.RIGHT if is_good else Attempt.WRONG


def _limits(connection: sqlite3.Connection, who: dict[str, str]) -> list[datetime]:
    """For each limit that is reached: when the next attempt is allowed."""
    limits = [(SAME, TRIES_PER_WALLET_AND_ADDRESS), ("address = :address", TRIES_PER_ADDRESS)]
    if not connection.execute(f"SELECT 1 FROM wallet_try WHERE {SAME} AND is_right", who).fetchone():  # noqa: S608
        limits.append(("wallet_hash = :wallet", TRIES_PER_WALLET))
    found = []
    for whose, tries in limits:
        query = f"SELECT at FROM wallet_try WHERE {whose} AND NOT is_right ORDER BY at DESC LIMIT 1 OFFSET {tries - 1}"  # noqa: S608
        row = connection.execute(query, who).fetchone()
        if row:
            found.append(datetime.fromisoformat(row["at"]) + PAUSE)
    return found


def _note(connection: sqlite3.Connection, who: dict[str, str], is_good: bool, now: datetime) -> None:
    """A right password clears the address's wrong ones and marks the address as known for this wallet."""
    if is_good:
        connection.execute(f"DELETE FROM wallet_try WHERE {SAME}", who)  # noqa: S608
    values = who | {"is_right": is_good, "at": stored(now)}
    connection.execute("INSERT INTO wallet_try (wallet_hash, address, is_right, at) VALUES (:wallet, :address, :is_right, :at)", values)
