"""Records why automatic charges were not made: one row of the history per change, not per pass. Called with the account locked."""

from collections.abc import Iterable
from datetime import date

from models import Account
from portal.actions import history
from portal.catalog import Catalog
from portal.rules.renewals.charge_skips import Skipped, why_not_charged
from portal.rules.renewals.renewal_group import renewal_group
from portal.rules.renewals.scheduled_event import EventKind, ScheduledEvent
from portal.rules.renewals.snapshot import Snapshot

CHARGES = (EventKind.CHARGE, EventKind.RETRY)


def record(account: Account, ends_on: date, found: Skipped, actor: str = history.WORKER) -> bool:
    """False if this was recorded last for this end."""
    entity = entity_of(account, ends_on)
    last = history.newest(entity)
    if last and (last.to_state, last.reason) == (found.skip, found.reason):
        return False
    history.record("auto", entity.partition(" ")[2], last and last.to_state, found.skip, actor, found.reason, account=account)
    return True


def record_without_days(account: Account, snapshot: Snapshot, upcoming: Iterable[ScheduledEvent], today: date, catalog: Catalog) -> None:
    """For ends that were to renew automatically and have no charge in the timeline any more."""
    if snapshot.renewal_method is None:
        return
    charged = {found.ends_on for found in upcoming if found.kind in CHARGES}
    renewing = {entitlement.ends_on for entitlement in snapshot.entitlements if entitlement.renews}
    for ends_on in sorted(renewing - charged):
        found = why_not_charged(snapshot, renewal_group(snapshot, ends_on, today, catalog), today)
        if found:
            record(account, ends_on, found)


def entity_of(account: Account, ends_on: date) -> str:
    return f"auto {account.login} {ends_on}"
