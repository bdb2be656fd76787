"""Cards and wallet links that their company is still to forget."""

from peewee import PostgresqlDatabase

TABLES = """
CREATE TABLE forgetting (
    id {id}, account_id {key} NOT NULL REFERENCES account(id), method VARCHAR(16) NOT NULL CHECK (method IN ('card', 'wallet')),
    token VARCHAR(255) NOT NULL UNIQUE, tries INTEGER NOT NULL DEFAULT 0 CHECK (tries >= 0), next_try_at {instant} NOT NULL);
CREATE INDEX forgetting_account ON forgetting(account_id);
CREATE INDEX forgetting_due ON forgetting(next_try_at)
"""

DIALECTS = {
    "sqlite": {"id": "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT", "key": "INTEGER", "instant": "DATETIME"},
    "postgresql": {"id": "BIGSERIAL PRIMARY KEY", "key": "BIGINT", "instant": "TIMESTAMP"},
}


def up(migrator, db):
    dialect = DIALECTS["postgresql" if isinstance(db, PostgresqlDatabase) else "sqlite"]
    for statement in TABLES.format(**dialect).split(";"):
        db.execute_sql(statement)
