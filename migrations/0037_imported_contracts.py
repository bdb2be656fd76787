"""Contracts that are older than the portal: their first term and its line belong to no order. When the catalog in use was read.

SQLite cannot take NOT NULL from a column, so both tables are made again, exactly as they stand but for that.
"""

from peewee import PostgresqlDatabase

from portal.store.migrations import execute

TABLES = ("order_line", "term")
REQUIRED, OPTIONAL = 'order_id INTEGER NOT NULL REFERENCES "order"(id)', 'order_id INTEGER REFERENCES "order"(id)'

ON_POSTGRESQL = """
ALTER TABLE order_line ALTER COLUMN order_id DROP NOT NULL;
ALTER TABLE term ALTER COLUMN order_id DROP NOT NULL;
"""

AFTER = """
ALTER TABLE installation ADD COLUMN catalog_since {instant};
DROP VIEW audit_terms;
CREATE VIEW audit_terms AS SELECT a.login AS account, s.id AS subscription, s.product, t.starts_on, t.ends_on, o.number AS order_number
    FROM term t JOIN subscription s ON s.id = t.subscription_id JOIN account a ON a.id = s.account_id
    LEFT JOIN "order" o ON o.id = t.order_id;
CREATE INDEX term_imported ON term(id) WHERE order_id IS NULL;
"""


def up(migrator, db):
    if isinstance(db, PostgresqlDatabase):
        execute(db, ON_POSTGRESQL)
    else:
        _made_again(db)
    execute(db, AFTER)


def _made_again(db):
    views = _definitions(db, "type = 'view'")
    others = [definition for table in TABLES for definition in _definitions(db, f"tbl_name = '{table}' AND type IN ('index', 'trigger')")]
    tables = {table: _definitions(db, f"type = 'table' AND name = '{table}'")[0][1] for table in TABLES}
    for name, _ in views:
        db.execute_sql(f"DROP VIEW {name}")
    for table in TABLES:
        db.execute_sql(f"CREATE TABLE {table}_kept AS SELECT * FROM {table}")  # noqa: S608 (our own names)
    for table in reversed(TABLES):  # a term points at its line
        db.execute_sql(f"DROP TABLE {table}")
    for table in TABLES:
        if REQUIRED not in tables[table]:
            raise RuntimeError(f"{table} is not as expected")
        db.execute_sql(tables[table].replace(REQUIRED, OPTIONAL))
        db.execute_sql(f"INSERT INTO {table} SELECT * FROM {table}_kept")  # noqa: S608 (our own names)
        db.execute_sql(f"DROP TABLE {table}_kept")
    for _, definition in (*others, *views):
        db.execute_sql(definition)


def _definitions(db, which):
    """Names and SQL, without the indexes that SQLite makes by itself."""
    return db.execute_sql(f"SELECT name, sql FROM sqlite_master WHERE {which} AND sql IS NOT NULL").fetchall()  # noqa: S608
