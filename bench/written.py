"""What a run wrote first, statement by statement, to be written once more by nobody but the driver: the bare cost."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from portal.store import database as store

Statement = tuple[str, list[Any]]


@dataclass
class Written:
    """The writes of the first `most` contracts, each list ended by a commit."""

    most: int
    transactions: list[list[Statement]] = field(default_factory=list)
    contracts: int = 0
    _open: list[Statement] | None = None

    @contextmanager
    def watching(self) -> Iterator[None]:
        """A contract is over when its next day is written into the schedule, by one statement for several."""
        db = store.database.obj
        execute, begin, commit = db.execute_sql, db.begin, db.commit
        db.execute_sql, db.begin, db.commit = self._execute(execute), self._begin(begin), self._commit(commit)
        try:
            yield
        finally:
            for name in ("execute_sql", "begin", "commit"):
                delattr(db, name)

    def __str__(self) -> str:
        statements = sum(map(len, self.transactions))
        return f"{statements / self.contracts:.1f} statements in {len(self.transactions) / self.contracts:.1f} commits a contract"

    def again(self, connection: Any) -> float:
        """Contracts per second."""
        cursor = connection.cursor()
        started = time.perf_counter()
        for transaction in self.transactions:
            cursor.execute("BEGIN")
            for sql, params in transaction:
                cursor.execute(sql, params)
            cursor.execute("COMMIT")
        seconds = time.perf_counter() - started
        connection.close()
        return self.contracts / seconds

    def _execute(self, plain: Callable[..., Any]) -> Callable[..., Any]:
        def execute(sql: str, params: Any = None) -> Any:
            if sql.startswith(store.WRITING):
                self._keep((sql, list(params or ())))
            return plain(sql, params)

        return execute

    def _begin(self, plain: Callable[..., Any]) -> Callable[..., Any]:
        def begin(*arguments: Any) -> Any:
            self._open = []
            return plain(*arguments)

        return begin

    def _commit(self, plain: Callable[..., Any]) -> Callable[..., Any]:
        def commit() -> Any:
            result, kept, self._open = plain(), self._open, None
            if kept and self.contracts < self.most:
                self.transactions.append(kept)
                released = [params for sql, params in kept if "schedule" in sql and "due_on" in sql and "lease_until" in sql]
                self.contracts += sum(len(params) - 2 for params in released)  # one day and no lease, for these accounts
            return result

        return commit

    def _keep(self, statement: Statement) -> None:
        if self._open is not None:
            self._open.append(statement)
        elif self.contracts < self.most:
            self.transactions.append([statement])
