"""The units of deploy/, as systemd reads them, and the settings that they give to the program."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from portal.runtime.card_companies import CARD_COMPANIES
from portal.runtime.commands import GRACE_SECONDS
from portal.runtime.serving import limits
from portal.runtime.settings import settings_of_real_use
from tests.keys import KEYS
from tests.own_company import own_company

DEPLOY = Path(__file__).parents[2] / "deploy"
README = (DEPLOY.parent / "README.md").read_text("utf-8")
UNITS = ("portal-web@8001.service", "portal-web@8001.socket", "portal-worker@1.service")
TIMED = ("portal-backup", "portal-verify")
MOST_EXPOSED = 1.5  # of 10; the documents name it
CALLED = ("srv/portal/run", "bin/sh", "usr/bin/find")  # all that they call: ours, and what every Debian has (/bin/kill is not of it)
SYSTEM_UNITS = Path("/usr/lib/systemd/system")


def analyze(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["systemd-analyze", *words], capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A machine with the units where the documents put them."""
    if not shutil.which("systemd-analyze") or not SYSTEM_UNITS.is_dir():
        pytest.skip("systemd-analyze is not installed: no unit was checked (apt-get install systemd)")
    root = tmp_path_factory.mktemp("root")
    shutil.copytree(SYSTEM_UNITS, root / SYSTEM_UNITS.relative_to("/"), symlinks=True)
    units = root / "etc" / "systemd" / "system"
    shutil.copytree(DEPLOY / "portal-.service.d", units / "portal-.service.d")
    for file in (file for kind in ("service", "socket", "timer") for file in DEPLOY.glob(f"*.{kind}")):
        shutil.copy(file, units)
    for name in CALLED:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch(mode=0o755)
    return root


def test_systemd_finds_nothing_wrong_in_the_units(root: Path) -> None:
    names = [*UNITS, *(f"{name}.{kind}" for name in TIMED for kind in ("service", "timer"))]
    assert len(names) == len([*DEPLOY.glob("portal*.*e*")]) - 1  # the folder of the drop-in

    done = analyze(f"--root={root}", "verify", "--man=no", *names)

    assert (done.returncode, [line for line in done.stderr.splitlines() if "portal" in line]) == (0, [])


def test_negative_control_a_mistake_in_a_unit_is_found(root: Path) -> None:
    broken = root / "etc" / "systemd" / "system" / "broken.service"
    broken.write_text("[Service]\nExecStart=/nowhere\nProtectSystem=perhaps\n")

    done = analyze(f"--root={root}", "verify", "--man=no", "broken.service")

    assert "perhaps" in done.stderr
    assert done.returncode != 0


@pytest.mark.parametrize("unit", [UNITS[0], UNITS[2], *(f"{name}.service" for name in TIMED)])
def test_every_service_is_hardened(root: Path, unit: str) -> None:
    done = analyze(f"--root={root}", "security", "--offline=true", "--no-pager", unit)

    level = re.search(r"Overall exposure level for \S+: ([\d.]+)", done.stdout)
    assert level, done.stderr
    assert float(level[1]) <= MOST_EXPOSED
    for document in ("docs/operations.md", "docs/ja/運用.md"):
        assert level[1] in (DEPLOY.parent / document).read_text("utf-8")


@pytest.mark.parametrize("unit", ["portal-web@.service", "portal-worker@.service"])
def test_what_cannot_start_is_tried_again_for_ever(unit: str) -> None:
    """systemd gives up after five starts in ten seconds, unless it is told not to: while the database is away that is soon."""
    assert "Restart=always" in (DEPLOY / unit).read_text("utf-8").splitlines()
    assert "StartLimitIntervalSec=0" in (DEPLOY / "portal-.service.d" / "hardened.conf").read_text("utf-8").splitlines()


def test_nginx_names_the_ports_of_the_web_servers() -> None:
    named = re.findall(r"server 127\.0\.0\.1:(\d+)", (DEPLOY / "nginx.conf").read_text("utf-8"))

    assert named == ["8001", "8002"]
    for document in ("docs/operations.md", "docs/ja/運用.md"):
        text = (DEPLOY.parent / document).read_text("utf-8")
        assert "enable --now " + " ".join(f"portal-web@{port}" for port in named) in text
    assert re.findall(r'PORT: "(\d+)"', (DEPLOY / "compose.yaml").read_text("utf-8")) == named


def test_nginx_lets_go_of_a_connection_before_the_portal_does() -> None:
    """Else it may send a POST on one that is just being closed, which it must not send again: a process that ends closes idle ones."""
    kept = int(re.findall(r"keepalive_timeout (\d+)s;", (DEPLOY / "nginx.conf").read_text("utf-8").partition("}")[0])[0])

    assert kept < GRACE_SECONDS * limits.ENDING_IDLE_SHARE - 2
    assert kept < limits.IDLE_SECONDS


def test_the_settings_of_the_documents_start_the_portal(tmp_path: Path) -> None:
    """What systemd and the shell both read: each line is NAME='value' or a comment."""
    lines = (DEPLOY / "settings").read_text("utf-8").splitlines()
    found = [re.fullmatch(r"(# )?([A-Z_]+)='(.*)'", line) for line in lines if "='" in line]
    assert all(found)
    assert all(line.startswith("#") for line in lines if "='" not in line)
    environ = {each[2]: each[3] for each in found if each and not each[1]}

    known = {name for row in CARD_COMPANIES.values() for name in row.variables}
    assert not [each[2] for each in found if each and f"`{each[2]}`" not in README and each[2] not in known]
    own = {"SECRET_KEY": KEYS[0], "DATA_KEYS": KEYS[0], "COMPANY_FOLDER": str(own_company(tmp_path / "company"))}
    assert settings_of_real_use(environ | own).trusted_proxies == 1
