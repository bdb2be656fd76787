"""The browsers of the tests, each with and without its back/forward cache. All are Debian's, driven by Playwright.

Chromium speaks its own protocol, Firefox WebDriver BiDi (see `firefox_relay.py`).
"""

import os
import shutil
import sys
from contextlib import ExitStack
from enum import Enum
from pathlib import Path
from typing import Any, Self

import pytest
from playwright.sync_api import Browser, BrowserType, Playwright

from tests.real import firefox_relay

ARGUMENTS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    "--disable-gpu",
    "--disable-dev-shm-usage",
]


IS_LONG = os.environ.get("BROWSERS") == "all"  # ./run browsers


class Kind(Enum):
    """`KEEPS`: Back shows the page as it was left, from the back/forward cache; else it is made anew."""

    CHROMIUM = "Chromium"
    CHROMIUM_KEEPS = "Chromium with bfcache"
    FIREFOX = "Firefox"
    FIREFOX_KEEPS = "Firefox with bfcache"

    @property
    def is_firefox(self) -> bool:
        return self in (Kind.FIREFOX, Kind.FIREFOX_KEEPS)

    @property
    def keeps_pages(self) -> bool:
        return self in (Kind.CHROMIUM_KEEPS, Kind.FIREFOX_KEEPS)


def in_browsers(*kinds: Kind) -> pytest.MarkDecorator:
    """The test runs in these, and with `./run browsers` in all."""
    return pytest.mark.parametrize("kind", list(Kind) if IS_LONG else kinds, ids=lambda kind: kind.value)


class Browsers:
    """Starts each kind of browser when it is first asked for."""

    def __init__(self, playwright: Playwright, folder: Path) -> None:
        self._playwright, self._folder = playwright, folder
        self._started: dict[Kind, Browser] = {}
        self._open = ExitStack()

    def get(self, kind: Kind) -> Browser:
        if kind not in self._started:
            engine, options = self._firefox(kind) if kind.is_firefox else self._chromium(kind)
            self._started[kind] = self._open.enter_context(engine.launch(**options))
        return self._started[kind]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def _chromium(self, kind: Kind) -> tuple[BrowserType, dict[str, Any]]:
        path = shutil.which("chromium") or shutil.which("chromium-browser")
        arguments = ARGUMENTS + (["--no-sandbox"] if os.geteuid() == 0 else [])
        left_out = ["--disable-back-forward-cache"] if kind.keeps_pages else []
        return self._playwright.chromium, {"executable_path": path, "args": arguments, "ignore_default_args": left_out or None}

    def _firefox(self, kind: Kind) -> tuple[BrowserType, dict[str, Any]]:
        settings = {} if kind.keeps_pages else {"browser.sessionhistory.max_total_viewers": 0}
        return self._playwright.firefox, firefox_options(self._folder, settings)


def firefox_options(folder: Path, settings: dict[str, object]) -> dict[str, Any]:
    """How Playwright launches Debian's Firefox; without one the test is skipped."""
    path = shutil.which("firefox-esr") or shutil.which("firefox")
    if path is None:
        pytest.skip("there is no Firefox here; on Debian `apt-get install firefox-esr` brings it")
    program = folder / "firefox"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{firefox_relay.__file__}" "{path}" "$@"\n')
    program.chmod(0o755)
    return {"channel": "moz-firefox", "executable_path": program, "firefox_user_prefs": settings}
