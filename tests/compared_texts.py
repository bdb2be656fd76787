"""Every so often in every test: is a remembered text of a query the one that peewee writes?"""

from itertools import count
from typing import Any

import pytest
from peewee import BaseQuery

from portal.store.statements import RememberedTexts

EACH = 50  # of about a million in the whole run


def begin(patch: pytest.MonkeyPatch, each: int = EACH) -> None:
    remembered, numbers = RememberedTexts.text_and_values, count()

    def compared(database: RememberedTexts, query: BaseQuery) -> tuple[str, list[Any]]:
        text, values = remembered(database, query)
        if next(numbers) % each == 0 and database.remembers(query):
            assert (text, values) == database.written(query)
        return text, values

    patch.setattr(RememberedTexts, "text_and_values", compared)
