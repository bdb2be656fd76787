"""The wallets of the sandbox wallet company, all published, and their shared password."""

import hashlib
import hmac
import sqlite3
from dataclasses import dataclass

PASSWORD = "osaipo-pass"


@dataclass(frozen=True)
class Wallet:
    """`is_silent`: points are debited, but neither the response nor a webhook says so."""

    wallet_id: str
    points: int
    is_silent: bool = False


WALLETS = {
    wallet.wallet_id: wallet
    for wallet in (Wallet("osaipo-demo", 50_000), Wallet("osaipo-empty", 0), Wallet("osaipo-slow", 50_000, is_silent=True))
}


def open_wallets(connection: sqlite3.Connection, at: str) -> None:
    """Put the first points into each wallet, once."""
    rows = [(wallet.wallet_id, "opening", wallet.points, at) for wallet in WALLETS.values() if wallet.points]
    connection.executemany("INSERT OR IGNORE INTO wallet_entry (wallet_id, key, yen, at) VALUES (?, ?, ?, ?)", rows)


def is_right(wallet_id: str, password: str) -> bool:
    """Constant time: an unknown wallet takes as long as a wrong password."""
    digests = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in (password, PASSWORD)]
    return hmac.compare_digest(*digests) & (wallet_id in WALLETS)
