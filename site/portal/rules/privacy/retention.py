"""How long personal data are kept. The numbers are the company's (`catalog.retention`); all dates are in Japan.

Records of money are kept for whole calendar years after the year of the last one (法人税法: 7 years, 10 after a year with a loss), texts of
mails and messages of companies for whole months after their own.
"""

from datetime import date

from portal.catalog import RetentionNumbers


def first_day_kept(today: date, months: int) -> date:
    """What is older than this day has been kept for that many months, and is over: 24 months, 2026-11-29 -> 2024-11-01."""
    year, month0 = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(year, month0 + 1, 1)


def records_since(today: date, numbers: RetentionNumbers) -> date:
    """An account whose last record is older than this day is over: 10 years, 2026-11-29 -> 2016-01-01."""
    return date(today.year - numbers.records_years, 1, 1)


def erased_from(last_record: date, numbers: RetentionNumbers) -> date:
    """The first day on which an account with that last record is erased: 10 years, 2015-12-31 -> 2026-01-01."""
    return date(last_record.year + numbers.records_years + 1, 1, 1)
