"""The outbox: one row per event and address, and what of it the books' auditors see."""

from peewee import PostgresqlDatabase

TABLES = """
CREATE TABLE mail (
    id {id}, kind VARCHAR(32) NOT NULL, entity VARCHAR(128) NOT NULL, recipient VARCHAR(255) NOT NULL,
    account_id {key} REFERENCES account(id), message_id VARCHAR(255) NOT NULL UNIQUE,
    subject VARCHAR(255) NOT NULL, body TEXT NOT NULL,
    state VARCHAR(16) NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'failed')),
    tries INTEGER NOT NULL CHECK (tries >= 0), pauses INTEGER NOT NULL CHECK (pauses >= 0),
    next_try_at {instant} NOT NULL, trying_since {instant}, claimed_until {instant},
    created_at {instant} NOT NULL, sent_at {instant}, last_error TEXT NOT NULL,
    UNIQUE (kind, entity, recipient),
    CHECK ((state = 'sending') = (claimed_until IS NOT NULL)), CHECK (state <> 'sent' OR sent_at IS NOT NULL));
CREATE INDEX mail_account ON mail(account_id, id);
CREATE INDEX mail_to_send ON mail(next_try_at) WHERE state IN ('waiting', 'sending');
"""

AUDIT_VIEWS = """
CREATE VIEW audit_mails AS SELECT kind, entity, recipient, message_id, state, tries FROM mail;
"""

DIALECTS = {
    "sqlite": {"id": "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT", "key": "INTEGER", "instant": "DATETIME"},
    "postgresql": {"id": "BIGSERIAL PRIMARY KEY", "key": "BIGINT", "instant": "TIMESTAMP"},
}


def up(migrator, db):
    dialect = DIALECTS["postgresql" if isinstance(db, PostgresqlDatabase) else "sqlite"]
    for statement in (TABLES.format(**dialect) + AUDIT_VIEWS).split(";"):
        if statement.strip():
            db.execute_sql(statement)
