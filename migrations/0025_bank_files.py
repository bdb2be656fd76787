"""Files of banks and their lines. A line is in one place for ever: (account, identity, ordinal) is what is known when it comes again.

`content`: the file as it was read, zlib in base64. `deposit_id`: the money of the line; of a correction, the money that it took back.
`was_typed`: staff had typed the deposit before the file came. `ignored_reason`: the line is no customer's money.
"""

from portal.store.migrations import execute

STATEMENTS = """
CREATE TABLE bank_file (
    id {id}, number VARCHAR(16) NOT NULL UNIQUE, sha256 CHAR(64) NOT NULL, name VARCHAR(255) NOT NULL,
    account VARCHAR(64) NOT NULL, format VARCHAR(64) NOT NULL, content TEXT NOT NULL,
    state VARCHAR(16) NOT NULL CHECK (state IN ('read', 'imported')), staff_id {key} NOT NULL REFERENCES staff(id),
    read_at {instant} NOT NULL, imported_at {instant}, UNIQUE (sha256, account),
    CHECK ((state = 'imported') = (imported_at IS NOT NULL)));
CREATE INDEX bank_file_read ON bank_file(read_at) WHERE state = 'read';

CREATE TABLE bank_line (
    id {id}, file_id {key} NOT NULL REFERENCES bank_file(id), record INTEGER NOT NULL CHECK (record > 0),
    kind VARCHAR(16) NOT NULL CHECK (kind IN ('transfer', 'other', 'correction')), account VARCHAR(64) NOT NULL,
    identity CHAR(64) NOT NULL, ordinal INTEGER NOT NULL CHECK (ordinal >= 0), booked_on DATE NOT NULL, valued_on DATE NOT NULL,
    yen BIGINT NOT NULL CHECK (yen > 0), payer VARCHAR(255) NOT NULL, payer_key VARCHAR(255) NOT NULL, code VARCHAR(16) NOT NULL,
    reference VARCHAR(64) NOT NULL, note VARCHAR(64) NOT NULL, deposit_id {key} REFERENCES deposit(id), was_typed BOOLEAN NOT NULL,
    ignored_reason VARCHAR(255), UNIQUE (file_id, record), UNIQUE (account, identity, ordinal),
    CHECK (deposit_id IS NULL OR ignored_reason IS NULL),
    CHECK (kind = 'correction' OR (deposit_id IS NULL) = (ignored_reason IS NOT NULL)));
CREATE UNIQUE INDEX one_line_of_a_deposit ON bank_line(deposit_id) WHERE kind <> 'correction';
CREATE INDEX bank_line_deposit ON bank_line(deposit_id) WHERE deposit_id IS NOT NULL;
CREATE INDEX bank_line_days ON bank_line(account, booked_on);
CREATE INDEX bank_line_open_correction ON bank_line(id) WHERE kind = 'correction' AND deposit_id IS NULL AND ignored_reason IS NULL;
"""


def up(migrator, db):
    execute(db, STATEMENTS)
