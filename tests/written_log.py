"""All that the program would write to its log, by the very handler, filters and formatter of a real process."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from portal.runtime import logs


class WrittenLog:
    def __init__(self, stream: io.StringIO) -> None:
        self._stream = stream

    @property
    def text(self) -> str:
        return self._stream.getvalue()

    @property
    def lines(self) -> list[dict[str, str]]:
        return [json.loads(line) for line in self.text.splitlines()]

    @property
    def events(self) -> list[dict[str, str]]:
        """The lines of the security log."""
        return [line for line in self.lines if line["logger"] == "portal.security"]

    def clear(self) -> None:
        self._stream.seek(0)
        self._stream.truncate()


@contextmanager
def written_log(*, as_json: bool = True) -> Iterator[WrittenLog]:
    stream = io.StringIO()
    handler, root = logging.StreamHandler(stream), logging.getLogger()
    logs.guard(handler, as_json=as_json)
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield WrittenLog(stream)
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
