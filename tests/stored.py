"""What the database holds, to prove that nothing was changed."""

from models import TABLES, CountedTry, Session

ALWAYS_WRITTEN = (Session, CountedTry)  # by every page of somebody who is signed in; by a search


def everything_stored() -> dict[str, list[tuple]]:
    return {table.__name__: sorted(table.select().tuples(), key=repr) for table in TABLES if table not in ALWAYS_WRITTEN}
