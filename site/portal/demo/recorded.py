"""Whether anything was recorded after a moment: then the clock cannot go back before it."""

from datetime import datetime

from models import Account, Event, Mail, Order
from portal.sandbox.books import Books, stored

MOMENTS = (Event.at, Mail.created_at, Order.created_at, Order.placed_at, Account.created_at)


def is_anything_after(moment: datetime, books: Books) -> bool:
    if any(field.model.select().where(field > moment).exists() for field in MOMENTS):
        return True
    return books.reader().execute("SELECT 1 FROM bank_line WHERE at > ? LIMIT 1", (stored(moment),)).fetchone() is not None
