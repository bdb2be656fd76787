"""A made-up next version of this program: the same code in another folder with one more migration."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests import forked

ROOT = Path(__file__).parents[2]
NEXT = "9999_nicknames"
MIGRATION = '''"""Made up for a test."""

from portal.store.migrations import execute


def up(migrator, db):
    execute(db, "ALTER TABLE account ADD COLUMN nickname VARCHAR(80); UPDATE account SET nickname = login")
'''


def kept() -> dict[str, str]:
    return {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}


class Version:
    def __init__(self, root: Path) -> None:
        self.root = root

    def run(self, *command: str, **environ: str) -> subprocess.CompletedProcess:
        paths = {"PYTHONPATH": f"{self.root}:{self.root / 'site'}", "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.run([sys.executable, "-P", *command], env=kept() | paths | environ, capture_output=True, text=True, timeout=120)

    def portal(self, *arguments: str, **environ: str) -> subprocess.CompletedProcess:
        return self.run("-m", "portal.cli", *arguments, **environ)


class ThisVersion(Version):
    def portal(self, *arguments: str, **environ: str) -> subprocess.CompletedProcess:
        return forked.run("portal.cli", *arguments, env=kept() | environ)


THIS = ThisVersion(ROOT)


def next_version(folder: Path) -> Version:
    folder.mkdir()
    for name in ("site", "models.py", "templates", "static", "company", "pyproject.toml"):
        (folder / name).symlink_to(ROOT / name)
    shutil.copytree(ROOT / "migrations", folder / "migrations", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "migrations" / f"{NEXT}.py").write_text(MIGRATION, encoding="utf-8")
    return Version(folder)
