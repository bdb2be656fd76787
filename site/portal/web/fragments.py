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
        return part("fragment.html", status=status, fragment=fragment, say=say, **context)
    return make_response(render_template(page, **context), status)


def whole_main(page: str, *, say: str, **context: object) -> Response:
    """Replace the whole <main> and the title of an open page. Morphed: what did not change keeps the focus and the selection."""
    response = part(page, frame="_main.html", say=say, **context)
    response.headers.update({"HX-Retarget": "#main", "HX-Reswap": "outerMorph"})
    return response


def stand_in(template: str, *, status: int = 200, say: str = "", **context: object) -> Response:
    """Send htmx this template in place of the fragment that it asked for. The id is the same, so the next swap finds its target."""
    root = mark_of_this_view("fragment_root") or "error"
    return part("fragment.html", status=status, fragment=template, say=say, root=root, **context)


def part(template: str, *, status: int = 200, **context: object) -> Response:
    """A fragment alone. Vary keeps the browser from showing it as a page; a page needs none, because it is asked for again each time."""
    response = make_response(render_template(template, **context), status)
    response.vary.add("HX-Request")
    return response


def lead_to(address: str) -> ResponseReturnValue:
    """Redirect to another page. An htmx request gets a link instead, because htmx would insert the page into this one."""
    return stand_in("errors/_moved_on.html", address=address) if wants_fragment() else redirect(address, code=303)
