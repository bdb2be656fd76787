"""Disputes of card payments, and refunds that were made at the company: no staff stand beside them, and staff are to see them.

Money that went back may come again (a refund that failed later, a dispute won in the end): `returned` then has a row above 0.
`account.charges_held_at`: a lost dispute holds the automatic charges of the account until staff have chosen.
"""

from peewee import PostgresqlDatabase

from portal.store.migrations import execute

STATEMENTS = """
CREATE TABLE dispute (
    id {id}, account_id {key} NOT NULL REFERENCES account(id), payment_id {key} NOT NULL REFERENCES payment(id),
    reference VARCHAR(255) NOT NULL UNIQUE, yen BIGINT NOT NULL CHECK (yen > 0),
    state VARCHAR(16) NOT NULL CHECK (state IN ('inquiry', 'open', 'won', 'lost')), reason VARCHAR(64) NOT NULL,
    respond_by {instant}, told_at {instant} NOT NULL, checked_at {instant}, created_at {instant} NOT NULL,
    CHECK (checked_at IS NULL OR state IN ('won', 'lost')));
CREATE INDEX dispute_payment ON dispute(payment_id);
CREATE INDEX dispute_account ON dispute(account_id);
CREATE INDEX dispute_unchecked ON dispute(id) WHERE checked_at IS NULL;
ALTER TABLE refund ADD COLUMN dispute_id {key} REFERENCES dispute(id);
ALTER TABLE refund ADD COLUMN checked_at {instant};
CREATE INDEX refund_unchecked ON refund(id) WHERE staff_id IS NULL AND checked_at IS NULL;
CREATE UNIQUE INDEX one_refund_of_a_dispute ON refund(dispute_id) WHERE state = 'succeeded';
CREATE INDEX payment_company_key ON payment(company_key) WHERE company_key <> '';
CREATE INDEX payment_company_reference ON payment(company_reference) WHERE company_reference IS NOT NULL;
ALTER TABLE account ADD COLUMN charges_held_at {instant};
"""

# What SQLite's own page on ALTER TABLE says for constraints that change no stored row: the text of the table is written anew.
LOOSER = (
    ("refund", "staff_id INTEGER NOT NULL REFERENCES", "staff_id INTEGER REFERENCES"),
    ("allocation", "(source = 'returned') = (yen < 0)", "(source = 'returned') >= (yen < 0)"),
)

ON_POSTGRESQL = """
ALTER TABLE refund ALTER COLUMN staff_id DROP NOT NULL;
ALTER TABLE allocation ADD CHECK (yen <> 0 AND (source = 'returned' OR yen > 0));
"""

YEN_CHECKS = """SELECT conname FROM pg_constraint
    WHERE conrelid = 'allocation'::regclass AND contype = 'c' AND pg_get_constraintdef(oid) LIKE '%%yen < 0%%'"""


def up(migrator, db):
    execute(db, STATEMENTS)
    if not isinstance(db, PostgresqlDatabase):
        return _loosen(db)
    for (name,) in db.execute_sql(YEN_CHECKS).fetchall():
        db.execute_sql(f"ALTER TABLE allocation DROP CONSTRAINT {name}")
    return execute(db, ON_POSTGRESQL)


def _loosen(db):
    [(version,)] = db.execute_sql("PRAGMA schema_version").fetchall()
    db.execute_sql("PRAGMA writable_schema = ON")
    for table, tight, loose in LOOSER:
        about = (tight, loose, table, f"%{tight}%")
        changed = db.execute_sql(
            "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = ? AND sql LIKE ?", about
        )
        if changed.rowcount != 1:
            raise RuntimeError(f"the table {table} is not as expected")
    db.execute_sql(f"PRAGMA schema_version = {version + 1}")
    db.execute_sql("PRAGMA writable_schema = OFF")
