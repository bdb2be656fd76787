"""Words of the program's closed lists, such as `OrderState.PAID`, stand in a query's text where something is compared with them.

As values they would cost more than the query: a partial index (`WHERE state = 'placed'`) makes SQLite look at the value, and then it
compiles the whole query anew each time that one is given.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from peewee import Context


def is_constant(value: Any) -> bool:
    return isinstance(value, StrEnum)


class TextsWithConstants(Context):
    """What is stored stays a value: a row has so many combinations of words that few texts would be asked twice."""

    def value(self, value: Any, converter: Callable[[Any], Any] | bool | None = None, add_param: bool = True) -> Context:
        if self.state.in_expr and is_constant(value):
            return self.literal(f"'{value!s}'")
        return super().value(value, converter, add_param)
