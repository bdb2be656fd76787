"""Money that staff give back: one row for each refund, through a company or by a transfer that staff made.

`subscription.cancelled_on`: staff cancelled the order that paid its last term; it runs until `runs_until`.
"""

from portal.store.migrations import execute

STATEMENTS = """
CREATE TABLE refund (
    id {id}, account_id {key} REFERENCES account(id), order_id {key} REFERENCES "order"(id), deposit_id {key} REFERENCES deposit(id),
    payment_id {key} REFERENCES payment(id), ordinal INTEGER NOT NULL CHECK (ordinal > 0),
    method VARCHAR(16) NOT NULL CHECK (method IN ('card', 'wallet', 'bank')), key VARCHAR(128) NOT NULL UNIQUE,
    yen BIGINT NOT NULL CHECK (yen > 0), state VARCHAR(16) NOT NULL CHECK (state IN ('created', 'unknown', 'succeeded', 'declined')),
    reason TEXT NOT NULL, staff_id {key} NOT NULL REFERENCES staff(id), returned_on DATE, code VARCHAR(64),
    lookups INTEGER NOT NULL CHECK (lookups >= 0), next_lookup_at {instant} NOT NULL,
    created_at {instant} NOT NULL, updated_at {instant} NOT NULL,
    UNIQUE (order_id, ordinal), UNIQUE (deposit_id, ordinal),
    CHECK ((order_id IS NULL) = (deposit_id IS NOT NULL)), CHECK ((method = 'bank') = (payment_id IS NULL)),
    CHECK (method <> 'bank' OR state = 'succeeded'), CHECK ((state = 'succeeded') = (returned_on IS NOT NULL)));
CREATE UNIQUE INDEX one_live_refund ON refund(order_id) WHERE state IN ('created', 'unknown');
CREATE INDEX refund_to_ask_about ON refund(next_lookup_at) WHERE state IN ('created', 'unknown');
CREATE INDEX refund_declined ON refund(id) WHERE state = 'declined';
CREATE INDEX refund_account ON refund(account_id);
ALTER TABLE subscription ADD COLUMN cancelled_on DATE;
CREATE VIEW audit_refunds AS SELECT o.number AS order_number, f.method, f.key, f.yen, f.state, f.reason, f.updated_at AS at
    FROM refund f LEFT JOIN "order" o ON o.id = f.order_id;
"""


def up(migrator, db):
    execute(db, STATEMENTS)
