"""What the visits to both companies have in common: whose they are, and the one-time code with which the customer returns."""

import hashlib
import hmac
import sqlite3
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class BoundVisit:
    """`shop` and `customer`: for whom it was begun, as the pages say."""

    token: str
    return_url: str
    state: str
    code: str
    shop: str
    customer: str
    browser_hash: str | None
    code_hash: str | None

    @property
    def is_over(self) -> bool:
        return self.state in ("done", "failed")

    def may_go_on_in(self, browser: str) -> bool:
        """False if something was typed in another browser."""
        return self.browser_hash is None or hmac.compare_digest(self.browser_hash, hashed(browser))

    def is_proved_by(self, code: str) -> bool:
        return self.state == "done" and self.code_hash is not None and hmac.compare_digest(self.code_hash, hashed(code))

    def way_back(self, browser: str) -> str:
        """The return address: with the code, if this browser has finished the visit."""
        code = return_code(self.token, browser)
        if not self.is_proved_by(code):
            return self.return_url
        return f"{self.return_url}{'&' if '?' in self.return_url else '?'}code={code}"


def bound(row: sqlite3.Row) -> dict[str, Any]:
    """The values of a BoundVisit that are columns."""
    columns = {name: row[name] for name in ("token", "return_url", "browser_hash", "code_hash")}
    return columns | {"shop": row["shop"] or "", "customer": row["customer"] or ""}


def return_code(token: str, browser: str) -> str:
    """The visit's code for this browser: the same at a second press. Nobody can derive it without the browser's cookie."""
    return hashed(f"code of {token} in {browser}")


def hashed(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
