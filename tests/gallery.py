"""The pages of /demo/states, made once for all workers of a test run."""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from portal.demo.states import making
from portal.demo.states.shelf import CONTENTS
from portal.runtime.settings import sample_company
from portal.store import encryption
from portal.store.locks import file_lock
from tests.forecast.noted import NotingAlbum


@dataclass(frozen=True)
class Gallery:
    folder: Path

    @cached_property
    def contents(self) -> dict[str, Any]:
        return json.loads((self.folder / CONTENTS).read_text("utf-8"))

    @property
    def states(self) -> dict[str, dict[str, Any]]:
        return self.contents["states"]

    def html(self, state: str) -> str:
        return (self.folder / f"{state}.html").read_text("utf-8")


def made_once(factory: pytest.TempPathFactory) -> Gallery:
    """The first worker makes them, the others wait."""
    base = factory.getbasetemp()
    shared = base.parent if base.name.startswith("popen-") else base
    with file_lock(shared / "gallery.lock", patience=600):
        if not (shared / "gallery").exists():
            album = NotingAlbum()
            making.make(shared / "gallery", sample_company(), album)
            album.write(shared / "gallery")
            encryption.bind(())
    return Gallery(shared / "gallery")
