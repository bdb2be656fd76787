"""Broken files of the bank, of every shape, and two gigabytes of nonsense to the real server: with its length, with a lying one, in pieces.

`PYTHONPATH=.:site python -m tests.abuse.bank_files [FIRST_SEED] [SEEDS] [FILES]`. Each file must be refused with a reason, or give right
lines alone. What no check can know is left out: a flipped letter of a name, or a CSV that ends between two lines.
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
MOST_TAKEN = 64  # MiB: what is on its way before the answer is read
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


def nonsense(port: int, headers: dict[str, str], wrap: Callable[[bytes], bytes] = bytes) -> tuple[str, float, int]:
    """What the server says, after how many seconds, and how many MiB it took until then."""
    connection, started, sent = http.client.HTTPConnection("127.0.0.1", port, timeout=30), time.monotonic(), 0
    connection.putrequest("POST", UPLOADS)
    for name, value in ({"Content-Type": "multipart/form-data; boundary=x"} | headers).items():
        connection.putheader(name, value)
    connection.endheaders()
    with suppress(OSError):
        while sent < GIGABYTES * 2**30:
            connection.send(wrap(PIECE))
            sent += len(PIECE)
    try:
        answer = str(connection.getresponse().status)
    except (OSError, http.client.HTTPException) as problem:
        answer = type(problem).__name__
    return answer, time.monotonic() - started, sent // 2**20


def flood(port: int) -> Iterator[str]:
    """Two gigabytes, and whether the server still answers. What is beyond the declared length is no part of the request."""
    for name, headers, wrap in (
        ("2 GB declared", {"Content-Length": str(GIGABYTES * 2**30)}, bytes),
        ("4 MB declared, 2 GB sent", {"Content-Length": str(4 * 2**20)}, bytes),
        ("1 kB declared, 2 GB sent", {"Content-Length": "1000"}, bytes),
        ("2 GB in pieces", {"Transfer-Encoding": "chunked"}, lambda piece: b"%x\r\n%b\r\n" % (len(piece), piece)),
    ):
        answer, seconds, mebibytes = nonsense(port, headers, wrap)
        print(f"{name}: {answer} after {seconds:.1f} s and {mebibytes} MiB", flush=True)
        if answer not in ("413", "303", "ConnectionResetError", "BrokenPipeError") or mebibytes > MOST_TAKEN:
            yield f"{name}: {answer}, {mebibytes} MiB taken"
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", "/login")
        if connection.getresponse().status != 200:
            yield f"after {name} the server does not answer"


def main(first: int = 20261129, seeds: int = 10, files: int = 500) -> int:
    found = [fault for seed in range(first, first + seeds) for fault in campaign(seed, files)]
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "data").start()
        try:
            found += flood(server.port)
        finally:
            server.stop()
    print("\n".join(found))
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
