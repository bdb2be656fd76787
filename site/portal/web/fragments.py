"""The only reader of `HX-Request`: one address, two renderings."""

from flask import Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from portal.web.marks import mark_of_this_view


def wants_fragment() -> bool:
    """Whether htmx asks for a part of a page; a restored history entry or a boosted link wants the whole page."""
    headers = request.headers
    return headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in headers and "HX-Boosted" not in headers


def page_or_fragment(page: str, fragment: str, *, status: int = 200, say: str = "", **context: object) -> Response:
    """Render `fragment` alone for an htmx request, else the `page` that includes it.

    `say` is one sentence for the screen reader; it goes out of band, with fragments only.
    """
    if wants_fragment():
        response = make_response(render_template("fragment.html", fragment=fragment, say=say, **context), status)
    else:
        response = make_response(render_template(page, **context), status)
    response.vary.add("HX-Request")
    return response


def stand_in(template: str, *, status: int = 200, **context: object) -> Response:
    """What htmx gets in place of the fragment that it asked for, under the same id, so that the next answer finds its place."""
    root = mark_of_this_view("fragment_root") or "error"
    response = make_response(render_template(template, root=root, **context), status)
    response.vary.add("HX-Request")
    return response


def lead_to(address: str) -> ResponseReturnValue:
    """Go to another page. htmx would put that page inside this one: it gets a link to it instead."""
    return stand_in("errors/_moved_on.html", address=address) if wants_fragment() else redirect(address, code=303)
