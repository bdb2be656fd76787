"""One promise of the books, as a query for what breaks it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Promise:
    """`broken`: SQL for SQLite and PostgreSQL, a row for each thing that breaks it; `row` prints it. `advice`: what to do then.

    In the query `{day_after_before}` is the next day after `before`, `{sha256_of_content}` the digest of `content`, as hexadecimal digits.
    """

    name: str
    sentence: str
    broken: str
    row: str
    advice: str


@dataclass(frozen=True)
class Sum:
    """Two ways to the same yen: each a query for one number."""

    label: str
    left_label: str
    left: str
    right_label: str
    right: str
