"""What was typed and sent after a session had ended, until its owner has signed in again."""

from portal.store.migrations import execute

KEPT = """
CREATE TABLE kept_input (
    token_hash CHAR(64) NOT NULL PRIMARY KEY, account_id {key} REFERENCES account(id), staff_id {key} REFERENCES staff(id),
    page VARCHAR(255) NOT NULL, typed TEXT NOT NULL, network VARCHAR(64) NOT NULL, created_at {instant} NOT NULL,
    CHECK ((account_id IS NULL) <> (staff_id IS NULL)));
CREATE INDEX kept_input_network ON kept_input(network, created_at);
CREATE INDEX kept_input_created ON kept_input(created_at);
"""


def up(migrator, db):
    execute(db, KEPT)
