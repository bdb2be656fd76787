"""The contract period, as the pages write it."""

from portal import clock
from portal.rules.orders.terms import span
from portal.web.filters import date_ja


def period(months: int) -> str:
    """The term of so many months that begins today."""
    term = span(clock.today(), months)
    return f"{date_ja(term.starts_on)}から{date_ja(term.ends_on)}まで"
