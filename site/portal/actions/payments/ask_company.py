"""Sends a request to a payment company."""

import logging
from collections.abc import Callable

from portal.gateways.card import Unknown
from portal.store.database import database

log = logging.getLogger(__name__)


def ask(request: Callable[[], object]) -> object:
    """The company's answer; Unknown if the request failed, because it may have arrived. A failure is never a decline.

    Raises RuntimeError inside a database transaction.
    """
    if database.transaction_depth():
        raise RuntimeError("a company must not be asked inside a transaction")
    try:
        return request()
    except Exception:
        log.exception("no answer from the company")
        return Unknown()
