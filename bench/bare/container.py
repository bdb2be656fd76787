"""The steps of deploy/Containerfile in a bare Debian, and then `migrate`, `serve` and `worker` as its user, with a company of its own."""

import re
import shlex
import subprocess
import time
from pathlib import Path

from portal.runtime.server import answers
from tests.own_company import own_company

HOME = Path(__file__).parents[2]
CONTAINERFILE = HOME / "deploy" / "Containerfile"
SETTINGS = {
    "DATABASE_URL": "sqlite:////var/lib/portal/portal.db",
    "COMPANY_FOLDER": "/etc/portal/company",
    "PUBLIC_URL": "https://portal.example.jp",
    "INSTALLATION_ID": "container-1",
    "TRUSTED_PROXIES": "1",
    "SECRET_KEY": "3f9c" * 4 + "b2e71d08" * 4,
    "DATA_KEYS": "91d4" * 4 + "a7c05e62" * 4,
}


def steps(root: Path, outer: str) -> list[str]:
    """What a person types instead of each instruction. A COPY is done here."""
    typed = []
    for name, what in re.findall(r"^([A-Z]+) (.+)$", CONTAINERFILE.read_text("utf-8"), re.MULTILINE):
        match name:
            case "FROM" | "USER" | "ENTRYPOINT" | "CMD":
                continue
            case "WORKDIR":
                typed.append(f"mkdir -p {what} && cd {what}")
            case "COPY":
                typed.append(f"tar -xf {_archive(root)}")
            case "RUN":
                typed.append(f"{outer}sh -c {shlex.quote(what)}")
            case _:
                raise AssertionError(f"{name} is new: say here what a person would type")
    as_user = "setpriv --reuid portal --regid portal --init-groups --no-new-privs env " + " ".join(f"{k}={v}" for k, v in SETTINGS.items())
    (root / "etc/portal").mkdir(parents=True)
    own_company(root / "etc/portal/company")
    typed.append("chmod -R a+rX /etc/portal")
    programs = [f"({as_user} /srv/portal/run {command} > /var/log/{command}.log 2>&1 &)" for command in ("serve", "worker")]
    return [*typed, f"{as_user} /srv/portal/run migrate", *programs]


def _archive(root: Path) -> str:
    file = root / "root" / "program.tar"
    file.parent.mkdir(exist_ok=True)
    subprocess.run(["git", "archive", "--output", str(file), "HEAD"], cwd=HOME, check=True)
    return "/root/program.tar"


def serves(seconds: float = 120) -> bool:
    """In this network, at the port of `serve`."""
    give_up = time.monotonic() + seconds
    while not (is_there := answers("127.0.0.1", 8000, "/readyz")) and time.monotonic() < give_up:
        time.sleep(1)
    return is_there
