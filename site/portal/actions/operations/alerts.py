"""One mail a day to the company for each kind of trouble that stands."""

from collections.abc import Iterator

from portal import clock
from portal.actions.mail import outbox
from portal.actions.operations.health import standing_troubles
from portal.enums import MailKind
from portal.rules.operations.health import Trouble
from portal.store.database import database


def alert(address: str) -> Iterator[Trouble]:
    """Yields the troubles of which a mail was written. If mail itself is the trouble it waits with the others; 要確認 says so at once."""
    for trouble in standing_troubles():
        about = {"sentence": trouble.sentence, "since": trouble.since, "at": clock.now()}
        with database.atomic():
            is_new = outbox.queue(MailKind.SYSTEM_TROUBLE, f"trouble {trouble.kind.value} {clock.today()}", None, to=address, **about)
        if is_new:
            yield trouble
