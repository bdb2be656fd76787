"""Marks (decorators) on views, so that web/ needs no list of view names."""

from collections.abc import Callable
from typing import Any

from flask import Flask, current_app, request

View = Callable[..., Any]


def public(view: View) -> View:
    """The view needs no sign-in. All other views do."""
    return _marked(view, is_public=True)


def fragment_root(name: str) -> Callable[[View], View]:
    """The view answers htmx with a fragment that has this id. A replacement (an error, a link) gets the same id."""
    return lambda view: _marked(view, fragment_root=name)


def no_page(view: View) -> View:
    """The view renders only a part of a page. Sign-in never redirects back to it."""
    return _marked(view, is_no_page=True)


def keeps_input(page: str) -> Callable[[View], View]:
    """What is typed for this view survives the session's end: after signing in, the page (the name of its view) shows it again.

    Each view that posts has this mark or one of the next two.
    """
    return lambda view: _marked(view, is_typed=True, keeps_input=page)


def loses_input(view: View) -> View:
    """What is typed for this view must not be kept: passwords and codes. The page says so."""
    return _marked(view, is_typed=True, keeps_input=None)


def shows_form(view: View) -> View:
    """The page of a form that is not kept. Pages of forms that are kept need no mark."""
    return _marked(view, shows_form=True)


def takes_file(view: View) -> View:
    """The view is sent a file, which may be larger than anything that is typed: LARGEST_UPLOAD of runtime/serving/limits.py."""
    return _marked(view, takes_file=True)


def types_nothing(view: View) -> View:
    """The view is a button alone, or a final OK, which must be pressed by somebody who is signed in."""
    return _marked(view, is_typed=False, keeps_input=None)


def answers_again(answer: Callable[[], Any]) -> Callable[[View], View]:
    """The view's first press ends the session. `answer` is what its second press gets, or None if this is none."""
    return lambda view: _marked(view, answers_again=answer)


def forgets_cache(view: View) -> View:
    """The browser clears its cache of our pages, so the back button shows nothing after sign-out."""
    return _marked(view, forgets_cache=True)


def pages_with_forms(app: Flask) -> set[str]:
    """The views that can be opened and show a form in which something is typed. Found at the first page, for all that follow."""
    found = app.extensions.get("pages_with_forms")
    if found is None:
        shown = {endpoint for endpoint, view in app.view_functions.items() if hasattr(view, "shows_form")}
        found = app.extensions["pages_with_forms"] = shown | kept_pages(app)
    return found


def kept_pages(app: Flask) -> set[str]:
    """The views whose forms are kept."""
    return {page for view in app.view_functions.values() if (page := getattr(view, "keeps_input", None))}


def mark_of(endpoint: str | None, name: str) -> Any:
    """The mark's value. None if there is no such view or no such mark."""
    return getattr(current_app.view_functions.get(endpoint or ""), name, None)


def mark_of_this_view(name: str) -> Any:
    return mark_of(request.endpoint, name)


def _marked(view: View, **marks: Any) -> View:
    vars(view).update(marks)
    return view
