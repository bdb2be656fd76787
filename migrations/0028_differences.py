"""Differences between a payment company's list and our books are told of for some days; the page of staff asks for them each time."""

from portal.store.migrations import execute


def up(migrator, db):
    execute(db, "CREATE INDEX event_differences ON event(at) WHERE to_state = 'difference'")
