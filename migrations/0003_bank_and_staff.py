"""Bank transfers: what the customer reports, what the bank booked, which part of it pays which order; and the staff who decide that."""

from peewee import PostgresqlDatabase

TABLES = """
CREATE TABLE transfer_report (
    id {id}, order_id {key} NOT NULL UNIQUE REFERENCES "order"(id), payer VARCHAR(255) NOT NULL, paid_on DATE NOT NULL,
    reported_at {instant} NOT NULL);

CREATE TABLE staff (
    id {id}, login VARCHAR(64) NOT NULL UNIQUE, password_hash VARCHAR(255) NOT NULL, name VARCHAR(255) NOT NULL,
    totp_secret VARCHAR(64) NOT NULL, totp_step BIGINT NOT NULL, is_active BOOLEAN NOT NULL, created_at {instant} NOT NULL,
    CHECK (login = lower(login)));

CREATE TABLE recovery_code (
    id {id}, staff_id {key} NOT NULL REFERENCES staff(id), code_hash CHAR(64) NOT NULL, used_at {instant},
    UNIQUE (staff_id, code_hash));

CREATE TABLE deposit (
    id {id}, number VARCHAR(16) NOT NULL UNIQUE, booked_on DATE NOT NULL, valued_on DATE NOT NULL, yen BIGINT NOT NULL CHECK (yen > 0),
    payer VARCHAR(255) NOT NULL, form_token VARCHAR(64) NOT NULL UNIQUE, staff_id {key} NOT NULL REFERENCES staff(id),
    created_at {instant} NOT NULL);
CREATE INDEX deposit_same ON deposit(yen, booked_on);

ALTER TABLE receipt ADD COLUMN deposit_id {key} REFERENCES deposit(id);
CREATE INDEX receipt_deposit ON receipt(deposit_id);
ALTER TABLE session ADD COLUMN staff_id {key} REFERENCES staff(id);
CREATE INDEX session_staff ON session(staff_id);
CREATE INDEX order_awaited ON "order"(due_on) WHERE state = 'placed' AND method = 'bank'
"""

DIALECTS = {
    "sqlite": {"id": "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT", "key": "INTEGER", "instant": "DATETIME"},
    "postgresql": {"id": "BIGSERIAL PRIMARY KEY", "key": "BIGINT", "instant": "TIMESTAMP"},
}


def up(migrator, db):
    dialect = DIALECTS["postgresql" if isinstance(db, PostgresqlDatabase) else "sqlite"]
    for statement in TABLES.format(**dialect).split(";"):
        db.execute_sql(statement)
