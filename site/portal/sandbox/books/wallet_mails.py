"""The mails of the wallet company to the owners of its wallets. The sandbox sends none: it keeps them, and its own pages show them."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from portal.sandbox.books import Books

LINKED = "{shop}（お客様：{customer}）が、このおさいぽ!からお支払いできるようになりました。お心当たりがないときは、お店にご連絡ください。"


@dataclass(frozen=True)
class WalletMail:
    address: str
    text: str
    at: datetime


def say_linked(connection: sqlite3.Connection, wallet_id: str, shop: str, customer: str, at: str) -> None:
    """In the transaction that links: no link without its mail."""
    values = (wallet_id, f"{wallet_id}@osaipo.example", LINKED.format(shop=shop, customer=customer), at)
    connection.execute("INSERT INTO wallet_mail (wallet_id, address, text, at) VALUES (?, ?, ?, ?)", values)


def newest_mails(books: Books, wallet_id: str, limit: int) -> list[WalletMail]:
    query = "SELECT address, text, at FROM wallet_mail WHERE wallet_id = ? ORDER BY id DESC LIMIT ?"
    rows = books.reader().execute(query, (wallet_id, limit))
    return [WalletMail(row["address"], row["text"], datetime.fromisoformat(row["at"])) for row in rows]
