"""What waits is read in one index alone, also by SQLite, which keeps no statistics: it took another one and then read every order itself.

SQLite expects that of an index only if it has each column that the query names, those of the index's own condition too.
"""

from portal.store.migrations import execute

INDEXES = """
CREATE INDEX order_awaited ON "order"(due_on, id, total_yen, placed_at, account_id, number, former_name_key, state, method)
    WHERE state = 'placed' AND method = 'bank';
DROP INDEX order_awaited_searched;
DROP INDEX order_placed
"""


def up(migrator, db):
    execute(db, INDEXES)
