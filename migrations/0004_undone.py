"""Undo is a correction: a subscription whose term was withdrawn runs until a day of its own, and the order line keeps the term's days.

`runs_until`: the last usable day without a paid term. `undone_subscription_id`: what the line bought before the undo; paid again, the line
gives its days back to it. The hosting side hears the new end as an event of kind `correct`.
"""

from peewee import PostgresqlDatabase

from portal.store.migrations import execute

COLUMNS = """
ALTER TABLE subscription ADD COLUMN runs_until DATE;
ALTER TABLE order_line ADD COLUMN undone_subscription_id {key} REFERENCES subscription(id)
    CHECK (undone_subscription_id IS NULL OR subscription_id IS NULL);
CREATE UNIQUE INDEX order_line_undone ON order_line(undone_subscription_id) WHERE undone_subscription_id IS NOT NULL;
"""

ON_POSTGRESQL = """
ALTER TABLE hosting_event DROP CONSTRAINT hosting_event_kind_check;
ALTER TABLE hosting_event ADD CHECK (kind IN ('start', 'extension', 'resume', 'correct', 'stop', 'end'));
"""

ON_SQLITE = """
CREATE TABLE hosting_event_next (
    id {id}, account_id {key} NOT NULL REFERENCES account(id), subscription_id {key} NOT NULL REFERENCES subscription(id),
    kind VARCHAR(16) NOT NULL CHECK (kind IN ('start', 'extension', 'resume', 'correct', 'stop', 'end')),
    product VARCHAR(64) NOT NULL, variant VARCHAR(64) NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0), starts_on DATE, ends_on DATE, order_number VARCHAR(16),
    key VARCHAR(128) NOT NULL UNIQUE, body TEXT NOT NULL,
    state VARCHAR(16) NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'failed')),
    tries INTEGER NOT NULL CHECK (tries >= 0), pauses INTEGER NOT NULL CHECK (pauses >= 0),
    next_try_at {instant} NOT NULL, trying_since {instant}, claimed_until {instant},
    created_at {instant} NOT NULL, sent_at {instant}, last_error TEXT NOT NULL,
    CHECK (ends_on >= starts_on),
    CHECK ((state = 'sending') = (claimed_until IS NOT NULL)), CHECK ((state = 'sent') = (sent_at IS NOT NULL)));
INSERT INTO hosting_event_next SELECT id, account_id, subscription_id, kind, product, variant, quantity, starts_on, ends_on, order_number,
    key, body, state, tries, pauses, next_try_at, trying_since, claimed_until, created_at, sent_at, last_error FROM hosting_event;
DROP TABLE hosting_event;
ALTER TABLE hosting_event_next RENAME TO hosting_event;
CREATE INDEX hosting_event_to_send ON hosting_event(next_try_at, id) WHERE state <> 'sent';
CREATE INDEX hosting_event_order ON hosting_event(subscription_id, id) WHERE state <> 'sent';
"""


def up(migrator, db):
    execute(db, COLUMNS + (ON_POSTGRESQL if isinstance(db, PostgresqlDatabase) else ON_SQLITE))
