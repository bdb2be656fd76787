"""Closed accounts, mails that have become untrue, and the history of one account."""

from portal.store.migrations import execute

COLUMNS = """
ALTER TABLE account ADD COLUMN closed_at {instant};
ALTER TABLE account ADD COLUMN reopened_at {instant};
ALTER TABLE mail ADD COLUMN untrue_since {instant};
CREATE INDEX event_account ON event(account_id, id);
CREATE INDEX mail_failed ON mail(id) WHERE state = 'failed'
"""


def up(migrator, db):
    execute(db, COLUMNS)
