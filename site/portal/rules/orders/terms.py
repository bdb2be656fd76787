"""The days of a term. A term always ends on the last day of a month (the company's guide). All dates are inclusive dates in Japan."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Span:
    """A period with its first and last day, both included."""

    starts_on: date
    ends_on: date

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days + 1


def span(starts_on: date, months: int) -> Span:
    return Span(starts_on, term_end(starts_on, months))


def following(previous_end: date, months: int) -> Span:
    """The term that renews one with this end. It starts on the next day, even if it is paid late (the company's guide)."""
    return span(previous_end + timedelta(days=1), months)


def term_end(starts_on: date, months: int) -> date:
    """The last day of the last month. If the term starts on the 1st, that month is the first of `months`; else its rest is free.

    Raises ValueError if `months` is below 1. Source: the company's guide.
    """
    if months < 1:
        raise ValueError("a term has at least one month")
    whole_months = months - 1 if starts_on.day == 1 else months
    year, month0 = divmod(starts_on.year * 12 + starts_on.month - 1 + whole_months, 12)
    return date(year, month0 + 1, monthrange(year, month0 + 1)[1])


def beginning(ends_on: date, months: int) -> date:
    """The first day of the whole months that end on this last day of a month."""
    year, month0 = divmod(ends_on.year * 12 + ends_on.month - months, 12)
    return date(year, month0 + 1, 1)
