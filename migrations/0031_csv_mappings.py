"""How staff have said that a bank's CSV is read, known again by its header; and whether a member of staff uses the keys of the desk.

`header`: the columns as a line of CSV. `day` and the others: names of columns; `went`, `payer` and `balance` may be empty.
"""

from portal.store.migrations import execute

STATEMENTS = """
CREATE TABLE csv_mapping (
    id {id}, bank VARCHAR(64) NOT NULL UNIQUE, header TEXT NOT NULL, header_key CHAR(64) NOT NULL UNIQUE,
    date_form VARCHAR(16) NOT NULL CHECK (date_form IN ('seireki', 'seireki2', 'wareki')),
    day VARCHAR(255) NOT NULL CHECK (day <> ''), came VARCHAR(255) NOT NULL CHECK (came <> ''), went VARCHAR(255) NOT NULL,
    payer VARCHAR(255) NOT NULL CHECK (payer <> ''), balance VARCHAR(255) NOT NULL,
    staff_id {key} NOT NULL REFERENCES staff(id), made_at {instant} NOT NULL);

ALTER TABLE staff ADD COLUMN uses_keys BOOLEAN NOT NULL DEFAULT TRUE;
"""


def up(migrator, db):
    execute(db, STATEMENTS)
