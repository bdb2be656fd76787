"""Rows that go, a few in each transaction: nobody waits for long, however many there are."""

from peewee import Expression, Model

A_BATCH = 500


def delete(table: type[Model], condition: Expression) -> int:
    """Delete the rows that an index finds by the condition. Returns how many. Not inside a transaction."""
    key, done = table._meta.primary_key, 0
    batch = table.select(key).where(condition).limit(A_BATCH)
    while True:
        rows = table.delete().where(key.in_(batch), condition).execute()
        done += rows
        if rows < A_BATCH:
            return done
