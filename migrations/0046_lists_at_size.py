"""Indexes for a day of staff with the yen that it adds up, and for the job of abandoned orders, which read every order that waits."""

from portal.store.migrations import execute

INDEXES = """
CREATE INDEX order_with_company_placed ON "order"(placed_at, id) WHERE state = 'placed' AND method <> 'bank';
DROP INDEX order_with_company;
CREATE INDEX order_newest_with_yen ON "order"(placed_at DESC, id DESC, total_yen) WHERE state <> 'draft';
DROP INDEX order_newest;
CREATE INDEX deposit_newest_with_yen ON deposit(booked_on DESC, id DESC, yen);
DROP INDEX deposit_newest;
CREATE INDEX event_by_staff ON event(at, id) WHERE substr(actor, 1, 6) = 'staff '
"""


def up(migrator, db):
    execute(db, INDEXES)
