"""Which page wrote a draft last and when it was sent, and the content that was shown before a company's page."""

from portal.store.migrations import execute

COLUMNS = """
ALTER TABLE "order" ADD COLUMN typed_page VARCHAR(40) NOT NULL DEFAULT '';
ALTER TABLE "order" ADD COLUMN typed_sent BIGINT NOT NULL DEFAULT 0;
ALTER TABLE payment_method_setup ADD COLUMN seen VARCHAR(64) NOT NULL DEFAULT ''
"""


def up(migrator, db):
    execute(db, COLUMNS)
