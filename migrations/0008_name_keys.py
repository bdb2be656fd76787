"""Keys of names, so that a name as its owner writes it is found as a bank prints it. The raw names stay as they are."""

from portal.rules.accounts.name_key import name_key
from portal.store.migrations import execute

COLUMNS = {"account": ("name", "name_key"), "deposit": ("payer", "payer_key"), "transfer_report": ("payer", "payer_key")}


def up(migrator, db):
    for table, (name, key) in COLUMNS.items():
        execute(
            db,
            f"ALTER TABLE {table} ADD COLUMN {key} VARCHAR(255) NOT NULL DEFAULT '';CREATE INDEX {table}_{key} ON {table}({key});",
        )
        update = f"UPDATE {table} SET {key} = {db.param} WHERE id = {db.param}"  # noqa: S608
        for row_id, text in db.execute_sql(f"SELECT id, {name} FROM {table}").fetchall():  # noqa: S608
            db.execute_sql(update, (name_key(text), row_id))
