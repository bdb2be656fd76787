"""Who is concerned by an edit of the catalog before it goes live. Reads one snapshot; changes nothing and holds nobody up."""

from collections.abc import Callable, Iterable, Iterator

from models import Account, Subscription
from portal import clock
from portal.actions.renewals.snapshot import snapshot_of
from portal.catalog import Catalog
from portal.rules.renewals.catalog_changes import Change, changes
from portal.store import database as store

AT_ONCE = 500
Watch = Callable[[Iterable[Account], int], Iterable[Account]]


def concerned(before: Catalog, after: Catalog, watch: Watch) -> Iterator[tuple[str, list[Change]]]:
    """The login and the changes of each account with a contract that the edit concerns. `watch`: shows how far it is."""
    with store.snapshot():
        has_contract = Account.id.in_(Subscription.select(Subscription.account).where(Subscription.ended_on.is_null()))
        total = Account.select().where(has_contract).count()
        for account in watch(_each(has_contract), total):
            if found := changes(snapshot_of(account, with_sent_notices=True), clock.today(), before, after):
                yield account.login, found


def _each(condition: object) -> Iterator[Account]:
    last = 0
    while batch := list(Account.select().where(condition, Account.id > last).order_by(Account.id).limit(AT_ONCE)):
        yield from batch
        last = batch[-1].id
