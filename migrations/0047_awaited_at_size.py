"""Indexes of orders that wait for money with all that a day of staff and the suggestions for a deposit ask of them: they are read alone."""

from portal.store.migrations import execute

INDEXES = """
CREATE INDEX order_awaited_placed ON "order"(due_on, id, total_yen, placed_at) WHERE state = 'placed' AND method = 'bank';
DROP INDEX order_awaited_yen;
CREATE INDEX order_may_be_paid_yen ON "order"(total_yen, id) WHERE state IN ('placed', 'expired');
DROP INDEX order_may_be_paid
"""


def up(migrator, db):
    execute(db, INDEXES)
