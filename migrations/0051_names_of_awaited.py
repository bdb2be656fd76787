"""On PostgreSQL the search of 入金待ち reads names in indexes alone: of each order that waits it read the account and the report from their
tables, which are 80 MB for 10,000 orders. SQLite finds a row by its id at once.
"""

from peewee import PostgresqlDatabase

from portal.store.migrations import execute

INDEXES = """
CREATE INDEX account_searched ON account(id, login, name_key);
CREATE INDEX transfer_report_searched ON transfer_report(order_id, payer_key)
"""


def up(migrator, db):
    if isinstance(db, PostgresqlDatabase):
        execute(db, INDEXES)
