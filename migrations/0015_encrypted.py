"""Second factors of staff and tokens of payment companies are encrypted with the key of the settings; a hash finds a token again."""

from peewee import PostgresqlDatabase

from portal.store.encryption import encrypt, fingerprint
from portal.store.migrations import execute

LONGER = """
ALTER TABLE staff ALTER COLUMN totp_secret TYPE TEXT;
ALTER TABLE payment_method ALTER COLUMN token TYPE TEXT;
"""
HASH = "ALTER TABLE payment_method ADD COLUMN token_hash CHAR(64)"
ONCE = "CREATE UNIQUE INDEX one_row_per_token ON payment_method(account_id, method, company, token_hash)"


def up(migrator, db):
    if isinstance(db, PostgresqlDatabase):  # SQLite has no lengths
        execute(db, LONGER)
    execute(db, HASH)
    for row_id, secret in db.execute_sql("SELECT id, totp_secret FROM staff").fetchall():
        db.execute_sql(f"UPDATE staff SET totp_secret = {db.param} WHERE id = {db.param}", (encrypt(secret), row_id))  # noqa: S608
    change = f"UPDATE payment_method SET token = {db.param}, token_hash = {db.param} WHERE id = {db.param}"  # noqa: S608
    for row_id, token in db.execute_sql("SELECT id, token FROM payment_method WHERE token IS NOT NULL").fetchall():
        db.execute_sql(change, (encrypt(token), fingerprint(token), row_id))
    execute(db, ONCE)
