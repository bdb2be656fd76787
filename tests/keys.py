"""The keys with which stored secrets are read: those of the tests, bound for every process that imports this, and those of a demo."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.demo.folder import DemoFolder
from portal.store import encryption

KEYS = ("the tests' own key: 0123456789abcdef",)


def bind() -> None:
    encryption.bind(KEYS)


@contextmanager
def of_demo(folder: Path) -> Iterator[None]:
    """Those of the demo in this folder, with which its own processes read what is written here."""
    encryption.bind((DemoFolder(folder).secrets()["SECRET_KEY"],))
    try:
        yield
    finally:
        bind()


bind()
