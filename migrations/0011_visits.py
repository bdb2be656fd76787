"""Visits to a company of which nothing came back: the company is asked to end them, until it has."""

from portal.store.migrations import execute

VISITS = """
ALTER TABLE payment_method_setup ADD COLUMN next_try_at {instant};
CREATE INDEX setup_left_open ON payment_method_setup(created_at) WHERE state = 'open';
CREATE INDEX setup_to_end ON payment_method_setup(next_try_at) WHERE next_try_at IS NOT NULL
"""


def up(migrator, db):
    execute(db, VISITS)
