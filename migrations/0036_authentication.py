"""A customer may have to prove at the bank who they are before an automatic charge goes through: the page, and until when it is open."""

from portal.store.migrations import execute

PAGES = """
ALTER TABLE payment ADD COLUMN page VARCHAR(1024) NOT NULL DEFAULT '';
ALTER TABLE payment ADD COLUMN page_until {instant}
"""


def up(migrator, db):
    execute(db, PAGES)
