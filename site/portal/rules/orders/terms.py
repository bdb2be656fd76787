"""Terms are month-aligned: a term ends on the last day of a month. All dates are inclusive."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Span:
    """One stretch of time, first and last day included."""

    starts_on: date
    ends_on: date

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days + 1


def span(starts_on: date, months: int) -> Span:
    return Span(starts_on, term_end(starts_on, months))


def following(previous_end: date, months: int) -> Span:
    """The renewal of a term: it begins on the day after, also when it is paid late."""
    return span(previous_end + timedelta(days=1), months)


def term_end(starts_on: date, months: int) -> date:
    """The last day of the last month; from any day but the 1st, the rest of that month comes on top, free."""
    if months < 1:
        raise ValueError("a term has at least one month")
    whole_months = months - 1 if starts_on.day == 1 else months
    year, month0 = divmod(starts_on.year * 12 + starts_on.month - 1 + whole_months, 12)
    return date(year, month0 + 1, monthrange(year, month0 + 1)[1])
