import copy
import math
import tomllib
from datetime import date
from functools import reduce
from operator import getitem
from pathlib import Path

import pytest

from portal.catalog.load import read_catalog
from portal.catalog.mistakes import Mistakes
from portal.catalog.table import Table

COMPANY = Path(__file__).parents[2] / "company"


def every_place(value, path=()):
    """Each table, list and value of the file, as the keys that lead to it."""
    if path:
        yield path
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from every_place(child, (*path, key))


WRITTEN = tomllib.loads((COMPANY / "catalog.toml").read_text(encoding="utf-8"))
NONSENSE = [None, "", "x", 0, -1, 10**30, 1.5, math.nan, True, [], {}, [[]], [{}], {"x": 1}, date(2026, 1, 1), "../../x", "𠮷\x00"]


@pytest.mark.parametrize("nonsense", NONSENSE, ids=repr)
def test_the_checker_survives_any_wrong_value(nonsense):
    """It is accepted (a text is a text), or refused in words; never with a Python error."""
    for path in every_place(WRITTEN):
        values = copy.deepcopy(WRITTEN)
        *way, last = path
        reduce(getitem, way, values)[last] = nonsense
        mistakes = Mistakes(COMPANY / "catalog.toml", {})
        try:
            read_catalog(Table(values, mistakes), COMPANY)
        except Exception as problem:
            raise AssertionError(f"{path} = {nonsense!r}") from problem


@pytest.mark.parametrize("path", list(every_place(WRITTEN)), ids=str)
def test_a_missing_required_key_is_refused(path):
    values = copy.deepcopy(WRITTEN)
    *way, last = path
    del reduce(getitem, way, values)[last]
    mistakes = Mistakes(COMPANY / "catalog.toml", {})
    read_catalog(Table(values, mistakes), COMPANY)

    optional = ("url", "invoice_number_kind", "closed_days", "short_name", "accepted_difference_yen", "brand_color", "brand_mark")
    may_be_absent = (
        path[-1] in optional
        or isinstance(path[-1], int)
        or path[0] in ("retention", "accounting")
        or path in (("payouts",), ("virtual_accounts",))
    )
    assert may_be_absent or mistakes.found
