"""The text of a bank's CSV, and its cells."""

import csv
import io
from collections.abc import Iterator

from portal.rules.transfers.bank_files.statement import Unreadable

READ_AT_ONCE = ("utf-8-sig", "cp932", "euc_jp")


def texts(content: bytes) -> Iterator[str]:
    """As UTF-8 with or without a mark, what Windows calls Shift_JIS, EUC-JP, or UTF-16 with a mark, as far as it can be read so."""
    for encoding in ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else READ_AT_ONCE:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            yield text


def cells_of(text: str) -> list[list[str]]:
    """What can be seen of each cell. A line ends with CR, LF or both: nothing else does. Raises Unreadable."""
    try:
        return [[_seen(cell) for cell in row] for row in csv.reader(io.StringIO(text, newline=""), strict=True)]
    except csv.Error as error:
        raise Unreadable(0, "CSV として読めません。途中で切れているか、引用符が閉じていません。") from error


def _seen(cell: str) -> str:
    """Without control and direction characters: pages and other files show what is in a cell."""
    return "".join(" " if each.isspace() else each for each in cell if each.isspace() or each.isprintable()).strip()


def may_be_cut(content: bytes) -> bool:
    """The last line has no end. Harmless, unless its last cell is one that could be longer."""
    return not content.rstrip(b"\0\x1a").endswith((b"\n", b"\r"))
