"""The only reader of `HX-Request`. One address has two renderings: page or fragment."""

from flask import Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from portal.web.view_marks import mark_of_this_view


def wants_fragment() -> bool:
    """True if htmx asks for a fragment. A history restore or a boosted link wants the whole page."""
    headers = request.headers
    return headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in headers and "HX-Boosted" not in headers


def page_or_fragment(page: str, fragment: str, *, status: int = 200, say: str = "", **context: object) -> Response:
    """Render `fragment` alone for an htmx request, else the `page` that includes it.

    `say` is one sentence for screen readers. It is sent out of band, with fragments only.
    """
    if wants_fragment():
        response = make_response(render_template("fragment.html", fragment=fragment, say=say, **context), status)
    else:
        response = make_response(render_template(page, **context), status)
    response.vary.add("HX-Request")
    return response


def stand_in(template: str, *, status: int = 200, say: str = "", **context: object) -> Response:
    """Send htmx this template in place of the fragment that it asked for. The id is the same, so the next swap finds its target."""
    root = mark_of_this_view("fragment_root") or "error"
    response = make_response(render_template("fragment.html", fragment=template, say=say, root=root, **context), status)
    response.vary.add("HX-Request")
    return response


def lead_to(address: str) -> ResponseReturnValue:
    """Redirect to another page. An htmx request gets a link instead, because htmx would insert the page into this one."""
    return stand_in("errors/_moved_on.html", address=address) if wants_fragment() else redirect(address, code=303)
