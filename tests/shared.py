"""The folder that all workers of a test run share; it lasts as long as the run's own folders."""

from collections.abc import Callable
from pathlib import Path

import pytest

from portal.store.locks import file_lock

_folder: Path | None = None


def begin(request: pytest.FixtureRequest, factory: pytest.TempPathFactory) -> Path:
    global _folder
    own = factory.getbasetemp()
    _folder = own.parent if hasattr(request.config, "workerinput") else own
    return _folder


def made_once(name: str, make: Callable[[Path], None]) -> Path | None:
    """The first worker makes it, the others wait. None where no tests run: tests/abuse."""
    if _folder is None:
        return None
    made, half = _folder / name, _folder / f"{name}-half-made"
    with file_lock(_folder / f"{name}.lock", patience=600):
        if not made.exists():
            make(half)
            half.rename(made)
    return made
