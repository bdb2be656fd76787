"""Payers whose name staff have confirmed for an account, and each press of 「まとめて充当する」: what it was to allocate.

`matching_run.pairs`: rest row, deposit, order and yen of each, as JSON. An interrupted run is pressed again and goes on.
"""

from portal.store.migrations import execute

STATEMENTS = """
CREATE TABLE payer_alias (
    id {id}, account_id {key} NOT NULL REFERENCES account(id), payer VARCHAR(255) NOT NULL, payer_key VARCHAR(255) NOT NULL,
    staff_id {key} NOT NULL REFERENCES staff(id), learned_at {instant} NOT NULL, UNIQUE (account_id, payer_key));
CREATE INDEX payer_alias_key ON payer_alias(payer_key);

CREATE TABLE matching_run (
    id {id}, sha256 CHAR(64) NOT NULL UNIQUE, pairs TEXT NOT NULL, staff_id {key} NOT NULL REFERENCES staff(id),
    begun_at {instant} NOT NULL);
"""


def up(migrator, db):
    execute(db, STATEMENTS)
