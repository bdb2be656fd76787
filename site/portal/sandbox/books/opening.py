"""The wallets that the pretend wallet company has, all of them published, and their one password."""

import hashlib
import hmac
import sqlite3
from dataclasses import dataclass

PASSWORD = "osaipo-pass"


@dataclass(frozen=True)
class Wallet:
    """`is_silent`: points are taken, but neither an answer nor a notice ever tells of it."""

    wallet_id: str
    points: int
    is_silent: bool = False


WALLETS = {
    wallet.wallet_id: wallet
    for wallet in (Wallet("osaipo-demo", 50_000), Wallet("osaipo-empty", 0), Wallet("osaipo-slow", 50_000, is_silent=True))
}


def open_wallets(connection: sqlite3.Connection, at: str) -> None:
    """Puts the first points into each wallet, once."""
    rows = [(wallet.wallet_id, "opening", wallet.points, at) for wallet in WALLETS.values() if wallet.points]
    connection.executemany("INSERT OR IGNORE INTO wallet_entry (wallet_id, key, yen, at) VALUES (?, ?, ?, ?)", rows)


def is_right(wallet_id: str, password: str) -> bool:
    """Takes as long for a wallet that does not exist as for a wrong password."""
    digests = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in (password, PASSWORD)]
    return hmac.compare_digest(*digests) & (wallet_id in WALLETS)
