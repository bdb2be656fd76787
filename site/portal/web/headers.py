"""Security headers on every response: pages, fragments, files and errors."""

from flask import Flask, Response, request

from portal.web.assets import stylesheet_hashes
from portal.web.view_marks import mark_of_this_view

SEE_OTHER = 303
HSTS = "max-age=31536000; includeSubDomains"


def add_headers(app: Flask, *, is_https: bool) -> None:
    policy = content_security_policy()

    @app.after_request
    def secure(response: Response) -> Response:
        headers = response.headers
        headers["Content-Security-Policy"] = policy
        headers["X-Content-Type-Options"] = "nosniff"
        headers["X-Frame-Options"] = "DENY"
        headers["Referrer-Policy"] = "no-referrer" if _has_secret_address() else "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()"
        headers.setdefault("Cache-Control", "no-store" if _has_secret_address() else "private, no-cache")
        if is_https:
            headers["Strict-Transport-Security"] = HSTS
        if mark_of_this_view("forgets_cache"):
            headers["Clear-Site-Data"] = '"cache"'
        if response.status_code == SEE_OTHER:
            response.set_data("")  # every browser follows the address; the page that says so costs 200 bytes a step
        return response


def _has_secret_address() -> bool:
    """A rule with `<token>`: whoever knows the address may use the link, so no other page is told of it."""
    return "token" in (request.view_args or {})


def content_security_policy() -> str:
    styles = " ".join(f"'{found}'" for found in stylesheet_hashes())
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self' {styles}; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
