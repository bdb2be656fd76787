"""500 bank files with something wrong, drawn from one seed: each is refused with a reason, or gives exactly the lines that are right."""

import random
from collections.abc import Callable
from datetime import date, timedelta

from portal.catalog import Catalog
from portal.rules.transfers.bank_files.reading import read_bank_file
from portal.rules.transfers.bank_files.statement import Unreadable
from tests.bank_files import Paid, as_bytes, zengin01, zengin03

TODAY = date(2026, 11, 22)
FILES = 500
PAYERS = ("ﾔﾏﾀﾞ ﾀﾛｳ", "ｶ)ﾃｽﾄｼﾖｳｼﾞ", "12345678 ｽｽﾞｷ ﾊﾅｺ", "ABC(ﾕ", "ﾐﾅﾓﾄ ｼﾞﾛｳ")


def cut(content: bytes, dice: random.Random) -> bytes:
    return content[: dice.randrange(len(content))]


def begins_late(content: bytes, dice: random.Random) -> bytes:
    return content[dice.randrange(1, len(content)) :]


def doubled(content: bytes, dice: random.Random) -> bytes:
    return content * 2


def record_doubled(content: bytes, dice: random.Random) -> bytes:
    lines = content.splitlines(keepends=True)
    place = dice.randrange(len(lines))
    return b"".join([*lines[:place], *lines[place : place + 1] * 2, *lines[place + 1 :]])


def record_lost(content: bytes, dice: random.Random) -> bytes:
    lines = content.splitlines(keepends=True)
    del lines[dice.randrange(len(lines))]
    return b"".join(lines)


def digit_changed(content: bytes, dice: random.Random) -> bytes:
    """In yen and sums alone: no check can know a name or a date by heart."""
    lines = content.splitlines(keepends=True)
    places = {"2": range(19, 29), "8": range(1, 19)} if content[2:3] == b"1" else {"2": range(24, 36), "8": range(1, 39)}
    number = dice.choice([place for place, line in enumerate(lines) if chr(line[0]) in places])
    line, start = lines[number], dice.choice(places[chr(lines[number][0])])
    other = dice.choice([digit for digit in b"0123456789" if digit != line[start]])
    lines[number] = line[:start] + bytes([other]) + line[start + 1 :]
    return b"".join(lines)


def byte_flipped(content: bytes, dice: random.Random) -> bytes:
    place = dice.randrange(len(content))
    return content[:place] + bytes([content[place] ^ (1 << dice.randrange(8))]) + content[place + 1 :]


def other_encoding(content: bytes, dice: random.Random) -> bytes:
    return content.decode("cp932").encode(dice.choice(["utf-8", "utf-16", "euc_jp", "utf-8-sig", "iso2022_jp_ext", "utf-32"]))


def text_tool(content: bytes, dice: random.Random) -> bytes:
    return dice.choice([content.replace(b"\r\n", b"\n\n"), content.expandtabs(), content.rstrip(b" \r\n"), content.replace(b" ", b"")])


CHANGES = (cut, begins_late, doubled, record_doubled, record_lost, digit_changed, byte_flipped, other_encoding, text_tool)


def a_file(dice: random.Random) -> tuple[list[Paid], bytes]:
    first = date(2026, 11, 2)
    days = [first + timedelta(days=dice.randrange(5)) for _ in range(dice.randrange(1, 12))]
    lines = [Paid(dice.choice([13_200, 660, 7_920]), dice.choice(PAYERS), day) for day in days]
    make: Callable[[list[Paid]], list[str]] = dice.choice([zengin01, zengin03])
    return lines, as_bytes(make(lines))


def test_each_is_refused_with_a_reason_or_read_rightly(catalog: Catalog):
    dice, reasons = random.Random(20261122), []
    for number in range(FILES):
        lines, content = a_file(dice)
        change = CHANGES[number % len(CHANGES)]
        try:
            found = read_bank_file(change(content, dice), catalog.bank_accounts, TODAY)
        except Unreadable as problem:
            reasons.append(str(problem))
            continue
        assert [line.yen for line in found.lines] == [line.yen for line in lines], (number, change)
        if change is not byte_flipped:
            assert [line.payer for line in found.lines] == [line.payer for line in lines], (number, change)
            assert [line.booked_on for line in found.lines] == [line.on for line in lines], (number, change)
    assert len(reasons) > FILES / 2
    assert all(reasons)
