"""When the worker last worked, and an index for mails that did not arrive."""

from portal.store.migrations import execute

HEARTBEAT = """
CREATE TABLE heartbeat (
    name VARCHAR(16) NOT NULL PRIMARY KEY, at {instant} NOT NULL, expected_by {instant} NOT NULL, trouble VARCHAR(64) NOT NULL);
CREATE INDEX mail_unsent ON mail(created_at) WHERE state IN ('waiting', 'sending');
CREATE INDEX hosting_event_unsent ON hosting_event(created_at) WHERE state <> 'sent'
"""


def up(migrator, db):
    execute(db, HEARTBEAT)
