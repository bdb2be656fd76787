"""Which web server: speed of three pages, memory, and what hostile clients do to it. Prints tables and judges nothing.

Only what is installed is measured. All candidates serve the same demo data at once; rounds take turns, and medians count.
"""

import os
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from bench.servers.candidates import CANDIDATES, Candidate, environment
from bench.servers.customers import PAGES, Times, ask_fresh, ask_in_turns, sign_in
from bench.servers.protocol import protocol_facts
from bench.servers.stopping import counted_reload, counted_stop
from portal.web.assets import asset_url
from tests.hostile import KINDS, crowd

ROUNDS, REQUESTS, HOSTILE, PROBES = 3, 120, 60, 8
GIVE_UP_AFTER = 2  # probes that never came back: the kind has stopped the server


def main() -> None:
    chosen = sys.argv[1:]
    wanted = [each for each in CANDIDATES if not chosen or each.name in chosen]
    for each in wanted:
        if not each.is_installed:
            print(f"left out, not installed: {each.name} ({', '.join(each.needs)})")
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        environ, started = environment(Path(folder)), []
        for each, port in zip([each for each in wanted if each.is_installed], free_ports(), strict=False):
            stack.callback(each.stop)
            each.start(port, environ)
            started.append(each)
        speeds(started)
        hostility(started)
        table("protocol", started, protocol_facts)
        stops(started, environ)


def free_ports() -> Iterator[int]:
    while True:
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            port = listener.getsockname()[1]
        yield port


def speeds(candidates: list[Candidate]) -> None:
    print(f"\n## Pages: requests/s and p99 in ms, medians of {ROUNDS} rounds of {REQUESTS} on 4 kept connections; memory; load {load()}\n")
    found: dict[tuple[str, str], list[tuple[float, float]]] = {}
    cookies = {each.name: sign_in(each.port) for each in candidates}
    for _ in range(ROUNDS):
        for page, path in PAGES.items():
            for each in candidates:
                speed, times = ask_in_turns(each.port, path, cookies[each.name], REQUESTS)
                found.setdefault((each.name, page), []).append((speed, times.percentile(0.99) * 1000))
    print(row("server", *PAGES, "memory MB"))
    for each in candidates:
        cells = [" / ".join(f"{statistics.median(figures):.0f}" for figures in zip(*found[each.name, page], strict=True)) for page in PAGES]
        print(row(each.name, *cells, f"{each.megabytes():.0f}"))


def hostility(candidates: list[Candidate]) -> None:
    print(f"\n## An ordinary page in ms, median and longest of {PROBES}, while {HOSTILE} connections of a kind are open; load {load()}\n")
    print(row("server", "none", *[kind.name for kind in KINDS]))
    for each in candidates:
        cookie = sign_in(each.port)
        cells = [probed(each.port, cookie)]
        for kind in KINDS:
            path = asset_url("vendor/htmx.min.js") if kind.reads_slowly else "/login"
            with crowd(kind, HOSTILE, each.port, path=path):
                time.sleep(1)
                cells.append(probed(each.port, cookie))
        print(row(each.name, *cells), flush=True)


def probed(port: int, cookie: str) -> str:
    times = Times()
    for _ in range(PROBES):
        ask_fresh(port, "/contract", cookie, times)
        if len(times.lost) >= GIVE_UP_AFTER:
            return "stopped"
        time.sleep(0.1)
    return f"{times.median * 1000:.0f} / {max(times.seconds) * 1000:.0f}" + (f" lost {len(times.lost)}" if times.lost else "")


def stops(candidates: list[Candidate], environ: dict[str, str]) -> None:
    print("\n## Reload and stop under load: requests, lost ones, longest answer in ms\n")
    print(row("server", "reload (HUP)", "stop (TERM)"))
    for each in candidates:
        print(row(each.name, counted_reload(each) if each.reloads else "none", counted_stop(each)), flush=True)


def table(title: str, candidates: list[Candidate], facts) -> None:
    print(f"\n## {title}\n")
    rows = {each.name: facts(each.port) for each in candidates}
    print(row("server", *next(iter(rows.values()))))
    for name, cells in rows.items():
        print(row(name, *cells.values()))


def row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def load() -> str:
    return f"{os.getloadavg()[0]:.0f}"


if __name__ == "__main__":
    main()
