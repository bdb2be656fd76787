"""Indexes for staff's lists and searches and for the jobs of retention, so that none of them reads a whole table.

On PostgreSQL a text that begins with something is found only by an index whose order is that of the letters' numbers: the collation "C".
SQLite's own order is that one, and what it needs is there but for mails.
"""

from peewee import PostgresqlDatabase

from portal.store.migrations import execute

INDEXES = """
CREATE INDEX mail_recipient ON mail(lower(recipient){c});
CREATE INDEX order_newest_of_yen ON "order"(total_yen, placed_at DESC) WHERE state <> 'draft';
DROP INDEX order_yen;
CREATE INDEX subscription_certificate ON subscription(id) WHERE kind = 'certificate';
CREATE INDEX order_may_be_paid ON "order"(total_yen) WHERE state IN ('placed', 'expired');
CREATE INDEX order_paid_on ON "order"(paid_on) WHERE paid_on IS NOT NULL;
CREATE INDEX domain_account ON domain(account_id);
CREATE INDEX domain_name ON domain(name{c});
CREATE INDEX certificate_name ON certificate(common_name{c});
CREATE INDEX hosting_event_account ON hosting_event(account_id, id);
CREATE INDEX hosting_event_waiting ON hosting_event(id) WHERE state <> 'sent';
CREATE INDEX deposit_valued ON deposit(valued_on);
CREATE INDEX bank_line_identity ON bank_line(identity);
CREATE INDEX bank_line_booked ON bank_line(booked_on);
CREATE INDEX payment_method_setup_stored ON payment_method_setup(payment_method_id) WHERE payment_method_id IS NOT NULL;
CREATE INDEX session_created ON session(created_at);
CREATE INDEX one_time_link_with_address ON one_time_link(created_at) WHERE address <> '';
CREATE INDEX bank_line_with_payer ON bank_line(file_id) WHERE payer <> '';
CREATE INDEX account_closed ON account(closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX subscription_ended ON subscription(ended_on) WHERE ended_on IS NOT NULL
"""

ON_POSTGRESQL = """
CREATE INDEX account_login_begins ON account(login COLLATE "C");
CREATE INDEX account_email_begins ON account(lower(email) COLLATE "C");
CREATE INDEX account_name_begins ON account(name_key COLLATE "C");
CREATE INDEX order_number_begins ON "order"(number COLLATE "C");
CREATE INDEX order_former_name_begins ON "order"(former_name_key COLLATE "C") WHERE former_name_key <> '';
CREATE INDEX transfer_report_payer_begins ON transfer_report(payer_key COLLATE "C");
CREATE INDEX deposit_payer_begins ON deposit(payer_key COLLATE "C")
"""


def up(migrator, db):
    is_postgresql = isinstance(db, PostgresqlDatabase)
    execute(db, INDEXES.replace("{c}", ' COLLATE "C"' if is_postgresql else ""))
    if is_postgresql:
        execute(db, ON_POSTGRESQL)
