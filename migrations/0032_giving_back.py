"""Money held for customers: what of it paid an order (`allocation.was_held`), and what goes back by a file for the bank (`payout`).

A payout keeps its yen of the deposit or order from its first day; it becomes a refund when the bank has paid it. It is in one file at most.
The bank data of the customer are encrypted; `payout_file.sender` is the header of the file as JSON, `sha256` that of its bytes.
"""

from portal.store.migrations import execute

STATEMENTS = """
ALTER TABLE allocation ADD COLUMN was_held BOOLEAN NOT NULL DEFAULT FALSE;

CREATE TABLE payout_file (
    id {id}, number VARCHAR(16) NOT NULL UNIQUE, pays_on DATE NOT NULL, sender TEXT NOT NULL, sha256 CHAR(64) NOT NULL UNIQUE,
    transfers INTEGER NOT NULL CHECK (transfers > 0), yen BIGINT NOT NULL CHECK (yen > 0), staff_id {key} NOT NULL REFERENCES staff(id),
    created_at {instant} NOT NULL);

CREATE TABLE payout (
    id {id}, number VARCHAR(16) NOT NULL UNIQUE, account_id {key} NOT NULL REFERENCES account(id), order_id {key} REFERENCES "order"(id),
    deposit_id {key} REFERENCES deposit(id), yen BIGINT NOT NULL CHECK (yen > 0),
    state VARCHAR(16) NOT NULL CHECK (state IN ('planned', 'filed', 'paid', 'failed', 'withdrawn')),
    reason TEXT NOT NULL, staff_id {key} NOT NULL REFERENCES staff(id),
    bank_code CHAR(4) NOT NULL, branch_code CHAR(3) NOT NULL, kind CHAR(1) NOT NULL CHECK (kind IN ('1', '2', '4')),
    account_number TEXT NOT NULL, account_name TEXT NOT NULL, file_id {key} REFERENCES payout_file(id),
    refund_id {key} UNIQUE REFERENCES refund(id), created_at {instant} NOT NULL, updated_at {instant} NOT NULL,
    CHECK ((order_id IS NULL) = (deposit_id IS NOT NULL)),
    CHECK ((state IN ('planned', 'withdrawn')) = (file_id IS NULL)), CHECK ((state = 'paid') = (refund_id IS NOT NULL)));
CREATE UNIQUE INDEX one_payout_of_a_deposit ON payout(deposit_id) WHERE state IN ('planned', 'filed');
CREATE UNIQUE INDEX one_payout_of_an_order ON payout(order_id) WHERE state IN ('planned', 'filed');
CREATE INDEX payout_planned ON payout(id) WHERE state IN ('planned', 'filed');
CREATE INDEX payout_file_id ON payout(file_id) WHERE file_id IS NOT NULL;
CREATE INDEX payout_account ON payout(account_id);

CREATE VIEW audit_payouts AS SELECT p.number, a.login AS account, o.number AS order_number, d.number AS deposit_number, p.yen, p.state,
    f.number AS file_number, f.pays_on, p.reason, p.updated_at AS at FROM payout p JOIN account a ON a.id = p.account_id
    LEFT JOIN "order" o ON o.id = p.order_id LEFT JOIN deposit d ON d.id = p.deposit_id LEFT JOIN payout_file f ON f.id = p.file_id;
"""


def up(migrator, db):
    execute(db, STATEMENTS)
