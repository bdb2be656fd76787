"""A folder with a Debian, run as a machine: systemd is its first process, with units, sockets, timers and their limits."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

IS_UP = ("running", "degraded")
PATIENCE = 120.0


@contextmanager
def booted(root: Path) -> Iterator[list[str]]:
    """What to begin a command with, so that it runs there as root. The network is the one that we are in."""
    about = ["--register=no", "--keep-unit", "--resolv-conf=off", "--timezone=off", "--machine=bare"]
    places = ["--bind-ro=/opt"] if Path("/opt").is_dir() else []
    command = ["systemd-nspawn", "--quiet", "--boot", f"--directory={root}", *about, *places]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield _when_it_is_up(process.pid)
        finally:
            process.terminate()


def _when_it_is_up(nspawn: int) -> list[str]:
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        with suppress(psutil.NoSuchProcess, StopIteration):
            first = next(child for child in psutil.Process(nspawn).children() if child.name() == "systemd")
            enter = ["nsenter", f"--target={first.pid}", "--mount", "--uts", "--ipc", "--pid", "--cgroup", "--root", "--wd"]
            asked = subprocess.run([*enter, "systemctl", "is-system-running"], capture_output=True, text=True, check=False)
            if asked.stdout.strip() in IS_UP:
                return enter
        time.sleep(0.5)
    raise TimeoutError("systemd did not come up")


def chroot(root: Path) -> list[str]:
    """The same folder without a first process of its own."""
    for source in ("/proc", "/dev", "/sys", *(["/opt"] if Path("/opt").is_dir() else [])):
        subprocess.run(["mount", "--rbind", source, str(root / source.lstrip("/"))], check=True)
    return ["chroot", str(root)]


def let_out(root: Path, network: int) -> None:
    """`/root/outer-net` there is another network, an open file of ours."""
    place = root / "root/outer-net"
    place.touch()
    subprocess.run(["mount", "--bind", f"/proc/self/fd/{network}", str(place)], check=True, pass_fds=(network,))
