"""Broken files of the bank, of every shape: `PYTHONPATH=.:site python -m tests.abuse.bank_files [FIRST_SEED] [SEEDS] [FILES]`, or
`… bank_files --server` for two gigabytes of nonsense to the real server: with its length, with a lying one, and in pieces.

Each file must be refused with a reason, or give right lines alone. What no check can know is left out: a flipped letter of a name.
"""

import http.client
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from portal.catalog import load_catalog
from portal.rules.transfers.bank_files.csv_file import CUT
from portal.rules.transfers.bank_files.reading import read_bank_file
from portal.rules.transfers.bank_files.statement import StatementFile, Unreadable
from portal.runtime.serving.limits import UPLOADS
from portal.runtime.settings import sample_company
from tests.bank_files import Paid, as_bytes, zengin01, zengin03
from tests.real.server import Server
from tests.rules.transfers import test_bank_csv as csv_files
from tests.rules.transfers.test_mutated_bank_files import (
    CHANGES,
    PAYERS,
    TODAY,
    begins_late,
    byte_flipped,
    cut,
    digit_changed,
    doubled,
    other_encoding,
    record_doubled,
)

CATALOG = load_catalog(sample_company())
GIGABYTES, PIECE = 2, b"\xb1" * 65_536
Made = tuple[list[tuple[int, str]], bytes]


def some_lines(dice: random.Random) -> list[Paid]:
    day = TODAY - timedelta(days=20)
    yen = [dice.choice([13_200, 660, 7_920]) for _ in range(dice.randrange(2, 12))]
    return [Paid(each, dice.choice(PAYERS), day + timedelta(days=place)) for place, each in enumerate(yen)]


def zengin(make: Callable, **form: str) -> Callable[[random.Random], Made]:
    def of(dice: random.Random) -> Made:
        lines = some_lines(dice)
        return [(line.yen, line.payer) for line in lines], as_bytes(make(lines), **form)

    return of


def csv_of(bank: str) -> Callable[[random.Random], Made]:
    """Its header, and the bank's own row with other payers and yen."""
    header, row, _, encoding = csv_files.FILES[bank]

    def of(dice: random.Random) -> Made:
        lines, rows = some_lines(dice), []
        for line in lines:
            rows.append(row.replace("113200", str(dice.randrange(10**6))).replace("113,200", f"{dice.randrange(10**6):,}"))
            rows[-1] = rows[-1].replace("13,200", f"{line.yen:,}").replace("13200", str(line.yen)).replace("ﾔﾏﾀﾞ ﾀﾛｳ", line.payer)
        return [(line.yen, line.payer) for line in lines], "\r\n".join((header, *rows, "")).encode(encoding)

    return of


SHAPES: dict[str, Callable[[random.Random], Made]] = {
    f"{kind}, {name}": zengin(make, **form)
    for kind, make in (("01", zengin01), ("03", zengin03))
    for name, form in (("CR LF", {}), ("LF", {"end": "\n"}), ("no end of line", {"end": ""}), ("UTF-8", {"encoding": "utf-8"}))
} | {bank: csv_of(bank) for bank in csv_files.FILES}


def fault(shape: str, change: Callable, right: list[tuple[int, str]], found: StatementFile) -> str:
    """Zengin files have sums: all lines or none. A CSV has none: no line that was not there, but as many as were sent."""
    came, right = [(line.yen, line.payer.replace(" ", "")) for line in found.lines], [(yen, payer.replace(" ", "")) for yen, payer in right]
    if CUT in found.warnings:
        came = came[:-1]
    if shape in csv_files.FILES:
        twice = change in (doubled, record_doubled)
        strange = Counter(came) - Counter(right * (2 if twice else 1))
        return f"{strange} is none of {right}" if strange and change is not byte_flipped else ""
    if change is byte_flipped:
        came, right = [(yen, "") for yen, _ in came], [(yen, "") for yen, _ in right]
    return "" if came == right else f"{came} of {right}"


def changes_of(shape: str) -> Sequence[Callable]:
    """A CSV has no sums that a digit could break, and a file without lines, or of other bytes, is changed byte by byte."""
    if shape in csv_files.FILES:
        left_out = (digit_changed,) if csv_files.FILES[shape][-1] == "cp932" else (digit_changed, other_encoding)
        return [change for change in CHANGES if change not in left_out]
    return CHANGES if shape.endswith(" LF") else (cut, begins_late, doubled, byte_flipped)


def campaign(seed: int, files: int) -> Iterator[str]:
    dice, counted = random.Random(seed), Counter()
    for number in range(files):
        shape = list(SHAPES)[number % len(SHAPES)]
        right, content = SHAPES[shape](dice)
        change = dice.choice(changes_of(shape))
        try:
            found = read_bank_file(change(content, dice), CATALOG.bank_accounts, TODAY, account=CATALOG.bank_accounts[0])
        except Unreadable as problem:
            counted["refused"] += 1
            yield from ["no reason"] * (not str(problem))
            continue
        counted["read"] += 1
        if said := fault(shape, change, right, found):
            yield f"seed {seed}, file {number}, {shape}, {change.__name__}: {said}"
    print(f"seed {seed}: {dict(counted)}", flush=True)


def nonsense(port: int, headers: dict[str, str], pieces: Callable[[http.client.HTTPConnection], None]) -> str:
    """What the server says, after how many seconds, and how much it took."""
    connection, started = http.client.HTTPConnection("127.0.0.1", port, timeout=30), time.monotonic()
    connection.putrequest("POST", UPLOADS)
    for name, value in ({"Content-Type": "multipart/form-data; boundary=x"} | headers).items():
        connection.putheader(name, value)
    connection.endheaders()
    with suppress(OSError):
        pieces(connection)
    try:
        answer = f"{connection.getresponse().status}"
    except (OSError, http.client.HTTPException) as problem:
        answer = type(problem).__name__
    return f"{answer} after {time.monotonic() - started:.1f} s, {sent[0] / 2**20:.1f} MiB sent"


sent = [0]


def stream(wrap: Callable[[bytes], bytes] = bytes) -> Callable[[http.client.HTTPConnection], None]:
    def send(connection: http.client.HTTPConnection) -> None:
        sent[0] = 0
        while sent[0] < GIGABYTES * 2**30:
            connection.send(wrap(PIECE))
            sent[0] += len(PIECE)

    return send


def flood() -> None:
    """And the server still answers."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "data").start()
        port = int(server.url.rpartition(":")[2])
        chunk = lambda piece: b"%x\r\n%b\r\n" % (len(piece), piece)  # noqa: E731
        ways = {
            "2 GB declared": ({"Content-Length": str(GIGABYTES * 2**30)}, stream()),
            "4 MB declared, 2 GB sent": ({"Content-Length": str(4 * 2**20)}, stream()),
            "1 kB declared, 2 GB sent": ({"Content-Length": "1000"}, stream()),
            "2 GB in pieces": ({"Transfer-Encoding": "chunked"}, stream(chunk)),
        }
        try:
            for name, (headers, pieces) in ways.items():
                print(f"{name}: {nonsense(port, headers, pieces)}", flush=True)
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
                connection.request("GET", "/login")
                print(f"  then /login: {connection.getresponse().status}", flush=True)
        finally:
            server.stop()


if __name__ == "__main__":
    if "--server" in sys.argv:
        flood()
        sys.exit()
    numbers = [int(text) for text in sys.argv[1:]]
    first, seeds, files = (*numbers, *(1, 10, 500)[len(numbers) :])
    sys.exit("\n".join(found for seed in range(first, first + seeds) for found in campaign(seed, files)))
