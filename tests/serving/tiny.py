"""A WSGI app without Flask, for tests of the server itself."""

from collections.abc import Iterable
from typing import Any


def app() -> Any:
    return answer


def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answers how many bytes it got; `/large` is 200,000 bytes."""
    body = b"a" * 200_000 if environ["PATH_INFO"] == "/large" else b"got %d" % len(environ["wsgi.input"].read())
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
