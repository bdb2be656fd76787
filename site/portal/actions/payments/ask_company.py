"""A question to a company that takes money."""

import logging
from collections.abc import Callable

from portal.gateways.card import Unknown
from portal.store.database import database

log = logging.getLogger(__name__)


def ask(question: Callable[[], object]) -> object:
    """Any failure after a request may have left is no answer, and never a refusal."""
    if database.transaction_depth():
        raise RuntimeError("a company must not be asked inside a transaction")
    try:
        return question()
    except Exception:
        log.exception("no answer from the company")
        return Unknown()
