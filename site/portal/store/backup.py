"""A copy of the live database, all of one moment. Nobody waits for it: neither database lets a reader hold a writer up."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from urllib.parse import unquote, urlsplit

NO_PG_DUMP = "pg_dump が見つかりません（Debian では postgresql-client）。サーバーと同じ版か、新しい版を入れてください。"


class NotCopied(Exception):
    """The copy could not be made or is damaged. str() says why."""


def write(database_url: str, file: Path) -> None:
    """A new file: of SQLite the database itself, of PostgreSQL an archive for pg_restore. It has its name only once it is whole.

    Raises FileExistsError, OSError, NotCopied.
    """
    if file.exists():
        raise FileExistsError(file)
    unfinished = file.with_name(f"{file.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL, 0o600))
    try:
        if database_url.startswith("postgres"):
            _dump(database_url, unfinished)
        else:
            _copy(Path(database_url.removeprefix("sqlite:///")), unfinished)
        _make_durable(unfinished)
        os.link(unfinished, file)  # unlike a rename, it never replaces a file
    finally:
        unfinished.unlink(missing_ok=True)


def _copy(source: Path, file: Path) -> None:
    try:
        with closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as live, closing(sqlite3.connect(file)) as copy:
            live.backup(copy)  # in one step: in several it begins anew whenever somebody writes
            copy.execute("PRAGMA journal_mode = delete")
            damage = copy.execute("PRAGMA quick_check").fetchone()[0]
    except sqlite3.Error as error:
        raise NotCopied(str(error)) from error
    if damage != "ok":
        raise NotCopied(damage)


def _dump(database_url: str, file: Path) -> None:
    program = shutil.which("pg_dump")
    if program is None:
        raise NotCopied(NO_PG_DUMP)
    address, password = without_password(database_url)
    environ = os.environ | ({"PGPASSWORD": password} if password else {})  # a command line can be read by everybody
    command = [program, "--format=custom", "--no-owner", "--no-privileges", f"--file={file}", f"--dbname={address}"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotCopied((done.stderr.strip().splitlines() or ["pg_dump"])[-1])


def without_password(database_url: str) -> tuple[str, str]:
    """The address, and the password that stood in it."""
    parts = urlsplit(database_url)
    _, _, host = parts.netloc.rpartition("@")
    user = f"{parts.username}@" if parts.username else ""
    query = f"?{parts.query}" if parts.query else ""
    return f"postgresql://{user}{host}{parts.path}{query}", unquote(parts.password or "")


def _make_durable(file: Path) -> None:
    for path in (file, file.parent):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
