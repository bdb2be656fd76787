"""A file's bytes as records of 200 bytes: with or without line ends, in JIS X 0201 or Shift_JIS, or copied into UTF-8, or as CSV."""

import csv
import io
import re

from portal.rules.transfers.bank_files.layouts import LAYOUTS, LENGTH, Layout
from portal.rules.transfers.bank_files.statement import Unreadable

EBCDIC_HEADER = b"\xf1"
_BOM = b"\xef\xbb\xbf"
_LINE_END = re.compile(rb"\r\n|\n|\r")
_HEADER = re.compile(rb"1\d{3}", re.ASCII)
_AS_CSV = re.compile(rb'"?1"?,"?0?(?:1|3)"?,', re.ASCII)
_KANA = re.compile("[\uff61-\uff9f]")


def is_zengin(content: bytes) -> bool:
    """True if it begins as a header record does, whatever its 種別."""
    start = content.removeprefix(_BOM)[:12]
    return bool(_HEADER.match(start) or _AS_CSV.match(start)) or start[:1] == EBCDIC_HEADER


def records_of(content: bytes) -> list[bytes]:
    """Records of exactly 200 bytes each. Raises Unreadable."""
    if content[:1] == EBCDIC_HEADER:
        raise Unreadable(1, "EBCDIC のファイルは取り込めません。銀行の画面で、コード区分を JIS にして保存し直してください。")
    plain = _in_one_byte_kana(content.removeprefix(_BOM)).removesuffix(b"\x1a")
    if _AS_CSV.match(plain):
        return _of_csv(plain)
    if b"\r" in plain or b"\n" in plain:
        return _of_lines(plain)
    if len(plain) % LENGTH:
        reason = f"ファイルの長さ（{len(plain):,}バイト）が{LENGTH}バイトの倍数ではありません。途中で切れているか、余分な文字があります。"
        raise Unreadable(len(plain) // LENGTH + 1, reason)
    return [plain[start : start + LENGTH] for start in range(0, len(plain), LENGTH)]


def _in_one_byte_kana(content: bytes) -> bytes:
    """A copy in UTF-8 goes back to one byte for each kana."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return content
    if content.isascii() or not _KANA.search(text):
        return content
    try:
        return text.encode("cp932")
    except UnicodeEncodeError as error:
        raise Unreadable(0, f"全銀のファイルにない文字「{text[error.start]}」があります。") from error


def _of_lines(content: bytes) -> list[bytes]:
    """Programs that cut blanks off at line ends do so at every line: one that is short among whole ones has been cut."""
    lines = _LINE_END.split(content)
    while lines and not lines[-1].strip(b" \x1a"):
        lines.pop()
    is_stripped = not any(line.endswith(b" ") for line in lines)
    for number, line in enumerate(lines, 1):
        if len(line) > LENGTH or (len(line) < LENGTH and not is_stripped):
            raise Unreadable(number, f"長さが{len(line)}バイトです。1件は{LENGTH}バイトでなければなりません。")
    return [line.ljust(LENGTH) for line in lines]


def _of_csv(content: bytes) -> list[bytes]:
    """全銀形式CSV: the same fields in the same order."""
    try:
        rows = list(csv.reader(io.StringIO(content.decode("cp932"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise Unreadable(0, "CSV として読めません。途中で切れているか、文字が壊れています。") from error
    kind = rows[0][1].zfill(2)
    return [_record(number, row, LAYOUTS[kind]) for number, row in enumerate((row for row in rows if row), 1)]


def _record(number: int, row: list[str], layouts: dict[str, Layout]) -> bytes:
    layout = layouts.get(row[0])
    needed = len(layout) - 1 if layout else 0  # banks leave the unused field at the end out
    if layout is None or not needed <= len(row) <= len(layout):
        raise Unreadable(number, f"項目の数（{len(row)}）が、全銀の形式と違います。")
    parts = []
    for value, (name, kind, length) in zip([*row, ""], layout, strict=False):
        try:
            plain = value.strip().encode("cp932")
        except UnicodeEncodeError as error:
            raise Unreadable(number, f"{name}「{value[:50]}」に、全銀のファイルにない文字があります。") from error
        if len(plain) > length:
            raise Unreadable(number, f"{name}「{value[:50]}」が{length}文字より長くなっています。")
        parts.append(plain.rjust(length, b"0") if kind == "N" and plain else plain.ljust(length))
    return b"".join(parts).ljust(LENGTH)
