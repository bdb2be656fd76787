"""What the hosting side has to know of contracts: one row per event, frozen as it will be sent, until it is taken.

Both indexes hold what is not sent only: that is little, however many years of it there are.
"""

from peewee import PostgresqlDatabase

TABLES = """
CREATE TABLE provisioning (
    id {id}, account_id {key} NOT NULL REFERENCES account(id), subscription_id {key} NOT NULL REFERENCES subscription(id),
    kind VARCHAR(16) NOT NULL CHECK (kind IN ('start', 'extension', 'resume', 'stop', 'end')),
    product VARCHAR(16) NOT NULL CHECK (product IN ('server', 'ssl', 'backup', 'device')), variant VARCHAR(64) NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0), starts_on DATE, ends_on DATE, order_number VARCHAR(16),
    key VARCHAR(128) NOT NULL UNIQUE, body TEXT NOT NULL,
    state VARCHAR(16) NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'failed')),
    tries INTEGER NOT NULL CHECK (tries >= 0), pauses INTEGER NOT NULL CHECK (pauses >= 0),
    next_try_at {instant} NOT NULL, trying_since {instant}, claimed_until {instant},
    created_at {instant} NOT NULL, sent_at {instant}, last_error TEXT NOT NULL,
    CHECK (ends_on >= starts_on),
    CHECK ((state = 'sending') = (claimed_until IS NOT NULL)), CHECK ((state = 'sent') = (sent_at IS NOT NULL)));
CREATE INDEX provisioning_to_send ON provisioning(next_try_at, id) WHERE state <> 'sent';
CREATE INDEX provisioning_order ON provisioning(subscription_id, id) WHERE state <> 'sent'
"""

DIALECTS = {
    "sqlite": {"id": "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT", "key": "INTEGER", "instant": "DATETIME"},
    "postgresql": {"id": "BIGSERIAL PRIMARY KEY", "key": "BIGINT", "instant": "TIMESTAMP"},
}


def up(migrator, db):
    dialect = DIALECTS["postgresql" if isinstance(db, PostgresqlDatabase) else "sqlite"]
    for statement in TABLES.format(**dialect).split(";"):
        db.execute_sql(statement)
