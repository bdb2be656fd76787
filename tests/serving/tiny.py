"""A WSGI app without Flask, for tests of the server itself."""

import gc
from collections.abc import Iterable
from typing import Any


def app() -> Any:
    return answer


def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answers how many bytes it got; `/large` is 200,000 bytes; `/garbage` has a header about Python's collector."""
    body = b"a" * 200_000 if environ["PATH_INFO"] == "/large" else b"got %d" % len(environ["wsgi.input"].read())
    headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))]
    if environ["PATH_INFO"] == "/garbage":
        headers.append(("Garbage", f"{gc.get_freeze_count()} never, else every {gc.get_threshold()[0]}"))
    start_response("200 OK", headers)
    return [body]
