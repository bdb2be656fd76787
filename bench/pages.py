"""Requests per second of a signed-in page, beside a bare Flask page of 10 kB with one SELECT, in the same run.

Half of it is the aim. Prints the ratio and judges nothing. Seconds are those of the processor, so that other programs on the machine
do not count.
"""

import secrets
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from werkzeug.test import Client

from portal.demo.companies import sandbox_companies
from portal.demo.wsgi import create_demo
from portal.runtime.compression import add_compression
from portal.runtime.settings import settings_from
from portal.store import database as store
from portal.store import migrations
from tests import steps
from tests.browser import Browser
from tests.factories import a_customer

ROUNDS, REQUESTS = 7, 350
HEADERS = {"Accept-Encoding": "gzip, br"}


def main() -> None:
    requests = int(sys.argv[1]) if len(sys.argv) > 1 else REQUESTS
    with tempfile.TemporaryDirectory() as folder:
        bare, packed = _bare_page(Path(folder)), _bare_page(Path(folder))
        add_compression(packed)
        contestants = {"bare page of 10 kB, one SELECT": _asks(Client(bare), "/"), "the same in brotli": _asks(Client(packed), "/")}
        contestants |= _signed_in(Path(folder))
        best = _requests_per_second(contestants, requests)
    yardstick = next(iter(best.values()))
    for name, speed in best.items():
        print(f"{name:<34} {speed:7.0f} requests/s   {speed / yardstick:.2f} of the bare page")


def _requests_per_second(contestants: dict[str, Callable[[], None]], requests: int) -> dict[str, float]:
    """The best of several rounds that take turns, so that a busy moment of the machine hits nobody alone."""
    best = dict.fromkeys(contestants, 0.0)
    for _ in range(ROUNDS):
        for name, ask in contestants.items():
            started = time.process_time()
            for _ in range(requests // ROUNDS + 1):
                ask()
            best[name] = max(best[name], (requests // ROUNDS + 1) / (time.process_time() - started))
    return best


def _asks(client: Client, path: str) -> Callable[[], None]:
    def ask() -> None:
        answer = client.get(path, base_url="http://127.0.0.1:8000", headers=HEADERS)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answers {answer.status_code}")

    return ask


def _bare_page(folder: Path) -> Flask:
    """What Flask itself costs: a route, one SELECT on an open connection, a string of 10 kB."""
    words = " ".join(f"{number * 7919:x}" for number in range(1_800))[:10_000]
    connection = sqlite3.connect(folder / "bare.db")
    connection.execute("CREATE TABLE IF NOT EXISTS page (id INTEGER PRIMARY KEY, words TEXT)")
    connection.execute("INSERT INTO page (words) VALUES (?)", (words,))
    connection.commit()
    app = Flask("bare")

    @app.get("/")
    def page() -> str:
        return connection.execute("SELECT words FROM page WHERE id = 1").fetchone()[0]

    return app


def _signed_in(folder: Path) -> dict[str, Callable[[], None]]:
    """A customer with a draft, on the pages of the demo's portal."""
    environ = {"DEMO": "1", "DATA_FOLDER": str(folder), "INSTALLATION_ID": "bench"}
    settings = settings_from(environ | {name: secrets.token_hex(32) for name in ("SECRET_KEY", "NOTICE_SECRET")})
    store.bind(settings.database_url)
    migrations.migrate()
    companies, books = sandbox_companies(settings)
    app = create_demo(settings, companies, books)
    store.ensure_connection()
    a_customer("bench")
    browser = steps.to_the_form(Browser(app, settings.public_url), "bench")
    pages = {"control panel": "/", "contract": "/contract", "contract form": browser.url}
    return {f"signed in: {name}": _asks(browser.client, path) for name, path in pages.items()}


if __name__ == "__main__":
    main()
