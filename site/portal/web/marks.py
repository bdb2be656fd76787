"""Marks on views, so that web/ knows no view by its name."""

from collections.abc import Callable
from typing import Any

from flask import current_app, request

View = Callable[..., Any]


def public(view: View) -> View:
    """May be seen without signing in; every other view is refused."""
    return _marked(view, is_public=True)


def fragment_root(name: str) -> Callable[[View], View]:
    """Answers htmx with a fragment of this id. What stands in for it (an error, a link) gets the same id."""
    return lambda view: _marked(view, fragment_root=name)


def no_page(view: View) -> View:
    """Part of a page: nobody is led back to its address after signing in."""
    return _marked(view, is_no_page=True)


def forgets_cache(view: View) -> View:
    """The browser drops what it kept of our pages: nobody after this customer reads them with the back button."""
    return _marked(view, forgets_cache=True)


def mark_of(endpoint: str | None, name: str) -> Any:
    """None where there is no such view, or no such mark on it."""
    return getattr(current_app.view_functions.get(endpoint or ""), name, None)


def mark_of_this_view(name: str) -> Any:
    return mark_of(request.endpoint, name)


def _marked(view: View, **marks: Any) -> View:
    vars(view).update(marks)
    return view
