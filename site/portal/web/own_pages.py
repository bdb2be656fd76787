"""Whether a request comes from a page of our own, as far as the browser says. For posts the CSRF token is checked besides."""

from urllib.parse import urlsplit

from flask import current_app, request

SAYS_WHO_ASKS = "Sec-Fetch-Site"


def is_embedded_elsewhere() -> bool:
    """True if the browser says that a page of another site or host loads this as a part of itself: as a picture, a script, data."""
    asks, mode = request.headers.get(SAYS_WHO_ASKS), request.headers.get("Sec-Fetch-Mode")
    return request.method in ("GET", "HEAD") and asks in ("cross-site", "same-site") and mode != "navigate"


def is_from_elsewhere() -> bool:
    """True if the browser says that another site sent it. Browsers that say nothing (some text browsers) are judged by the token alone."""
    return _sender() is False


def is_surely_ours() -> bool:
    """True if the browser says that one of our own pages sent it."""
    return _sender() is True


def _sender() -> bool | None:
    """Sec-Fetch-Site is the surest; then Origin, which may be `null`; then Referer. None if there is none of them."""
    site = request.headers.get(SAYS_WHO_ASKS)
    if site:
        return True if site == "same-origin" else None if site == "none" else False
    for header in ("Origin", "Referer"):
        value = request.headers.get(header, "")
        if value not in ("", "null"):
            return _origin(value) in (_origin(request.host_url), _origin(current_app.extensions["settings"].public_url))
    return None


def _origin(address: str) -> tuple[str, str]:
    try:
        parts = urlsplit(address)
    except ValueError:
        return "", ""
    return parts.scheme, parts.netloc.lower()
