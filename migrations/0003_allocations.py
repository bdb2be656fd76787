"""Allocations of two more sources: `waived` (a difference accepted, no money) and `returned` (money given back, negative yen).

`account_id`: whose money waits without an order. `released_part`: what came for an order before it was over, so that it can come along
when a later part opens the order again (`reopened_on`, once).
"""

from peewee import PostgresqlDatabase

from portal.store.migrations import execute

BEFORE = """
DROP VIEW audit_receipts;
ALTER TABLE "order" ADD COLUMN reopened_on DATE;
"""

# The reference of returned money begins with the source that it came from.
CHECKS = (
    "CHECK (source IN ('card', 'wallet', 'bank', 'waived', 'returned'))",
    "CHECK (yen <> 0 AND (source = 'returned') = (yen < 0))",
    "CHECK (source <> 'waived' OR order_id IS NOT NULL)",
    "CHECK (deposit_id IS NULL OR source IN ('bank', 'returned'))",
    "CHECK (order_id IS NULL OR account_id IS NULL)",
    """CHECK (source <> 'returned' OR substr(company_reference, 1, 5) IN ('card:', 'bank:')
        OR substr(company_reference, 1, 7) = 'wallet:')""",
)

CREATED = f"""
CREATE TABLE allocation_next (
    id {{id}}, number VARCHAR(16) NOT NULL UNIQUE, source VARCHAR(16) NOT NULL, company_reference VARCHAR(255) NOT NULL,
    yen BIGINT NOT NULL, order_id {{key}} REFERENCES "order"(id), deposit_id {{key}} REFERENCES deposit(id),
    received_on DATE NOT NULL, created_at {{instant}} NOT NULL, account_id {{key}} REFERENCES account(id), {", ".join(CHECKS)});
"""

ON_SQLITE = """
INSERT INTO allocation_next (id, number, source, company_reference, yen, order_id, deposit_id, received_on, created_at)
    SELECT id, number, source, company_reference, yen, order_id, deposit_id, received_on, created_at FROM allocation;
DROP TABLE allocation;
ALTER TABLE allocation_next RENAME TO allocation;
CREATE INDEX allocation_order ON allocation(order_id);
CREATE INDEX allocation_deposit ON allocation(deposit_id);
CREATE UNIQUE INDEX one_company_reference ON allocation(source, company_reference) WHERE source IN ('card', 'wallet');
"""

ON_POSTGRESQL = f"""
ALTER TABLE allocation ADD COLUMN account_id {{key}} REFERENCES account(id);
ALTER TABLE allocation DROP CONSTRAINT allocation_source_check;
ALTER TABLE allocation DROP CONSTRAINT allocation_yen_check;
ALTER TABLE allocation DROP CONSTRAINT allocation_source_company_reference_order_id_key;
DROP INDEX one_rest_of_a_deposit;
ALTER TABLE allocation {", ".join(f"ADD {check}" for check in CHECKS)};
"""

AFTER = """
CREATE TABLE released_part (
    id {id}, order_id {key} NOT NULL REFERENCES "order"(id), deposit_id {key} NOT NULL REFERENCES deposit(id),
    yen BIGINT NOT NULL CHECK (yen > 0), UNIQUE (order_id, deposit_id));
CREATE INDEX released_part_deposit ON released_part(deposit_id);
UPDATE allocation SET account_id = (SELECT o.account_id FROM payment p JOIN "order" o ON o.id = p.order_id
    WHERE p.method = allocation.source AND p.company_reference = allocation.company_reference LIMIT 1)
    WHERE order_id IS NULL AND source IN ('card', 'wallet');
CREATE INDEX allocation_account ON allocation(account_id) WHERE account_id IS NOT NULL;
CREATE UNIQUE INDEX one_rest_of_a_deposit ON allocation(deposit_id) WHERE order_id IS NULL AND source = 'bank';
CREATE UNIQUE INDEX one_part_of_an_order ON allocation(source, company_reference, order_id) WHERE source <> 'returned';
CREATE UNIQUE INDEX one_accepted_difference ON allocation(order_id) WHERE source = 'waived';
CREATE VIEW audit_receipts AS SELECT r.number, r.source,
    CASE WHEN r.source = 'returned' THEN r.company_reference ELSE r.source || ':' || r.company_reference END AS company_reference,
    r.yen, o.number AS order_number, r.received_on FROM allocation r LEFT JOIN "order" o ON o.id = r.order_id;
"""


def up(migrator, db):
    execute(db, BEFORE + (ON_POSTGRESQL if isinstance(db, PostgresqlDatabase) else CREATED + ON_SQLITE) + AFTER)
