"""A demo with two web processes: seconds until it answers, new and again, and the memory of its processes after many pages.

Seconds of the processor are of all its processes until then; on two cores a start cannot take less than half of them.
Memory is PSS: what several processes share is divided among them, so the sum is what the machine gives.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from urllib3 import PoolManager, Retry, Timeout

from tests.real.server import free_port

HOME = Path(__file__).parents[1]
STARTS, PAGES, PROCESSES = 3, 1_200, 2
ADDRESSES = ("/", "/contract", "/account", "/mails")
PEOPLE = ("renew", "part", "new")
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
MEBIBYTE = 1024 * 1024


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for number in range(STARTS + 1):
            with demo(Path(folder)) as (port, seconds, processes):
                worked = sum(sum(each.cpu_times()[:2]) for each in [processes, *processes.children(recursive=True)])
                what = f"answers after {seconds:.1f} s, {worked:.1f} s of the processor, load {os.getloadavg()[0]:.1f}"
                print(f"{'again' if number else 'new':<6} {what}", flush=True)
                if number == STARTS:
                    print_memory("at the start", processes)
                    ask(port)
                    print_memory(f"after {PAGES} pages", processes)


@contextmanager
def demo(folder: Path) -> Iterator[tuple[int, float, psutil.Process]]:
    """Its port, the seconds until it answered, and its first process."""
    port, began = free_port(), time.monotonic()
    environ = os.environ | {"PYTHONPATH": f"{HOME}:{HOME / 'site'}", "PROCESSES": str(PROCESSES)}
    command = [sys.executable, "-P", "-m", "portal.cli", "demo", "--port", str(port), "--data", str(folder / "data")]
    process = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with PoolManager(retries=Retry(total=1_000, backoff_factor=0.02, backoff_max=0.05), timeout=Timeout(5)) as http:
        http.request("GET", f"http://127.0.0.1:{port}/login")
    try:
        yield port, time.monotonic() - began, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(60)


def ask(port: int) -> None:
    """Each person signs in once and asks for pages; connections are new ones, so that all web processes get their share."""
    people = [signed_in(port, login) for login in PEOPLE]
    with PoolManager() as http:
        for number in range(PAGES):
            address = f"http://127.0.0.1:{port}{ADDRESSES[number % len(ADDRESSES)]}"
            cookie = people[number % len(people)]
            headers = {"Cookie": cookie, "Connection": "close", "Accept-Encoding": "br"}
            answer = http.request("GET", address, headers=headers, redirect=False)
            if answer.status != 200:
                raise SystemExit(f"{address} answers {answer.status}")


def signed_in(port: int, login: str) -> str:
    """The cookie of a session."""
    with PoolManager() as http:
        page = http.request("GET", f"http://127.0.0.1:{port}/login")
        headers = {"Cookie": page.headers["Set-Cookie"].partition(";")[0]}
        fields = {"csrf_token": TOKEN.search(page.data.decode())[1], "login": login, "password": "demo-pass", "next": "/"}
        answer = http.request(
            "POST", f"http://127.0.0.1:{port}/login", fields=fields, headers=headers, encode_multipart=False, redirect=False
        )
        return "; ".join(line.partition(";")[0] for line in answer.headers.getlist("Set-Cookie"))


def print_memory(when: str, first: psutil.Process) -> None:
    found = {name_of(process): process.memory_full_info() for process in [first, *first.children(recursive=True)]}
    for name, memory in sorted(found.items()):
        print(f"{when:<18} {name:<16} {memory.pss / MEBIBYTE:6.1f} MiB PSS {memory.rss / MEBIBYTE:6.1f} MiB RSS")
    served = sum(memory.pss for name, memory in found.items() if not name.startswith("demo"))
    print(f"{when:<18} {'web and worker':<16} {served / MEBIBYTE:6.1f} MiB PSS", flush=True)


def name_of(process: psutil.Process) -> str:
    command = process.cmdline()
    kinds = {"portal.runtime.serving.parent": "web, parent", "portal.runtime.serving.process": f"web {process.pid}", "worker": "worker"}
    return next((name for word, name in kinds.items() if word in command), "demo, supervisor")


if __name__ == "__main__":
    main()
