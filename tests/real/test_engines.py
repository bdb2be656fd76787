"""Every state of the gallery in the checkers of others. `./run gallery` fetches them and takes all states."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.gallery import Gallery
from tests.real import engines
from tests.real.chromium import Window
from tests.real.gallery_server import GalleryServer
from tests.real.test_gallery import BAD_PAGE, IS_WHOLE, chosen

PARTS = 6
NO_ENGINES = engines.missing(engines.CODESNIFFER, engines.IBM)
needs_engines = pytest.mark.skipif(not IS_WHOLE or bool(NO_ENGINES), reason=f"only with ./run gallery; missing: {NO_ENGINES or 'nothing'}")
NO_VALIDATOR = engines.missing(engines.NU)
needs_validator = pytest.mark.skipif(
    not IS_WHOLE or bool(NO_VALIDATOR), reason=f"only with ./run gallery; missing: {NO_VALIDATOR or 'nothing'}"
)


@needs_engines
@pytest.mark.parametrize("part", range(PARTS))
def test_two_other_engines_find_no_error_in_any_state(
    window: Callable[..., Window], served: GalleryServer, made: Gallery, part: int
) -> None:
    one, found = window(served), []
    for state in chosen(made)[part::PARTS]:
        one.page.goto(f"/demo/states/{state}")
        found += [f"{state}: {fault}" for fault in engines.faults(one)]

    assert not found, "\n".join(found)


@needs_engines
def test_negative_control_both_engines_find_the_faults(window: Callable[..., Window], served: GalleryServer) -> None:
    one = window(served)
    one.page.route("**/bad", lambda route: route.fulfill(body=BAD_PAGE, content_type="text/html"))
    one.page.goto("/bad")
    found = "\n".join(engines.faults(one))

    assert "HTML_CodeSniffer: WCAG2AA.Principle4" in found
    assert "IBM: input_label_exists" in found


@needs_validator
def test_the_nu_validator_says_nothing_about_any_state(made: Gallery) -> None:
    assert list(engines.invalid(made.folder)) == []


@needs_validator
def test_negative_control_the_nu_validator_finds_a_fault(tmp_path: Path) -> None:
    (tmp_path / "bad.html").write_text("<!doctype html><html lang=ja><title>x</title><p><div id=a id=b>", "utf-8")

    assert any("Duplicate attribute" in fault for fault in engines.invalid(tmp_path))
