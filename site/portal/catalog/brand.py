"""The company's colour and mark. The colour must be readable wherever the stylesheets use it."""

import re
from xml.etree import ElementTree

from portal.catalog.table import Table

SVG = "http://www.w3.org/2000/svg"
DEFAULT_COLOR = "#00677f"
COLOR = re.compile(r"#[0-9a-f]{6}")
TINT = 0.09  # of the colour in white, behind the header and what is chosen
LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3
LARGEST_MARK = 2_000  # bytes; a browser asks for it once


def read_color(table: Table) -> str:
    """As #rrggbb: at least 4.5:1 against white and against its own tint, where links and white words of buttons stand on it."""
    table.known("brand_color")
    if "brand_color" not in table.values:
        return DEFAULT_COLOR
    color = table.matching("brand_color", COLOR.fullmatch, "#00677f のように、# と半角の16進数6けた（小文字）で書いてください。")
    if color:
        ratio = min(contrast(_channels(color), (255.0,) * 3), contrast(_channels(color), tint(color)))
        if ratio < LEAST_CONTRAST:
            least = f"白、または白に9%まぜた地の上で {LEAST_CONTRAST}:1 以上が要ります（いまは {ratio:.2f}:1）"
            table.wrong("brand_color", f"「{color}」は明るすぎて読めません。{least}。濃くしてください。")
    return color


def read_mark(table: Table) -> str:
    """The picture beside the service's name, which is the browser's icon too: one `<svg>`, as a file; "" for none."""
    mark = table.text("brand_mark", "")
    if mark and not _is_svg(mark):
        table.wrong("brand_mark", f"{LARGEST_MARK:,}バイト以内の <svg> を1つだけ書いてください。")
    return mark.replace("<svg", f'<svg xmlns="{SVG}"', 1)


def tint(color: str) -> tuple[float, ...]:
    return tuple(TINT * channel + (1 - TINT) * 255 for channel in _channels(color))


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """WCAG 2.2: the ratio of two relative luminances, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: tuple[float, ...]) -> float:
    red, green, blue = (_linear(channel / 255) for channel in color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _channels(color: str) -> tuple[float, ...]:
    return tuple(float(int(color[place : place + 2], 16)) for place in (1, 3, 5))


def _is_svg(mark: str) -> bool:
    try:
        return ElementTree.fromstring(mark).tag == "svg" and len(mark.encode()) <= LARGEST_MARK  # noqa: S314 - the company's own file
    except ElementTree.ParseError:
        return False
