"""A customer's visit to a company's pages, from its address to its end.

The random token opens it. From the first thing that is typed, it belongs to that browser, and only that one returns with the one-time code
that the portal needs: whoever has passed the address on gets nothing.
"""

import secrets
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.sandbox.books import Books, real_now, stored
from portal.sandbox.books.visit import hashed, return_code

OPEN_FOR = timedelta(hours=1)


@dataclass(frozen=True)
class Visits:
    """`table`: one company's visits. `live`: the states with something left to do, the first state first."""

    table: str
    live: tuple[str, ...]

    def open(self, books: Books, reference: str, return_url: str, shop: str, customer: str) -> sqlite3.Row:
        """The last visit of this reference with the new return address (two tabs), or a new visit if it failed."""
        with books.write() as connection:
            last = self.newest(connection, reference)
            if last is None or self.state_of(last)[0] == "failed":
                self.end_late(connection, reference)
                self.add(connection, reference, return_url, shop, customer)
            else:
                connection.execute(f"UPDATE {self.table} SET return_url = ? WHERE id = ?", (return_url, last["id"]))  # noqa: S608
            return self.newest(connection, reference)

    def add(self, connection: sqlite3.Connection, reference: str, return_url: str, shop: str = "", customer: str = "") -> str:
        token = secrets.token_urlsafe(24)
        new = (token, reference, return_url, self.live[0], stored(real_now()))
        columns = "token, reference, return_url, state, opened_at"
        connection.execute(f"INSERT INTO {self.table} ({columns}) VALUES (?, ?, ?, ?, ?)", new)  # noqa: S608
        connection.execute("INSERT INTO visit_binding (token, shop, customer) VALUES (?, ?, ?)", (token, shop, customer))
        return token

    def newest(self, connection: sqlite3.Connection, reference: str) -> sqlite3.Row | None:
        return connection.execute(f"{self._select} WHERE reference = ? ORDER BY id DESC LIMIT 1", (reference,)).fetchone()

    def find(self, connection: sqlite3.Connection, token: str) -> sqlite3.Row | None:
        return connection.execute(f"{self._select} WHERE token = ?", (token,)).fetchone()

    def keep_to(self, connection: sqlite3.Connection, token: str, browser: str) -> bool:
        """From now on the visit belongs to this browser. False if it belongs to another."""
        change = "UPDATE visit_binding SET browser_hash = ? WHERE token = ? AND (browser_hash IS NULL OR browser_hash = ?)"
        return connection.execute(change, (hashed(browser), token, hashed(browser))).rowcount == 1

    def finish(self, connection: sqlite3.Connection, token: str, browser: str) -> None:
        """Draw the one-time code. The books keep only its hash."""
        code = return_code(token, browser)
        connection.execute("UPDATE visit_binding SET code_hash = ? WHERE token = ?", (hashed(code), token))

    def fail(self, connection: sqlite3.Connection, token: str, code: str) -> None:
        change = f"UPDATE {self.table} SET state = 'failed', code = ? WHERE token = ? AND {self._is_live}"  # noqa: S608
        connection.execute(change, (code, token))

    def end_late(self, connection: sqlite3.Connection, reference: str) -> None:
        change = f"UPDATE {self.table} SET state = 'failed', code = 'expired' WHERE reference = ? AND {self._is_live}"  # noqa: S608
        connection.execute(change, (reference,))

    def end_all(self, connection: sqlite3.Connection, reference: str) -> None:
        """Also finished visits: their result cannot be fetched any more."""
        change = f"UPDATE {self.table} SET state = 'failed', code = 'expired' WHERE reference = ? AND state != 'failed'"  # noqa: S608
        connection.execute(change, (reference,))

    def state_of(self, row: sqlite3.Row) -> tuple[str, str]:
        """State and code. A visit left open too long counts as expired."""
        is_late = row["state"] in self.live and datetime.fromisoformat(row["opened_at"]) < real_now() - OPEN_FOR
        return ("failed", "expired") if is_late else (row["state"], row["code"])

    @property
    def _select(self) -> str:
        """Visits from before there were bindings have none: they can only be begun again."""
        return f"SELECT * FROM {self.table} LEFT JOIN visit_binding USING (token)"  # noqa: S608

    @property
    def _is_live(self) -> str:
        return f"state IN ({', '.join(repr(state) for state in self.live)})"
