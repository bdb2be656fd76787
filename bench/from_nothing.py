"""docs/ja/運用.md, followed word by word in a bare Debian: from nothing to nginx, PostgreSQL, two web servers, two workers and a customer.

It makes the Debian with mmdebstrap in a folder, boots it with systemd as its first process, in a network of its own, and types every line
of the document that stands between fences at a terminal there, in its order. After the first part the first customer signs in over TLS and
orders by transfer. At the end no unit may have failed. It prints the minutes.
With --container: the steps of deploy/Containerfile instead, and then its commands, without systemd; no image is pulled.
Wants root, mmdebstrap, systemd-container and util-linux; a bare Debian that is there already (with systemd) may be named as a .tar. What is
not as in the document:

- SOURCE is a copy of this checkout's last commit, which has the tags of the document: the second has one more migration.
- apt-get and deploy/install are let out to the machine's own network and use its own settings for packages.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.bare import container, machine
from bench.bare.terminal import Terminal
from tests.browser import Browser
from tests.documents import JAPANESE, blocks
from tests.nginx import NAME, over_tls
from tests.steps import SERVER_TERMS
from tests.test_company_commands import OWN
from tests.test_followed_docs import CUSTOMERS

HOME = Path(__file__).parents[1]
FIRST_PART = 7  # blocks until the first customer
SYSTEMD = "systemd-sysv,dbus"
AFTERWARDS = (
    "systemctl start portal-backup portal-verify",
    "ls -l /var/backups/portal",
    "systemctl kill --signal=KILL portal-web@8001 portal-worker@1",  # they come back by themselves
    "sleep 10; systemctl is-active portal-web@8001 portal-worker@1",
    "curl --fail --silent --show-error http://127.0.0.1:8001/readyz",
    "systemctl list-timers --no-pager 'portal-*'",
    "systemctl list-units --no-pager --plain --no-legend 'portal-*' 'postgresql*' 'nginx*'",
    "systemd-analyze security --no-pager portal-web@8001 | tail -n 1",
    'test -z "$(systemctl list-units --failed --plain --no-legend)"',
)
PASSWORD = "kawasemi no tori 7"
OUTER = "nsenter --net=/root/outer-net "
NEEDS_PACKAGES = ("apt-get ", "deploy/install", '"/srv/portal-$VERSION/deploy/install"')
AUTHORITIES, OUTER_AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt", "/root/outer-authorities.crt"
PACKAGES = [f"{name}={value}" for name, value in os.environ.items() if name.startswith("PIP_")] + [f"PIP_CERT={OUTER_AUTHORITIES}"]
ONE_MORE = """from portal.store.migrations import execute


def up(migrator, db):
    execute(db, 'CREATE TABLE next_version (id BIGINT PRIMARY KEY); ALTER TABLE account ADD COLUMN next_version VARCHAR(10)')
