"""What could not be issued does not renew by itself; staff find it by an index of its own."""

from portal.store.migrations import execute

FAILED = """
CREATE INDEX certificate_failed ON certificate(id) WHERE state = 'failed';
UPDATE subscription SET renews = FALSE, switched_on = NULL
    WHERE renews AND id IN (SELECT subscription_id FROM certificate WHERE state = 'failed')
"""


def up(migrator, db):
    execute(db, FAILED)
