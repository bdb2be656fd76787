"""Security headers: on every answer what it needs, and nothing twice. Beside a compressed page they are half of what is sent.

`frame-ancestors` says what X-Frame-Options would. No Permissions-Policy: no code and no frame of others runs here. Where a browser says who
embeds an answer, web/guard.py refuses all but our own pages; Cross-Origin-Resource-Policy is for those that do not say it. No Date: the
proxy writes its own, and without one a browser takes its own clock.
"""

from flask import Flask, Response, g, request
from werkzeug.datastructures import Headers

from portal.web.assets import hash_of
from portal.web.own_pages import SAYS_WHO_ASKS
from portal.web.sessions import WITHOUT_SESSION
from portal.web.view_marks import mark_of_this_view

SEE_OTHER, NOT_MODIFIED = 303, 304
NOTHING = "default-src 'none';form-action 'none';base-uri 'none';frame-ancestors 'none'"
PAGE = "default-src 'self';object-src 'none';style-src '{}';form-action 'self'{};base-uri 'none';frame-ancestors 'none'"
HSTS = "max-age=31536000; includeSubDomains"
STORED = ("Cache-Control", "ETag", "Vary", "Clear-Site-Data")  # what a 304 says; all other headers are the stored page's


def add_headers(app: Flask, *, is_https: bool, companies: tuple[str, ...] = ()) -> None:
    """`companies`: the origins of the payment companies' pages, to which our forms lead."""
    forms = "".join(f" {origin}" for origin in companies)

    @app.after_request
    def secure(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Cache-Control", "no-store" if _has_secret_address() else "private, no-cache")
        if mark_of_this_view("forgets_cache"):
            headers["Clear-Site-Data"] = '"cache"'
        if response.status_code == NOT_MODIFIED:
            response.headers = Headers((name, value) for name, value in headers if name in STORED)
        else:
            _add_policies(response, forms)
        if is_https:
            response.headers["Strict-Transport-Security"] = HSTS
        return response


def _add_policies(response: Response, forms: str) -> None:
    headers, is_page = response.headers, "style" in g and response.mimetype == "text/html" and response.status_code != SEE_OTHER
    is_public = request.path.startswith(WITHOUT_SESSION)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer" if _has_secret_address() else "same-origin"
    headers["Content-Security-Policy"] = PAGE.format(hash_of(g.style), forms) if is_page else NOTHING
    if is_page and not is_public:
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if not is_public and SAYS_WHO_ASKS not in request.headers:
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if not response.cache_control.public:
        for name in ("accept-encoding", "available-dictionary"):  # one browser keeps it, for itself, and asks each time
            response.vary.discard(name)
    headers.pop("Date", None)
    if response.status_code == SEE_OTHER:
        response.set_data("")  # every browser follows the address; the page that says so costs 200 bytes a step
        headers.pop("Content-Type", None)


def _has_secret_address() -> bool:
    """A rule with `<token>`: whoever knows the address may use the link, so no other page is told of it."""
    return "token" in (request.view_args or {})
