"""When an account was erased, and which old mails and messages of companies still have their text."""

from portal.store.migrations import execute

ERASED = """
ALTER TABLE account ADD COLUMN erased_at {instant};
CREATE INDEX mail_with_text ON mail(created_at) WHERE body <> '';
CREATE INDEX webhook_event_with_text ON webhook_event(received_at) WHERE body <> ''
"""


def up(migrator, db):
    execute(db, ERASED)
