"""Each page, list, search and job at few accounts and at many, side by side: milliseconds, the best of five.

On SQLite those of the processor, for other programs to count less; PostgreSQL is another process: those of the clock.

`at_size.py [few] [many] [--postgresql] [--folder FOLDER]`: 100 and 1,000,000 accounts. In a folder the stores stay and are used again; the
a million accounts are 10 GB.
Prints and judges nothing.
"""

import gc
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench import crowd
from bench.questions import Asked, asked
from bench.stores import kept_postgresql
from portal.store import database as store
from portal.store import migrations
from tests import keys

FEW, MANY = 100, 1_000_000
TURNS, PATIENCE = 5, 3.0  # a slow one is asked fewer times
Times = dict[str, float]


def main() -> None:
    sizes = [int(text.replace(",", "")) for text in sys.argv[1:] if text.replace(",", "").isdigit()] or [FEW, MANY]
    with ExitStack() as stack:
        folder = Path(sys.argv[sys.argv.index("--folder") + 1]) if "--folder" in sys.argv else None
        folder = folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        measured = [measure(size, folder, is_postgresql="--postgresql" in sys.argv) for size in sizes]
    print(f"| {'PostgreSQL' if '--postgresql' in sys.argv else 'SQLite'}, ms | " + " | ".join(f"{size:,}" for size in sizes) + " |")
    for name in measured[-1]:
        print(f"| {name} | " + " | ".join(f"{times[name]:,.1f}" if name in times else "" for times in measured) + " |")


def measure(accounts: int, folder: Path, *, is_postgresql: bool) -> Times:
    with filled(accounts, folder, is_postgresql=is_postgresql) as url, tempfile.TemporaryDirectory() as data:
        times = {}
        for one in asked(url, Path(data), accounts):
            times[one.name] = best(one)
            print(f"{accounts:>10,}  {one.name:<50} {times[one.name]:10,.1f}", file=sys.stderr, flush=True)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{accounts:>10,}  peak memory, MB {peak:,.0f}", file=sys.stderr)
        store.close()
        return times


@contextmanager
def filled(accounts: int, folder: Path, *, is_postgresql: bool) -> Iterator[str]:
    """The store of so many accounts, bound and open; written if it is not there. `written`: the mark of a whole one."""
    keys.bind()
    place = folder / f"{'postgresql' if is_postgresql else 'sqlite'}-{accounts}"
    place.mkdir(parents=True, exist_ok=True)
    with kept_postgresql(place) if is_postgresql else sqlite(place) as url:
        store.bind(url)
        migrations.migrate()
        if not (place / "written").exists():
            crowd.fill(accounts)
            (place / "written").touch()
        yield url
        store.close()


@contextmanager
def sqlite(place: Path) -> Iterator[str]:
    yield f"sqlite:///{place / 'portal.db'}"


def best(one: Asked) -> float:
    """Milliseconds."""
    found: list[float] = []
    gc.collect()
    while len(found) < (1 if one.once else TURNS) and sum(found) < PATIENCE:
        found.append(_seconds(one.ask))
    return min(found) * 1000


def _seconds(ask: Callable[[], object]) -> float:
    now = time.perf_counter if store.is_postgresql() else time.process_time
    started = now()
    ask()
    return now() - started


if __name__ == "__main__":
    main()
