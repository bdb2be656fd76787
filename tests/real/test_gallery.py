"""Every state of the gallery: axe in five renderings and in forced colours, no scrolling sideways, everything reached by the keyboard.

The suite takes a sample; `./run gallery` takes all, and `./run gallery FOLDER` writes pictures of all.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from portal.demo.states import table
from tests.gallery import Gallery
from tests.real import renderings
from tests.real.chromium import DESK, PHONE, Window
from tests.real.gallery_server import GalleryServer

IS_WHOLE = os.environ.get("GALLERY") == "all"
PICTURES = os.environ.get("GALLERY_PICTURES", "")
PARTS = 12 if IS_WHOLE else 2  # so that several workers share them
SAMPLE = 32  # each so many'th state
BAD_PAGE = """<!doctype html><html lang="ja"><title>x</title><meta name="viewport" content="width=device-width">

<style>a:focus{outline:none} @media (prefers-color-scheme:dark){main{background:#000;color:#111}}</style>
<main><h1>x</h1><p>見えない文字です</p><p><a href="/">x</a></p><p style="width:400px">x</p>
<p style="width:90rem">y</p><input></main></html>"""


@pytest.mark.parametrize("part", range(PARTS))
def test_every_state_passes_the_checks_in_every_rendering(
    window: Callable[..., Window], served: GalleryServer, made: Gallery, part: int
) -> None:
    one = window(served)
    found = [f"{state}: {fault}" for state in chosen(made)[part::PARTS] for fault in renderings.faults(one, f"/demo/states/{state}")]

    assert not found, "\n".join(found)


@pytest.mark.skipif(not PICTURES, reason="only with GALLERY_PICTURES")
def test_pictures(window: Callable[..., Window], served: GalleryServer) -> None:
    """Each state on a desk and on a phone, light and dark."""
    for scheme in ("light", "dark"):
        for name, size in (("desk", DESK), ("phone", PHONE)):
            one = window(served, viewport=size, color_scheme=scheme)
            for state in table.NAMES:
                one.page.goto(f"/demo/states/{state}")
                one.page.screenshot(path=Path(PICTURES) / f"{state}-{name}-{scheme}.png", full_page=True)


def test_negative_control_each_fault_is_found(window: Callable[..., Window], served: GalleryServer) -> None:
    one = window(served)
    one.page.route("**/bad", lambda route: route.fulfill(body=BAD_PAGE, content_type="text/html"))

    found = "\n".join(renderings.faults(one, "/bad"))

    for fault in (
        "default: label",
        "dark: color-contrast",
        "320 px: <p",
        "200 % text: <p",
        "keyboard: nobody sees the focus",
        "without style: ",
    ):
        assert fault in found, f"{fault} is not in\n{found}"


def chosen(made: Gallery) -> list[str]:
    return list(made.states) if IS_WHOLE else list(made.states)[::SAMPLE]
