"""A notice knows its mail: if that is withdrawn before it was sent, the notice is written anew."""

from portal.store.migrations import execute


def up(migrator, db):
    execute(db, "ALTER TABLE sent_notice ADD COLUMN mail_id {key} REFERENCES mail(id)")
