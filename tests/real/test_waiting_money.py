"""Staff work off the lines that wait: by keyboard alone, by mouse alone, and without JavaScript. The presses are counted and printed."""

import secrets
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from models import Deposit
from portal import clock
from portal.actions.mail import rendering
from portal.actions.transfers import deposits
from portal.actions.transfers.deposits import Entered
from portal.catalog import load_catalog
from portal.runtime.settings import sample_company
from tests.real.browsers import IS_LONG
from tests.real.chromium import PHONE, Window
from tests.real.server import Server
from tests.real.staff_desk import Desk, Person
from tests.staff_desk import YEN, a_bank_order

LINES = 300 if IS_LONG else 6
BUTTON = "#lines button.go"


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("bank") / "data").start()
    yield server
    server.stop()


@pytest.fixture
def colleague(bank: Server) -> Person:
    login = f"desk-{secrets.token_hex(4)}"
    return Person(login, bank.add_staff(login))


def transfers_come(bank: Server, colleague: Person, mode: str) -> None:
    """LINES of orders' own, every third short by the fee, and now and then one of nobody between them."""
    with bank.models():
        catalog, today = load_catalog(sample_company()), clock.today()
        rendering.bind(rendering.Letterhead(catalog.company, bank.url, "info@kawasemi.example.jp", "test"))
        staff = Deposit.staff.rel_model.by_login(colleague.login)
        for place in range(LINES):
            order = a_bank_order(catalog, f"{mode}-{place}")
            yen = YEN - 440 if place % 3 == 2 else YEN
            deposits.enter(Entered(today, today, yen, f"{order.number} ﾐﾎﾝ"), staff, f"{mode}{place}")
            if place % 30 == 1:
                deposits.enter(Entered(today, today, 500 + place, "ﾀﾞﾚｶ"), staff, f"{mode}x{place}")


def confirm_again(page: Page, colleague: Person) -> int:
    """After ten minutes the code is asked for: it is typed, once."""
    if not page.locator("#code").count():
        return 0
    page.locator("#code").fill(colleague.totp.now())
    return 6


def left(page: Page) -> int:
    """Lines with a button on this page."""
    return page.locator(BUTTON).count()


def by_enter(page: Page) -> int:
    page.keyboard.press("Enter")
    return 1


def by_click(page: Page) -> int:
    page.locator(BUTTON).first.click()
    return 1


@pytest.mark.parametrize(
    ("mode", "options", "press"),
    [
        ("keyboard", {}, by_enter),
        ("keyboard-without-script", {"java_script_enabled": False}, by_enter),
        ("mouse", {}, by_click),
        ("mouse-without-script-on-a-phone", {"java_script_enabled": False, "viewport": PHONE}, by_click),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_line_takes_one_press(
    bank: Server, window: Callable[..., Window], colleague: Person, mode: str, options: dict, press: Callable[[Page], int]
) -> None:
    transfers_come(bank, colleague, mode)
    page = Desk(window(bank, **options)).sign_in(colleague).page
    page.goto("/staff/waiting")
    presses = first = to_the_list(page) if press is by_enter else 0
    lines = asked = 0
    while left(page):
        typed = confirm_again(page, colleague)
        with page.expect_navigation():
            presses += typed + press(page)
        lines += "last=" in page.url  # else the ten minutes were over between the page and the press: it asks for the code
        asked += typed > 0

    print(f"\n{mode}: {lines} lines, {presses} presses ({first} to the list), {(presses - first) / lines:.2f} a line; code {asked} times")
    assert lines == LINES
    assert presses - first <= lines + (6 + 1) * asked


def to_the_list(page: Page) -> int:
    """With Tab; the link past the menu makes it short."""
    for presses in range(1, 40):
        page.keyboard.press("Tab")
        if page.locator("#lines button.go:focus").count():
            return presses
        if page.locator(".skip:focus").count():
            page.keyboard.press("Enter")
    raise AssertionError("no button of the list takes the focus")


def test_keys_go_from_line_to_line_and_to_the_undo_only_within_the_list(
    bank: Server, window: Callable[..., Window], colleague: Person
) -> None:
    transfers_come(bank, colleague, "keys")
    page = Desk(window(bank)).sign_in(colleague).page
    page.goto("/staff/waiting")
    page.keyboard.press("j")
    assert not page.locator("#lines .go:focus").count(), "outside the list no key works"

    to_the_list(page)
    focused = lambda: page.evaluate("[...document.querySelectorAll('#lines .go')].indexOf(document.activeElement)")  # noqa: E731
    first = focused()
    for key, place in (("j", 1), ("j", 2), ("k", 1), ("k", 0), ("Control+j", 0), ("u", 0)):
        page.keyboard.press(key)
        assert focused() == first + place, key
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff/waiting?last=*")
    assert page.locator("#lines button.go:focus").count() == 1
    page.keyboard.press("u")
    page.wait_for_url("**/undo")
    assert page.get_by_role("heading", level=1).inner_text() == "充当を取り消す"

    page.goto("/staff/waiting")
    page.get_by_role("button", name="キー操作をやめる").click()
    to_the_list(page)
    before = focused()
    page.keyboard.press("j")
    assert focused() == before
