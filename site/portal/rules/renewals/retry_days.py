"""Dunning: the retry days after a declined automatic charge.

The days are those of the catalog (`catalog.renewal.charge_days`, the company's guide: 5, 10, 15, 20, 25 and 28 of the month). One mail per
decline; a hard decline (expired or stolen card) is not retried. All dates are inclusive dates in Japan.
"""

from datetime import date, timedelta

from portal.catalog import RenewalNumbers


def retry_days(ends_on: date, after: date, numbers: RenewalNumbers) -> list[date]:
    """The remaining charge days, after `after`, of the month in which the term ends."""
    return [day for number in numbers.charge_days if (day := ends_on.replace(day=number)) > after]


def next_charge_day(since: date, numbers: RenewalNumbers) -> date:
    """The first charge day on or after `since`, possibly in the next month. Used when all planned days were missed."""
    following = (since.replace(day=1) + timedelta(days=31)).replace(day=1)
    days = [month.replace(day=number) for month in (since, following) for number in numbers.charge_days]
    return min(day for day in days if day >= since)
