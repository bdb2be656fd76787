"""The HTML part of a mail: its subject and the words of its text, and nothing else. No picture, nothing that is loaded, one button."""

import re
from collections.abc import Iterator
from html import escape

from portal.actions.mail.rendering.letterhead import letterhead

ADDRESS = re.compile(r"https?://[!-~]+")
LETTER = "max-width:38em;margin:0 auto;padding:16px;font-family:sans-serif;line-height:1.7;overflow-wrap:anywhere;word-break:auto-phrase"
BUTTON = "display:inline-block;padding:10px 20px;border-radius:8px;color:#fff;background:{};text-decoration:none;font-weight:bold"
HEAD = '<meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
SUBJECT = "font-size:1.25em;line-height:1.5"
PAGE = """<!doctype html><html lang="ja">{}<title>{}</title><body style="background:Canvas">
<main style="{}">
<h1 style="{}">{}</h1>
{}
</main></body></html>
"""


def html_of(subject: str, body: str) -> str:
    """Paragraphs are separated by blank lines; the first address on a line of its own is the button. A button's words are its address."""
    blocks = [block.split("\n") for block in body.strip().split("\n\n")]
    main = next((line for lines in blocks for line in lines if ADDRESS.fullmatch(line)), None)
    return PAGE.format(HEAD, escape(subject), LETTER, SUBJECT, escape(subject), "\n".join(_block(lines, main) for lines in blocks))


def _block(lines: list[str], main: str | None) -> str:
    is_heading = lines[0].startswith("■")
    heading = f'<h2 style="font-size:1.1em">{escape(lines[0])}</h2>' if is_heading else ""
    rest = "<br>\n".join(_line(line, main) for line in lines[is_heading:])
    return heading + (f"<p>{rest}</p>" if rest else "")


def _line(line: str, main: str | None) -> str:
    if line == main:
        return _link(line, BUTTON.format(letterhead().company.brand_color))
    return "".join(_pieces(line))


def _pieces(line: str) -> Iterator[str]:
    end = 0
    for found in ADDRESS.finditer(line):
        yield escape(line[end : found.start()])
        yield _link(found[0])
        end = found.end()
    yield escape(line[end:])


def _link(address: str, style: str = "") -> str:
    look = f' style="{style}"' if style else ""
    return f'<a href="{escape(address)}"{look}>{escape(address)}</a>'
