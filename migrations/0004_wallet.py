"""おさいぽ!: which wallet an account has linked, and the day on which it renews."""

from peewee import PostgresqlDatabase

TABLES = """
CREATE TABLE wallet_link (
    id {id}, account_id {key} NOT NULL UNIQUE REFERENCES account(id), token VARCHAR(255) NOT NULL, label VARCHAR(255) NOT NULL,
    created_at {instant} NOT NULL);

ALTER TABLE "order" ADD COLUMN wallet_day INTEGER CHECK (wallet_day IN (5, 10, 15, 20, 25));
ALTER TABLE entry ADD COLUMN method VARCHAR(16) NOT NULL DEFAULT 'card' CHECK (method IN ('card', 'wallet'));
ALTER TABLE entry ADD COLUMN label VARCHAR(255);
ALTER TABLE entry ADD COLUMN wallet_day INTEGER CHECK (wallet_day IN (5, 10, 15, 20, 25))
"""

DIALECTS = {
    "sqlite": {"id": "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT", "key": "INTEGER", "instant": "DATETIME"},
    "postgresql": {"id": "BIGSERIAL PRIMARY KEY", "key": "BIGINT", "instant": "TIMESTAMP"},
}


def up(migrator, db):
    dialect = DIALECTS["postgresql" if isinstance(db, PostgresqlDatabase) else "sqlite"]
    for statement in TABLES.format(**dialect).split(";"):
        db.execute_sql(statement)
