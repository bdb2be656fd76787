"""The name that an order was placed with, where the customer's name has changed since: its transfer may come under either."""

from portal.store.migrations import execute


def up(migrator, db):
    execute(db, """ALTER TABLE "order" ADD COLUMN former_name_key VARCHAR(255) NOT NULL DEFAULT ''""")
