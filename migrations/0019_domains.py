"""Customers' own domains, and what the hosting side is asked about them.

A confirmed name belongs to one account at a time, and an account has a name once. `domain.check` and `certificate.requested` are new kinds
of events.
"""

from peewee import PostgresqlDatabase

from portal.store.migrations import execute

DOMAINS = """
CREATE TABLE domain (
    id {id}, account_id {key} NOT NULL REFERENCES account(id),
    name VARCHAR(253) NOT NULL CHECK (name = lower(name)), shown VARCHAR(253) NOT NULL,
    state VARCHAR(16) NOT NULL CHECK (state IN ('added', 'asked', 'confirmed', 'not found', 'removed')),
    proof VARCHAR(64) NOT NULL UNIQUE, asked INTEGER NOT NULL CHECK (asked >= 0), reason TEXT NOT NULL,
    created_at {instant} NOT NULL, removed_at {instant},
    CHECK ((state = 'removed') = (removed_at IS NOT NULL)), CHECK (state NOT IN ('asked', 'confirmed', 'not found') OR asked > 0));
CREATE UNIQUE INDEX one_account_of_a_domain ON domain(name) WHERE state = 'confirmed';
CREATE UNIQUE INDEX one_domain_of_a_name ON domain(account_id, name) WHERE state <> 'removed';
"""

KINDS = "'start', 'extension', 'resume', 'correct', 'stop', 'end', 'domain.check', 'certificate.requested'"

ON_POSTGRESQL = """
ALTER TABLE hosting_event DROP CONSTRAINT hosting_event_kind_check;
ALTER TABLE hosting_event ALTER COLUMN kind TYPE VARCHAR(32);
ALTER TABLE hosting_event ADD CHECK (kind IN (KINDS));
"""

ON_SQLITE = """
CREATE TABLE hosting_event_next (
    id {id}, account_id {key} NOT NULL REFERENCES account(id), subscription_id {key} NOT NULL REFERENCES subscription(id),
    kind VARCHAR(32) NOT NULL CHECK (kind IN (KINDS)),
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
CREATE INDEX hosting_event_unsent ON hosting_event(created_at) WHERE state <> 'sent';
"""


def up(migrator, db):
    events = ON_POSTGRESQL if isinstance(db, PostgresqlDatabase) else ON_SQLITE
    execute(db, DOMAINS + events.replace("KINDS", KINDS))
