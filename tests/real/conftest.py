"""The real program and real browsers. All tests of a worker share one server and one Chromium; each test has its own account."""

import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests import gallery
from tests.gallery import Gallery
from tests.real.broken_line import Line
from tests.real.browsers import Browsers, Kind
from tests.real.chromium import Keyboard, Window
from tests.real.edbrowse import Edbrowse
from tests.real.gallery_server import GalleryServer
from tests.real.programs import TEXT_BROWSERS, Hand
from tests.real.renewal_customers import World, begin
from tests.real.server import Server
from tests.real.staff_desk import Desk, Person
from tests.real.w3m import W3m


@pytest.fixture(scope="session")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demo, for all tests; nobody stops it or turns its clock."""
    server = Server(tmp_path_factory.mktemp("live") / "data").start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def renewers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A demo in the middle of a month, with customers for every way of renewal; each has one test, nobody turns its clock."""
    world = begin(tmp_path_factory.mktemp("renewers") / "data")
    yield world
    world.server.stop()


@pytest.fixture
def mortal_server(tmp_path: Path) -> Iterator[Server]:
    """A demo of the test's own: `kill()` it, `start()` it again on the same data, turn its clock."""
    server = Server(tmp_path / "data").start()
    yield server
    server.kill()


@pytest.fixture
def newcomer(live_server: Server) -> str:
    """The login of a customer without a contract, made for this test; the password is demo-pass."""
    return live_server.add_account(f"test-{secrets.token_hex(4)}")


@pytest.fixture
def colleague(live_server: Server) -> Person:
    """One of the staff, made for this test, with the authenticator app at hand."""
    login = f"staff-{secrets.token_hex(4)}"
    return Person(login, live_server.add_staff(login))


@pytest.fixture
def desk(window: Callable[..., Window], colleague: Person) -> Callable[..., Desk]:
    """`desk(viewport=…)` is another window in which the colleague is signed in with both factors."""
    return lambda **options: Desk(window(**options)).sign_in(colleague)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browsers(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browsers]:
    with Browsers(playwright, tmp_path_factory.mktemp("browsers")) as browsers:
        yield browsers


@pytest.fixture(scope="session")
def chromium_browser(browsers: Browsers) -> Browser:
    return browsers.get(Kind.CHROMIUM)


@pytest.fixture
def window(browsers: Browsers, request: pytest.FixtureRequest) -> Iterator[Callable[..., Window]]:
    """`window(viewport=PHONE, java_script_enabled=False)` opens one; at the end nothing may have broken in any.

    `kind`: in which browser, if not in Chromium.
    """
    opened: list[Window] = []

    def open_window(server: Server | Line | None = None, kind: Kind = Kind.CHROMIUM, **options: Any) -> Window:
        server = server or request.getfixturevalue("live_server")
        opened.append(Window(browsers.get(kind), server.url, **options))
        return opened[-1]

    yield open_window
    for each in opened:
        each.close()
    for each in opened:
        each.prove()


@pytest.fixture
def line(live_server: Server) -> Iterator[Line]:
    """A line to the server that a test can break: `window(line)` uses it."""
    line = Line(live_server.port)
    yield line
    line.close()


@pytest.fixture
def keyboard() -> Callable[[Window], Keyboard]:
    return lambda window: Keyboard(window.page)


@pytest.fixture
def text_browser(live_server: Server, tmp_path: Path) -> Iterator[Callable[..., Hand]]:
    """`text_browser("lynx")`, at the login page; another server as the second argument."""
    opened = []

    def open_browser(program: str, server: Server = live_server) -> Hand:
        if not shutil.which(program):
            pytest.skip(f"there is no {program} here; on Debian `apt-get install {program}` brings it")
        opened.append(TEXT_BROWSERS[program](tmp_path, server.url))
        return opened[-1]

    yield open_browser
    for each in opened:
        each.close()


@pytest.fixture
def edbrowse(text_browser: Callable[..., Hand]) -> Edbrowse:
    return text_browser("edbrowse")


@pytest.fixture
def w3m(text_browser: Callable[..., Hand]) -> W3m:
    return text_browser("w3m")


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Gallery:
    return gallery.made_once(tmp_path_factory)


@pytest.fixture(scope="session")
def served(made: Gallery, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GalleryServer]:
    server = GalleryServer(made, tmp_path_factory.mktemp("served")).start()
    yield server
    server.stop()
