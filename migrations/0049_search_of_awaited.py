"""The index of orders that wait for money has all that the search of 入金待ち asks of an order, which read 10,000 of them one by one.

Corrections of the bank and lines that are no customer's have an index by day: a day of staff read all its lines for them.
"""

from portal.store.migrations import execute

INDEXES = """
CREATE INDEX order_awaited_searched ON "order"(due_on, id, total_yen, placed_at, account_id, number, former_name_key)
    WHERE state = 'placed' AND method = 'bank';
DROP INDEX order_awaited_placed;
CREATE INDEX bank_line_left_out ON bank_line(booked_on) WHERE ignored_reason IS NOT NULL;
CREATE INDEX bank_line_correction ON bank_line(booked_on) WHERE kind = 'correction'
"""


def up(migrator, db):
    execute(db, INDEXES)
