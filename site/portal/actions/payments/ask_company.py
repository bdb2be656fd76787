"""Sends requests to a payment company."""

import logging
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from portal.gateways.card import Unknown
from portal.store.database import database

log = logging.getLogger(__name__)
T = TypeVar("T")


def ask(request: Callable[[], object]) -> object:
    """The company's answer; Unknown if the request failed, because it may have arrived. A failure is never a decline.

    Raises RuntimeError inside a database transaction.
    """
    _refuse_in_transaction()
    try:
        return request()
    except Exception:
        log.exception("no answer from the company")
        return Unknown()


def ask_together(questions: Sequence[Callable[[], T]], at_once: int) -> list[T]:
    """The answers in the order of the questions, of which so many wait at the same time, each in a thread of its own.

    A question must not use the database: it has what it needs. Raises RuntimeError inside a database transaction.
    """
    _refuse_in_transaction()
    if at_once == 1 or len(questions) == 1:
        return [question() for question in questions]
    return list(_threads(at_once).map(lambda question: question(), questions))


@cache
def _threads(at_once: int) -> ThreadPoolExecutor:
    """They stay, because each keeps its connection to the company open."""
    return ThreadPoolExecutor(at_once, thread_name_prefix="company")


os.register_at_fork(after_in_child=_threads.cache_clear)  # threads do not follow into a forked process


def _refuse_in_transaction() -> None:
    if database.transaction_depth():
        raise RuntimeError("a company must not be asked inside a transaction")
