"""After signing out nothing of the customer is left on the screen, and before the session ends the page says so."""

from collections.abc import Callable

from playwright.sync_api import expect

from models import Account
from tests.real.broken_line import Line
from tests.real.browsers import Kind, in_browsers
from tests.real.chromium import Window
from tests.real.mouse import Mouse
from tests.real.server import Server
from tests.real.staff_desk import Desk, Person
from tests.real.tour import STAFF_LISTS

PAGES = ("/", "/contract", "/mails", "/account", "/renewal/change", "/renewal/method", "/renewal/reset", "/renewal/reservation")
STAFF_PAGES = ("/staff/", *(f"/staff/{address}" for address, _ in STAFF_LISTS), "/staff/deposits/new")


def bought(here: Window, login: str) -> Mouse:
    """The whole way of a purchase, and then each kind of page: all of them are in the history."""
    mouse = Mouse(here).to_the_payment(login)
    number = mouse.draft_number
    mouse.pay()
    for address in (*PAGES, f"/orders/{number}"):
        here.page.goto(address)
    here.page.goto("/mails")
    here.page.locator("main table a").first.click()
    return mouse.arrive()


def prove_that_pages_are_kept(mouse: Mouse, kind: Kind, link: str) -> None:
    """Control: as long as nobody signs out, Back shows the page as it was left, if the browser keeps it."""
    heading = mouse.heading
    mouse.page.evaluate("() => { window.mine = true }")
    mouse.follow(link)
    mouse.back()
    assert mouse.heading == heading
    assert mouse.page.evaluate("() => window.mine === true") == kind.keeps_pages
    mouse.page.goto(mouse.page.url)  # Playwright would wait for Firefox to load the page that it has kept


def prove_that_nothing_is_left(mouse: Mouse, *words: str) -> None:
    """Back through all that was visited. The page of a payment company is its own, and says for whom it is."""
    seen = 0
    while mouse.back():
        seen += 1
        if "/sandbox/" in mouse.page.url:
            continue
        html = mouse.page.evaluate("() => document.documentElement.outerHTML")
        assert not [word for word in ('class="who"', *words) if word in html], mouse.page.url
    assert seen > 10


@in_browsers(Kind.FIREFOX_KEEPS)
def test_back_after_signing_out_shows_nothing_of_the_customer(window: Callable[..., Window], newcomer: str, kind: Kind) -> None:
    mouse = bought(window(kind=kind), newcomer)
    prove_that_pages_are_kept(mouse, kind, "コントロールパネル")

    mouse.press("ログアウト")

    expect(mouse.page.locator("main")).to_contain_text("ログアウトしました。")
    prove_that_nothing_is_left(mouse, "試験 花子", newcomer, "@example.jp")


@in_browsers(Kind.CHROMIUM_KEEPS)
def test_nothing_is_left_either_where_no_script_runs(window: Callable[..., Window], newcomer: str, kind: Kind, line: Line) -> None:
    """In Firefox, which cannot be told to run none, the scripts get lost on the line."""
    line.lose("/static/portal.js", "/static/vendor/htmx.min.js")
    here = window(line, kind=kind) if kind.is_firefox else window(kind=kind, java_script_enabled=False)
    mouse = bought(here, newcomer)
    prove_that_pages_are_kept(mouse, kind, "コントロールパネル")

    mouse.press("ログアウト")

    prove_that_nothing_is_left(mouse, "試験 花子", newcomer, "@example.jp")
    here.forgive("static")


@in_browsers(Kind.CHROMIUM_KEEPS)
def test_back_after_signing_out_shows_nothing_of_the_desk(
    window: Callable[..., Window], live_server: Server, colleague: Person, kind: Kind
) -> None:
    mouse = Desk(window(kind=kind)).sign_in(colleague)
    for address in STAFF_PAGES:
        mouse.page.goto(address)
    prove_that_pages_are_kept(mouse, kind, "メール")

    mouse.press("ログアウト")

    expect(mouse.page.locator("main")).to_contain_text("ログアウトしました。")
    with live_server.models():
        names = [account.name for account in Account.select(Account.name)]
    prove_that_nothing_is_left(mouse, "係 一郎", colleague.login, *names)


def test_a_page_of_an_earlier_sign_in_is_emptied_when_it_is_looked_at(window: Callable[..., Window], newcomer: str) -> None:
    here = window().sign_in(newcomer)
    expect(here.page.locator("h1")).to_have_text("コントロールパネル")
    here.context.clear_cookies(name="me")

    with here.page.expect_navigation():  # after the answer to `evaluate`, on however busy a machine
        here.page.evaluate("() => { setTimeout(() => document.dispatchEvent(new Event('visibilitychange')), 2000) }")

    expect(here.page.locator("h1")).to_have_text("コントロールパネル")  # asked for once more: this browser is still signed in


def test_the_end_of_the_session_is_told_and_can_be_put_off(window: Callable[..., Window], newcomer: str) -> None:
    here = window()
    here.page.clock.install()
    here.sign_in(newcomer)
    assert not here.says("ログアウトします。")

    here.page.clock.fast_forward("25:01")
    warning = here.page.locator("#session")
    expect(warning).to_contain_text("まもなく、操作がないためログアウトします。")
    warning.get_by_role("button", name="ログインを続ける").click()

    expect(warning).to_have_count(0)
    expect(here.page.locator("#say")).to_have_text("ログインを続けています。")
    here.page.clock.fast_forward("24:00")
    expect(warning).to_have_count(0)
    here.page.clock.fast_forward("02:00")
    expect(warning).to_have_count(1)
