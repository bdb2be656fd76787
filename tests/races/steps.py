"""Stops a program at its n-th step: before and after every statement that is stored at once, every transaction and every question to a
company. A transaction is one step: what happens inside it has not happened until it is committed.
"""

import threading
from collections.abc import Callable
from typing import Any

from portal.store import database as store
from tests.companies import Wrapped

Act = Callable[[int, str], None]

WATCHED = ("begin", "execute_sql", "commit", "rollback")


class Steps:
    """`act(number, name)` is called at each step of the thread here; `dies_within`: also when all is written but not committed.

    `only_writes`: for a program that dies, the moment before a transaction is the moment after the last one, whatever it read between.
    """

    def __init__(self, act: Act, *, dies_within: bool = False, only_writes: bool = False) -> None:
        self._act = act
        self._left_out = ("before begin", "before rollback") if only_writes else ()
        self._within = ("before commit",) if dies_within else ()
        self._thread = threading.get_ident()
        self._is_within = False
        self.count = 0

    def __enter__(self) -> "Steps":
        db = store.database.obj
        for name in WATCHED:
            setattr(db, name, self._watched(getattr(db, name), name))
        return self

    def __exit__(self, *_: object) -> None:
        for name in WATCHED:
            delattr(store.database.obj, name)

    def watch(self, company: Any) -> "Watched":
        return Watched(company, self)

    def point(self, name: str) -> None:
        thread = threading.current_thread()
        if thread.ident != self._thread and not thread.name.startswith("company"):  # it waits while its charges are asked for
            return
        if name in ("after commit", "after rollback"):
            self._is_within = False
        is_reading = "SELECT" in name
        if name in self._within or not (self._is_within or is_reading or (self.count and name in self._left_out)):
            self.count += 1
            self._act(self.count, name)
        if name == "before begin":
            self._is_within = True

    def _watched(self, plain: Callable[..., Any], name: str) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            what = " ".join((name, *(str(argument)[:60] for argument in arguments[:1])))
            self.point(f"before {what}")
            result = plain(*arguments, **named)
            self.point(f"after {what}")
            return result

        return call


class Watched(Wrapped):
    def __init__(self, company: Any, steps: Steps) -> None:
        super().__init__(company)
        self._steps = steps

    def answer(self, name: str, *arguments: Any) -> Any:
        self._steps.point(f"before {name}")
        result = super().answer(name, *arguments)
        self._steps.point(f"after {name}")
        return result
