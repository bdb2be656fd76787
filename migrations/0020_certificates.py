"""What a bought certificate is for: its common name, and how far its issue is. A name that is requested or issued has one certificate."""

from portal.store.migrations import execute

CERTIFICATES = """
CREATE TABLE certificate (
    id {id}, subscription_id {key} NOT NULL UNIQUE REFERENCES subscription(id), domain_id {key} NOT NULL REFERENCES domain(id),
    common_name VARCHAR(64) NOT NULL CHECK (common_name = lower(common_name)), shown VARCHAR(255) NOT NULL,
    state VARCHAR(16) NOT NULL CHECK (state IN ('requested', 'issued', 'failed', 'ended')),
    asked INTEGER NOT NULL CHECK (asked > 0), requested_on DATE NOT NULL, issued_on DATE, issued_until DATE, reason TEXT NOT NULL,
    CHECK ((issued_on IS NULL) = (issued_until IS NULL)), CHECK (state <> 'issued' OR issued_on IS NOT NULL),
    CHECK ((state = 'failed') = (reason <> '')));
CREATE UNIQUE INDEX one_certificate_of_a_name ON certificate(common_name) WHERE state IN ('requested', 'issued');
CREATE INDEX certificate_domain ON certificate(domain_id);
CREATE VIEW audit_certificates AS SELECT a.login AS account, s.id AS subscription, s.variant AS kind, c.common_name,
    CASE WHEN s.ended_on IS NOT NULL THEN 'ended' WHEN c.id IS NULL THEN 'unset' ELSE c.state END AS state, c.requested_on, c.issued_on,
    (SELECT MAX(t.ends_on) FROM term t WHERE t.subscription_id = s.id) AS ends_on, s.renews
    FROM subscription s JOIN account a ON a.id = s.account_id LEFT JOIN certificate c ON c.subscription_id = s.id
    WHERE s.kind = 'certificate'
"""


def up(migrator, db):
    execute(db, CERTIFICATES)
