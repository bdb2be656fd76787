"""Cards that pay nothing any more are found without reading those that pay renewals."""

from portal.store.migrations import execute

INDEXES = """
CREATE INDEX payment_method_left ON payment_method(created_at) WHERE state = 'ready'
"""


def up(migrator, db):
    execute(db, INDEXES)
