"""A 適格返還請求書 may be issued again: a refund has one valid paper at a time, not one for ever.

SQLite has no way to drop UNIQUE, so the table is copied, with the two that point at it: as long as they point at the old one,
it cannot be dropped.
"""

from peewee import PostgresqlDatabase

from portal.store.migrations import execute

INDEX = "CREATE INDEX invoice_refund ON invoice(refund_id) WHERE refund_id IS NOT NULL"
ON_POSTGRESQL = "ALTER TABLE invoice DROP CONSTRAINT invoice_refund_id_key"
ON_SQLITE = """
DROP VIEW audit_invoices;
CREATE TABLE invoice_next (
    id {id}, number BIGINT NOT NULL UNIQUE CHECK (number > 0), kind VARCHAR(16) NOT NULL CHECK (kind IN ('receipt', 'invoice', 'return')),
    account_id {key} NOT NULL REFERENCES account(id), order_id {key} NOT NULL REFERENCES "order"(id),
    refund_id {key} REFERENCES refund(id), customer VARCHAR(255) NOT NULL, issued_on DATE NOT NULL, traded_on DATE NOT NULL,
    total_yen BIGINT NOT NULL CHECK (total_yen >= 0), tax_percent INTEGER NOT NULL CHECK (tax_percent >= 0),
    tax_yen BIGINT NOT NULL CHECK (tax_yen >= 0), content TEXT NOT NULL, sha256 CHAR(64) NOT NULL, created_at {instant} NOT NULL,
    CHECK (tax_yen <= total_yen), CHECK ((kind = 'return') = (refund_id IS NOT NULL)));
CREATE TABLE invoice_addressee_next (
    invoice_id {key} NOT NULL PRIMARY KEY REFERENCES invoice_next(id), addressee VARCHAR(255) NOT NULL CHECK (addressee <> ''),
    written_at {instant} NOT NULL);
CREATE TABLE invoice_void_next (
    invoice_id {key} NOT NULL PRIMARY KEY REFERENCES invoice_next(id), voided_on DATE NOT NULL, reason TEXT NOT NULL,
    voided_at {instant} NOT NULL);
INSERT INTO invoice_next SELECT id, number, kind, account_id, order_id, refund_id, customer, issued_on, traded_on, total_yen, tax_percent,
    tax_yen, content, sha256, created_at FROM invoice ORDER BY id;
INSERT INTO invoice_addressee_next SELECT invoice_id, addressee, written_at FROM invoice_addressee;
INSERT INTO invoice_void_next SELECT invoice_id, voided_on, reason, voided_at FROM invoice_void;
DROP TABLE invoice_addressee;
DROP TABLE invoice_void;
DROP TABLE invoice;
ALTER TABLE invoice_next RENAME TO invoice;
ALTER TABLE invoice_addressee_next RENAME TO invoice_addressee;
ALTER TABLE invoice_void_next RENAME TO invoice_void;
CREATE INDEX invoice_order ON invoice(order_id);
CREATE INDEX invoice_account ON invoice(account_id, traded_on);
CREATE INDEX invoice_traded ON invoice(traded_on);
CREATE INDEX invoice_issued ON invoice(issued_on);
CREATE INDEX invoice_yen ON invoice(total_yen);
CREATE VIEW audit_invoices AS SELECT i.number,
    CASE WHEN v.invoice_id IS NOT NULL THEN 'void' ELSE i.kind END AS kind, a.login AS account, o.number AS order_number, i.issued_on,
    COALESCE(w.addressee, i.customer) AS addressee, i.total_yen, i.tax_percent, i.tax_yen, i.sha256
    FROM invoice i JOIN account a ON a.id = i.account_id JOIN "order" o ON o.id = i.order_id
    LEFT JOIN invoice_addressee w ON w.invoice_id = i.id LEFT JOIN invoice_void v ON v.invoice_id = i.id;
"""

FROZEN = ("invoice", "invoice_addressee", "invoice_void")
NO_CHANGE, NO_GAP = "a paper is never changed or deleted", "the numbers of papers have no gap"
NO_SECOND, NO_SECOND_RETURN = "the order has a valid receipt", "the refund has a valid paper"
IN_A_DEMO = "EXISTS (SELECT 1 FROM installation WHERE is_demo)"
NEXT = "(SELECT COALESCE(MAX(number), 0) + 1 FROM invoice)"
SECOND = """NEW.kind = 'receipt' AND EXISTS (SELECT 1 FROM invoice i WHERE i.order_id = NEW.order_id AND i.kind = 'receipt'
    AND NOT EXISTS (SELECT 1 FROM invoice_void v WHERE v.invoice_id = i.id))"""
SECOND_RETURN = """NEW.kind = 'return' AND EXISTS (SELECT 1 FROM invoice i WHERE i.refund_id = NEW.refund_id
    AND NOT EXISTS (SELECT 1 FROM invoice_void v WHERE v.invoice_id = i.id))"""


def up(migrator, db):
    is_postgresql = isinstance(db, PostgresqlDatabase)
    execute(db, ON_POSTGRESQL if is_postgresql else ON_SQLITE)
    execute(db, INDEX)
    for statement in _on_postgresql() if is_postgresql else _on_sqlite():
        db.execute_sql(statement)


def _on_sqlite():
    for table in FROZEN:
        stop = f"BEGIN SELECT RAISE(ABORT, '{NO_CHANGE}'); END"
        yield f"CREATE TRIGGER {table}_unchanged BEFORE UPDATE ON {table} {stop}"
        yield f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} WHEN NOT {IN_A_DEMO} {stop}"
    refused = (("next", f"NEW.number <> {NEXT}", NO_GAP), ("once", SECOND, NO_SECOND), ("returned_once", SECOND_RETURN, NO_SECOND_RETURN))
    for name, when, why in refused:
        yield f"CREATE TRIGGER invoice_{name} BEFORE INSERT ON invoice WHEN {when} BEGIN SELECT RAISE(ABORT, '{why}'); END"


def _on_postgresql():
    refuse = "RAISE EXCEPTION '{}' USING ERRCODE = 'integrity_constraint_violation'"
    yield f"""CREATE OR REPLACE FUNCTION papers_follow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.number <> {NEXT} THEN {refuse.format(NO_GAP)}; END IF;
        IF {SECOND} THEN {refuse.format(NO_SECOND)}; END IF;
        IF {SECOND_RETURN} THEN {refuse.format(NO_SECOND_RETURN)}; END IF;
        RETURN NEW; END $$"""
