"""領収書, 請求書, 適格返還請求書. A paper is written once: the database refuses every change of it, and deletes it in a demo alone.

Orders that were paid before get theirs from a job, which knows the company's name and number: they wait in `invoice_owed`.
"""

from peewee import PostgresqlDatabase

from portal.store.migrations import execute

TABLES = """
CREATE TABLE invoice (
    id {id}, number BIGINT NOT NULL UNIQUE CHECK (number > 0), kind VARCHAR(16) NOT NULL CHECK (kind IN ('receipt', 'invoice', 'return')),
    account_id {key} NOT NULL REFERENCES account(id), order_id {key} NOT NULL REFERENCES "order"(id),
    refund_id {key} UNIQUE REFERENCES refund(id), customer VARCHAR(255) NOT NULL, issued_on DATE NOT NULL, traded_on DATE NOT NULL,
    total_yen BIGINT NOT NULL CHECK (total_yen >= 0), tax_percent INTEGER NOT NULL CHECK (tax_percent >= 0),
    tax_yen BIGINT NOT NULL CHECK (tax_yen >= 0), content TEXT NOT NULL, sha256 CHAR(64) NOT NULL, created_at {instant} NOT NULL,
    CHECK (tax_yen <= total_yen), CHECK ((kind = 'return') = (refund_id IS NOT NULL)));
CREATE INDEX invoice_order ON invoice(order_id);
CREATE INDEX invoice_account ON invoice(account_id, traded_on);
CREATE INDEX invoice_traded ON invoice(traded_on);
CREATE INDEX invoice_issued ON invoice(issued_on);
CREATE INDEX invoice_yen ON invoice(total_yen);

CREATE TABLE invoice_addressee (
    invoice_id {key} NOT NULL PRIMARY KEY REFERENCES invoice(id), addressee VARCHAR(255) NOT NULL CHECK (addressee <> ''),
    written_at {instant} NOT NULL);
CREATE TABLE invoice_void (
    invoice_id {key} NOT NULL PRIMARY KEY REFERENCES invoice(id), voided_on DATE NOT NULL, reason TEXT NOT NULL,
    voided_at {instant} NOT NULL);
CREATE TABLE invoice_owed (order_id {key} NOT NULL PRIMARY KEY REFERENCES "order"(id));
INSERT INTO invoice_owed SELECT id FROM "order" WHERE state = 'paid';

CREATE VIEW audit_invoices AS SELECT i.number,
    CASE WHEN v.invoice_id IS NOT NULL THEN 'void' ELSE i.kind END AS kind, a.login AS account, o.number AS order_number, i.issued_on,
    COALESCE(w.addressee, i.customer) AS addressee, i.total_yen, i.tax_percent, i.tax_yen, i.sha256
    FROM invoice i JOIN account a ON a.id = i.account_id JOIN "order" o ON o.id = i.order_id
    LEFT JOIN invoice_addressee w ON w.invoice_id = i.id LEFT JOIN invoice_void v ON v.invoice_id = i.id;
"""

FROZEN = ("invoice", "invoice_addressee", "invoice_void")
NO_CHANGE, NO_GAP = "a paper is never changed or deleted", "the numbers of papers have no gap"
NO_SECOND = "the order has a valid receipt"
IN_A_DEMO = "EXISTS (SELECT 1 FROM installation WHERE is_demo)"
NEXT = "(SELECT COALESCE(MAX(number), 0) + 1 FROM invoice)"
SECOND = """NEW.kind = 'receipt' AND EXISTS (SELECT 1 FROM invoice i WHERE i.order_id = NEW.order_id AND i.kind = 'receipt'
    AND NOT EXISTS (SELECT 1 FROM invoice_void v WHERE v.invoice_id = i.id))"""


def up(migrator, db):
    execute(db, TABLES)
    for statement in _on_postgresql() if isinstance(db, PostgresqlDatabase) else _on_sqlite():
        db.execute_sql(statement)


def _on_sqlite():
    for table in FROZEN:
        stop = f"BEGIN SELECT RAISE(ABORT, '{NO_CHANGE}'); END"
        yield f"CREATE TRIGGER {table}_unchanged BEFORE UPDATE ON {table} {stop}"
        yield f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} WHEN NOT {IN_A_DEMO} {stop}"
    for name, when, why in (("next", f"NEW.number <> {NEXT}", NO_GAP), ("once", SECOND, NO_SECOND)):
        yield f"CREATE TRIGGER invoice_{name} BEFORE INSERT ON invoice WHEN {when} BEGIN SELECT RAISE(ABORT, '{why}'); END"


def _on_postgresql():
    refuse = "RAISE EXCEPTION '{}' USING ERRCODE = 'integrity_constraint_violation'"
    yield f"""CREATE FUNCTION papers_stay() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP = 'DELETE' THEN IF {IN_A_DEMO} THEN RETURN OLD; END IF; END IF;
        {refuse.format(NO_CHANGE)}; END $$"""
    yield f"""CREATE FUNCTION papers_follow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.number <> {NEXT} THEN {refuse.format(NO_GAP)}; END IF;
        IF {SECOND} THEN {refuse.format(NO_SECOND)}; END IF;
        RETURN NEW; END $$"""
    for table in FROZEN:
        yield f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION papers_stay()"
        yield f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION papers_stay()"
    yield "CREATE TRIGGER invoice_next BEFORE INSERT ON invoice FOR EACH ROW EXECUTE FUNCTION papers_follow()"
