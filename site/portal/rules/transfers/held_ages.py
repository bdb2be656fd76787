"""How long money has been held for customers: the columns of staff's list."""

from datetime import date, timedelta

AGES = (("30日まで", 30), ("90日まで", 90), ("1年まで", 365))  # the label, and the most days since it came
OLDER = "1年を超える"
LABELS = (*(label for label, _ in AGES), OLDER)


def oldest_days(today: date) -> list[date]:
    """The first day on which money of each age can have come, the newest age first. What came before the last of them is OLDER."""
    return [today - timedelta(days=days) for _, days in AGES]
