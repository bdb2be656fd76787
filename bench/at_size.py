"""Each page, list, search and job at few accounts and at many, side by side: milliseconds of the processor, medians.

`at_size.py [few] [many] [--postgresql | --both] [--folder FOLDER] [--only TEXT] [--without TEXT]`: 100 and 1,000,000 accounts, on
SQLite, on PostgreSQL or on both. In a folder the stores stay and are used again; a million accounts are 11 GB on SQLite and 15 GB on
PostgreSQL. TEXT: rows with it in their name, or all others; of several, parted by commas, none.
Every store has a process of its own, and they are asked in turns: a busy machine slows all of them alike. Of PostgreSQL the processor of
its own process counts too.
Prints the table of docs/limits.md, above it what takes longer than 100 ms, and judges nothing. Of the searches of a list it has the
slowest one.
"""

import os
import statistics
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from bench.asking import Figure, Site, write

FEW, MANY = 100, 1_000_000
SLOW = 100  # ms: what staff's lists and searches take at most
TURNS, PATIENCE = 15, 0.5  # seconds of the processor: what takes long is asked fewer times
Measured = dict[str, list[Figure]]


def main() -> None:
    sizes = [int(text.replace(",", "")) for text in sys.argv[1:] if text.replace(",", "").isdigit()] or [FEW, MANY]
    databases = [False, True] if "--both" in sys.argv else ["--postgresql" in sys.argv]
    stores = [(accounts, is_postgresql) for is_postgresql in databases for accounts in sizes]
    with ExitStack() as stack:
        folder = Path(_argument("--folder") or stack.enter_context(tempfile.TemporaryDirectory()))
        for accounts, is_postgresql in stores:
            write(accounts, folder, is_postgresql=is_postgresql)
        before = os.getloadavg()
        sites = [stack.enter_context(Site(accounts, folder, is_postgresql)) for accounts, is_postgresql in stores]
        measured = in_turns(sites, _argument("--only"), _argument("--without"))
    print_table(stores, measured)
    print(f"\nLoad of the machine ({os.cpu_count()} processors): {before[0]:.1f} before, {os.getloadavg()[1]:.1f} after.")


def _argument(name: str) -> str:
    return sys.argv[sys.argv.index(name) + 1] if name in sys.argv else ""


def in_turns(sites: Sequence[Site], only: str, without: str) -> list[Measured]:
    """The figures of each store: the first answer of each is not counted. `only`: a part of the name of what is asked; `without`: parts of
    the names of what is not, parted by commas.
    """
    found: list[Measured] = [{} for _ in sites]
    for name in (name for name in sites[-1].names if only in name and not any(text in name for text in without.split(",") if text)):
        asked = [(site, of) for site, of in zip(sites, found, strict=True) if name in site.names]
        for _ in range(TURNS + 1):
            for site, of in asked:
                _ask(site, name, of.setdefault(name, []))
        for site, of in asked:
            of[name] = of[name][1:] or of[name]
            print(f"{site}  {name:<60} {_line(of[name])}", file=sys.stderr, flush=True)
    return found


def _ask(site: Site, name: str, figures: list[Figure]) -> None:
    """Once more, unless it is something that is done once or takes long."""
    enough = sum(figure.processor for figure in figures) > PATIENCE or name in site.once
    if not figures or not enough:
        figures.append(site.ask(name))


def print_table(stores: Sequence[tuple[int, bool]], measured: Sequence[Measured]) -> None:
    titles = [f"{'PostgreSQL' if is_postgresql else 'SQLite'}, {accounts:,}" for accounts, is_postgresql in stores]
    for title, of in zip(titles, measured, strict=True):
        slow = {name: _median(figures) for name, figures in of.items() if name in _slowest(of) and _median(figures) > SLOW}
        print(f"{title}: {len(slow)} above {SLOW} ms: " + ", ".join(f"{name} {took:,.0f}" for name, took in slow.items()) + "\n")
    print("| ms of the processor | " + " | ".join(titles) + " |")
    print("| --- |" + " --- |" * len(titles))
    for name in _slowest(measured[-1]):
        print(f"| {name} | " + " | ".join(f"{_median(of[name]):,.1f}" if name in of else "" for of in measured) + " |")
    peaks = [max(figure.megabytes for figures in of.values() for figure in figures) for of in measured]
    print("| peak memory of the process, MB | " + " | ".join(f"{peak:,.0f}" for peak in peaks) + " |")


def _slowest(of: Measured) -> list[str]:
    """Every name, but of the searches of a list only the slowest one: the others say the same."""
    found: dict[tuple[str, bool], str] = {}
    for name in of:
        listed, _, text = name.partition(", by ")
        found[listed, bool(text)] = max(found.get((listed, bool(text)), name), name, key=lambda one: _median(of[one]))
    return list(found.values())


def _line(figures: list[Figure]) -> str:
    clock, memory = statistics.median(figure.clock for figure in figures), max(figure.megabytes for figure in figures)
    return f"{_median(figures):10,.1f} ms {clock * 1000:10,.1f} of the clock {memory:6,.0f} MB"


def _median(figures: list[Figure]) -> float:
    """Milliseconds of the processor."""
    return statistics.median(figure.processor for figure in figures) * 1000


if __name__ == "__main__":
    main()
