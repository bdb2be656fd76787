"""Orders that wait for a transfer say if something has come for them: what 10,000 of them miss was looked up for each, and few have a part.

The database writes it in the transaction that allocates, to the row of that order alone, which is locked then anyway. It stays when the
money goes: it says where to look, not how much there is. An order that waits again after it was paid or over gets it back.
"""

from portal.store.migrations import create_trigger, execute

TABLE = 'ALTER TABLE "order" ADD COLUMN has_money BOOLEAN NOT NULL DEFAULT FALSE'
MARK = """UPDATE "order" SET has_money = TRUE WHERE state = 'placed' AND method = 'bank' AND NOT has_money AND """
MONEY = 'EXISTS (SELECT 1 FROM allocation WHERE order_id = "order".id)'
OF_NEW_MONEY, OF_NEW_STATE = MARK + "id = NEW.order_id", MARK + MONEY + " AND id = NEW.id"
TRIGGERS = (
    ("order_gets_money", "INSERT ON allocation", "NEW.order_id IS NOT NULL", OF_NEW_MONEY),
    ("order_gets_other_money", "UPDATE OF order_id ON allocation", "NEW.order_id IS NOT NULL", OF_NEW_MONEY),
    ("order_waits_with_money", 'UPDATE OF state, method ON "order"', "NEW.state = 'placed' AND NEW.method = 'bank'", OF_NEW_STATE),
)
INDEXES = """
DROP INDEX order_awaited;
CREATE INDEX order_awaited ON "order"(due_on, id, total_yen, has_money, placed_at, account_id, number, former_name_key, state, method)
    WHERE state = 'placed' AND method = 'bank'
"""


def up(migrator, db):
    db.execute_sql(TABLE)
    for name, event, condition, change in TRIGGERS:
        create_trigger(db, name, event, change, condition)
    db.execute_sql(MARK + MONEY)
    execute(db, INDEXES)
