"""Several calls at the same moment."""

import threading
from collections.abc import Callable
from typing import Any

from portal.store import database as store

PATIENCE = 60


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Start every call at one moment, each in a thread of its own; what they returned, in order. The first failure is raised."""
    start = threading.Barrier(len(calls))
    results: list[Any] = [None] * len(calls)
    failures: list[Exception] = []

    def run(place: int, call: Callable[[], Any]) -> None:
        try:
            store.ensure_connection()
            start.wait(PATIENCE)
            results[place] = call()
        except Exception as failure:
            failures.append(failure)
        finally:
            store.close()

    threads = [threading.Thread(target=run, args=each, daemon=True) for each in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    if failures:
        raise failures[0]
    assert not any(thread.is_alive() for thread in threads), "somebody waits for ever"
    return results
