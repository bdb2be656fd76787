"""What a wheel holds, and what must never be in the project."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[1]
INSTALLED_AT = {"site/portal": "portal", "templates": "portal/templates", "static": "portal/static"}
INSTALLED_AT |= {"migrations": "portal/migrations", "company": "portal/company"}
REGISTRIES = re.compile(rb"(pypi|pythonhosted|npmjs|yarnpkg|unpkg|jsdelivr)\.(org|com|net|io)")
NOT_OURS = {".git", ".venv", "data", "dist", ".pytest_cache", ".ruff_cache", ".hypothesis", "__pycache__"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return next(folder.glob("*.whl"))


def test_a_wheel_holds_every_file_of_the_program_and_nothing_else(wheel):
    expected = {"models.py"}
    for folder, place in INSTALLED_AT.items():
        expected |= {f"{place}/{path.relative_to(ROOT / folder).as_posix()}" for path in files_below(ROOT / folder)}
    with ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}

    assert "portal/app.py" in held
    assert held == expected


def test_an_installed_wheel_runs_from_its_own_files(wheel, tmp_path):
    with ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    environ = {name: value for name, value in os.environ.items() if name != "COMPANY_FOLDER"} | {"PYTHONPATH": str(tmp_path / "installed")}
    command = [sys.executable, "-P", "-m", "portal.cli", "check-catalog"]
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert str(tmp_path / "installed/portal/company") in done.stdout


def test_the_command_of_the_wheel_is_portal():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert project["scripts"] == {"portal": "portal.cli:main"}


def test_site_is_a_source_root_and_no_package():
    assert not (ROOT / "site/__init__.py").exists()


def test_no_ignore_rule_excludes_site_from_a_wheel():
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()

    assert not [line for line in lines if re.fullmatch(r"[/*]*site[/*]*", line.strip())]


@pytest.mark.parametrize("path", sorted(ROOT.glob("requirements*.txt")), ids=lambda path: path.name)
def test_a_lock_holds_pins_and_hashes_only(path):
    for line in path.read_text(encoding="utf-8").replace("\\\n", "").splitlines():
        assert re.match(r"[a-z0-9.-]+==[\w.]+ ( ?; [^:]+)?( +--hash=sha256:[0-9a-f]{64})+$", line), line


def test_no_file_says_where_packages_are_downloaded():
    found = [str(path.relative_to(ROOT)) for path in files_below(ROOT) if REGISTRIES.search(path.read_bytes())]

    assert not found
    assert not (ROOT / "uv.lock").exists()


def test_the_vendored_script_matches_the_hash_in_its_readme():
    import hashlib

    for name in ("htmx.js", "htmx.min.js"):
        script = (ROOT / "static/vendor" / name).read_bytes()

        assert hashlib.sha256(script).hexdigest() in (ROOT / "static/vendor/README.md").read_text(encoding="utf-8")


def files_below(folder: Path) -> list[Path]:
    found = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    return [path for path in found if not NOT_OURS & set(path.relative_to(ROOT).parts) and path.suffix != ".pyc"]
