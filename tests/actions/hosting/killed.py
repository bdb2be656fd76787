"""A worker that is killed around the sending of an event.

`python -m tests.actions.hosting.killed DATABASE_URL URL SECRET HOW`

`after`: the event was received but is not marked as sent yet. `before` and `careless`: it was about to be sent.
"""

import os
import signal
import sys

from portal.gateways.hosting import WebhookHosting
from portal.store import database as store
from tests.actions.hosting import careless
from tests.passes import tell_hosting as send_due


class KilledBefore(WebhookHosting):
    def send(self, key: str, body: str) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


class KilledAfter(WebhookHosting):
    def send(self, key: str, body: str) -> None:
        super().send(key, body)
        os.kill(os.getpid(), signal.SIGKILL)


def main(database_url: str, url: str, secret: str, how: str) -> None:
    store.bind(database_url)
    store.ensure_connection()
    send = careless.mark_first if how == "careless" else send_due
    send((KilledAfter if how == "after" else KilledBefore)(url, secret))


if __name__ == "__main__":
    main(*sys.argv[1:])
