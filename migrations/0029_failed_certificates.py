"""What could not be issued does not renew by itself; staff find it by an index of its own. A line keeps the common name that it is for."""

from portal.store.migrations import execute

FAILED = """
ALTER TABLE order_line ADD COLUMN common_name VARCHAR(255) NOT NULL DEFAULT '';
CREATE INDEX certificate_failed ON certificate(id) WHERE state = 'failed';
UPDATE subscription SET renews = FALSE, switched_on = NULL
    WHERE renews AND id IN (SELECT subscription_id FROM certificate WHERE state = 'failed')
"""


def up(migrator, db):
    execute(db, FAILED)
