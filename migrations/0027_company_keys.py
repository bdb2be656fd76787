"""Payment companies may know an attempt and a visit by a key of their own, which is kept before money is asked for."""

from portal.store.migrations import execute

COMPANY_KEYS = """
ALTER TABLE payment ADD COLUMN company_key VARCHAR(255) NOT NULL DEFAULT '';
ALTER TABLE payment_method_setup ADD COLUMN company_key VARCHAR(255) NOT NULL DEFAULT ''
"""


def up(migrator, db):
    execute(db, COMPANY_KEYS)
