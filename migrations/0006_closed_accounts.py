"""Closed accounts, and mails that have become untrue."""

from portal.store.migrations import execute

COLUMNS = """
ALTER TABLE account ADD COLUMN closed_at {instant};
ALTER TABLE account ADD COLUMN reopened_at {instant};
ALTER TABLE mail ADD COLUMN untrue_since {instant}
"""


def up(migrator, db):
    execute(db, COLUMNS)
