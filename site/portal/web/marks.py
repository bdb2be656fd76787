"""Marks on views."""

from collections.abc import Callable
from typing import Any


def public(view: Callable[..., Any]) -> Callable[..., Any]:
    """May be seen without signing in; every other view is refused."""
    view.is_public = True
    return view
