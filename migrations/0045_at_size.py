"""Indexes for the search of papers, the months of papers, the journal, a day of staff, and money that is for no order.

On PostgreSQL what begins with a text is found by an index of the collation "C" alone (migration 0043).
"""

from peewee import PostgresqlDatabase

from portal.store.migrations import execute

INDEXES = """
CREATE INDEX invoice_newest ON invoice(traded_on DESC, id DESC, total_yen);
DROP INDEX invoice_traded;
CREATE INDEX invoice_newest_of_yen ON invoice(total_yen, traded_on DESC, id DESC);
DROP INDEX invoice_yen;
CREATE INDEX invoice_customer ON invoice(customer{c});
CREATE INDEX invoice_addressee_begins ON invoice_addressee(addressee{c});
CREATE INDEX invoice_month ON invoice(issued_on, tax_percent, kind, total_yen, tax_yen);
DROP INDEX invoice_issued;
CREATE INDEX invoice_void_day ON invoice_void(voided_on);
CREATE INDEX term_ends ON term(ends_on, id) WHERE order_id IS NOT NULL;
CREATE INDEX allocation_given ON allocation(deposit_id) WHERE source = 'returned' AND order_id IS NULL;
CREATE INDEX order_awaited_yen ON "order"(due_on, id, total_yen) WHERE state = 'placed' AND method = 'bank';
DROP INDEX order_awaited;
CREATE INDEX allocation_day ON allocation(received_on, source, yen);
DROP INDEX allocation_received;
CREATE INDEX order_paid_day ON "order"(paid_on, total_yen) WHERE paid_on IS NOT NULL;
DROP INDEX order_paid_on;
CREATE INDEX deposit_newest ON deposit(booked_on DESC, id DESC);
DROP INDEX deposit_booked;
CREATE INDEX order_with_company ON "order"(id) WHERE state = 'placed' AND method <> 'bank'
"""


def up(migrator, db):
    execute(db, INDEXES.replace("{c}", ' COLLATE "C"' if isinstance(db, PostgresqlDatabase) else ""))