"""


def main() -> int:
    if os.geteuid() or not all(map(shutil.which, ("mmdebstrap", "unshare", "nsenter", "systemd-nspawn"))):
        print("left out: it wants root, mmdebstrap, systemd-nspawn and util-linux (apt-get install mmdebstrap systemd-container)")
        return 2
    with tempfile.TemporaryDirectory(prefix="portal-bare-", dir="/var/tmp") as folder:
        root = Path(folder) / "root"
        made = time.monotonic()
        make_debian(root, sys.argv[1:])
        print(f"a bare Debian: {time.monotonic() - made:.0f} s", flush=True)
        put_in(root)
        inside = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", sys.executable, __file__, str(root)]
        outer = os.open("/proc/self/ns/net", os.O_RDONLY)
        environ = os.environ | {"OUTER_NET": str(outer), "PYTHONPATH": f"{HOME}:{HOME / 'site'}"}
        return subprocess.run([*inside, *sys.argv[1:]], env=environ, pass_fds=(outer,), check=False).returncode


def make_debian(root: Path, words: list[str]) -> None:
    root.mkdir()
    tar = next((word for word in words if word.endswith(".tar")), "")
    made = (
        ["tar", "-C", str(root), "-xf", tar]
        if tar
        else ["mmdebstrap", "--quiet", "--variant=minbase", f"--include={SYSTEMD}", "bookworm", str(root)]
    )
    subprocess.run(made, check=True)


def put_in(root: Path) -> None:
    """What a new machine has: a name server, its settings for packages, the customers' file; and the program's repository."""
    places = {file: file for file in ("/etc/resolv.conf", "/etc/pip.conf", "/root/.config/pip/pip.conf")} | {AUTHORITIES: OUTER_AUTHORITIES}
    for file, place in places.items():
        if Path(file).exists():
            (root / place.lstrip("/")).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, root / place.lstrip("/"))
    (root / "root/customers.csv").write_text(CUSTOMERS, encoding="cp932")
    versions = [line.partition("=")[2] for block in blocks(JAPANESE) for line in block.splitlines() if line.startswith("VERSION=")]
    make_repository(root / "root/portal.git", versions)


def make_repository(place: Path, versions: list[str]) -> None:
    def git(*words: str, at: Path = place) -> None:
        who = ("-c", "user.name=bench", "-c", "user.email=bench@example.jp")
        subprocess.run(["git", *who, *words], cwd=at, check=True, capture_output=True)

    git("clone", "--bare", str(HOME), str(place), at=HOME)
    git("tag", versions[0])
    with tempfile.TemporaryDirectory() as folder:
        git("worktree", "add", "--detach", f"{folder}/next")
        next_version = Path(folder) / "next"
        (next_version / "migrations" / "9999_next_version.py").write_text(ONE_MORE)
        git("add", "-A", at=next_version)
        git("commit", "-m", "One more migration", at=next_version)
        git("tag", versions[1], at=next_version)
        git("worktree", "remove", "--force", str(next_version))


def inside(root: Path) -> int:
    """In namespaces of our own: nothing that is mounted, opened or started here outlives us."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)
    machine.let_out(root, int(os.environ["OUTER_NET"]))
    if "--container" in sys.argv:
        began, terminal = time.monotonic(), terminal_at(machine.chroot(root))
        is_done = all(typed(terminal, line) for line in container.steps(root, OUTER)) and container.serves()
        print(f"every step of the Containerfile: {(time.monotonic() - began) / 60:.1f} minutes" if is_done else "nobody answers at /readyz")
        return 0 if is_done else 1
    with machine.booted(root) as enter:
        return followed(root, terminal_at(enter))


def terminal_at(enter: Sequence[str]) -> Terminal:
    environ = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "DEBIAN_FRONTEND": "noninteractive"}
    terminal = Terminal([*enter, "bash", "--norc", "--noprofile", "-i"], environ)
    for each in PACKAGES:
        terminal.type(f"export {each}")
    return terminal


def followed(root: Path, terminal: Terminal) -> int:
    began = time.monotonic()
    for number, block in enumerate(blocks(JAPANESE), 1):
        for line in block.splitlines():
            if not typed(terminal, line):
                return 1
        if number == FIRST_PART:
            first_customer(root)
            print(f"the first customer has ordered: {(time.monotonic() - began) / 60:.1f} minutes", flush=True)
    is_done = all(typed(terminal, line) for line in AFTERWARDS)
    second_look(root)
    print(f"every line of the document: {(time.monotonic() - began) / 60:.1f} minutes")
    return 0 if is_done else 1


def typed(terminal: Terminal, line: str) -> bool:
    began, answers = time.monotonic(), ()
    command = "SOURCE=/root/portal.git" if line.startswith("SOURCE=https") else OUTER + line if line.startswith(NEEDS_PACKAGES) else line
    if "company new" in line:
        answers = tuple(OWN.values())
    elif " add " in line and "./run portal" in line:
        answers = (PASSWORD, PASSWORD)
    code, said = terminal.type(command, answers)
    print(f"{time.monotonic() - began:6.1f} s  # {line}", flush=True)
    shown = [each.strip() for each in said.splitlines()[-12 if code else -3 :]]
    print("".join(f"            {each}\n" for each in shown), end="", flush=True)
    if code:
        print(f"ended with {code}: the document is wrong here")
    return code == 0


def browser(root: Path) -> Browser:
    return Browser(over_tls(443, root / "etc/ssl/portal/fullchain.pem"), f"https://{NAME}")


def first_customer(root: Path) -> None:
    customer = browser(root).sign_in("yamada", PASSWORD).visit("/contract").press("新規契約のお申し込みへ進む")
    customer.tick(SERVER_TERMS).press("お支払い方法選択へ").press("お支払い").press("OK")  # without a card company: a transfer
    assert customer.says("お支払い情報"), customer.text()
    assert customer.says(OWN["bank"])
    print(f"            the first customer: {customer.h1}, {customer.url}", flush=True)


def second_look(root: Path) -> None:
    """After restore and upgrade the order is still there."""
    customer = browser(root).sign_in("yamada", PASSWORD).visit("/contract")
    assert customer.says("入金待ち") or customer.says("お支払い"), customer.text()
    print(f"            the first customer again: {customer.h1}", flush=True)


if __name__ == "__main__":
    sys.exit(inside(Path(sys.argv[1])) if "OUTER_NET" in os.environ else main())
