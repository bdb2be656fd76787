"""Requests per second of signed-in pages with one web process and with two, in turns, and the seconds of the processor of a request."""

import os
import statistics
import tempfile
from contextlib import ExitStack
from pathlib import Path

from bench.server import free_ports, row
from bench.servers.candidates import Candidate, environment
from bench.servers.customers import PAGES, ask_in_turns, sign_in

ROUNDS, REQUESTS, CUSTOMERS = 3, 400, 16  # on kept connections: of four, one process of two might get three
PROCESSES = (1, 2)
OURS = "portal.runtime.serving.parent portal.demo.wsgi:from_environment 127.0.0.1 {{port}} {} 8 30"


def main() -> None:
    found: dict[tuple[str, str], list[tuple[float, float]]] = {}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        environ = environment(Path(folder))
        servers = [Candidate(f"{number} web processes", OURS.format(number), ("waitress",)) for number in PROCESSES]
        for server, port in zip(servers, free_ports(), strict=False):
            stack.callback(server.stop)
            server.start(port, environ)
        cookies = {server.name: sign_in(server.port) for server in servers}
        for _ in range(ROUNDS):
            for page, path in PAGES.items():
                for server in servers:
                    used = _processor(server)
                    speed, _ = ask_in_turns(server.port, path, cookies[server.name], REQUESTS, CUSTOMERS)
                    found.setdefault((server.name, page), []).append((speed, (_processor(server) - used) / REQUESTS * 1000))
    print(f"requests/s / ms of the processor each, medians of {ROUNDS} rounds; {os.cpu_count()} cores, load {os.getloadavg()[0]:.0f}")
    print(row("", *PAGES))
    for server in servers:
        medians = [[statistics.median(figures) for figures in zip(*found[server.name, page], strict=True)] for page in PAGES]
        print(row(server.name, *(f"{speed:.0f} / {used:.1f}" for speed, used in medians)))


def _processor(server: Candidate) -> float:
    """Seconds until now, of all its processes."""
    times = [process.cpu_times() for process in server.processes()]
    return sum(each.user + each.system for each in times)


if __name__ == "__main__":
    main()
