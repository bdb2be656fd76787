"""Staff's list of orders, the newest first, and its search by a yen amount or a former name: without these each page reads every order."""

from portal.store.migrations import execute

INDEXES = """
CREATE INDEX order_newest ON "order"(placed_at DESC, id DESC) WHERE state <> 'draft';
CREATE INDEX order_yen ON "order"(total_yen);
CREATE INDEX order_former_name ON "order"(former_name_key) WHERE former_name_key <> ''
"""


def up(migrator, db):
    execute(db, INDEXES)
