"""A number of its own for each customer, to transfer to. `code`: 支店番号3 + 口座番号7, as the bank's files have it. Never given twice."""

from portal.store.migrations import execute

STATEMENTS = """
CREATE TABLE virtual_account (
    id {id}, account_id {key} NOT NULL REFERENCES account(id), code CHAR(10) NOT NULL UNIQUE CHECK (length(code) = 10),
    assigned_at {instant} NOT NULL);
CREATE UNIQUE INDEX one_virtual_account ON virtual_account(account_id, substr(code, 1, 3));
"""


def up(migrator, db):
    execute(db, STATEMENTS)
