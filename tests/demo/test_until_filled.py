"""What a demo shows while its personas are still acting out their stories."""

from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from datetime import date, timedelta

import pytest

from portal import clock
from portal.demo.personas import PERSONAS
from portal.demo.turn_lock import TurnLock
from portal.demo.until_filled import UntilFilled
from portal.sandbox.books import turns
from tests.browser import Browser

FIRST, DAYS_TO_A_STORY = date(2026, 11, 10), -400
A_MOMENT, LONG = 0.2, 60.0


@pytest.fixture
def filling(app, books, settings):
    """While this is open, the personas act, and a web server has come up."""

    @contextmanager
    def filled_afterwards(a_moment=LONG):
        lock = TurnLock(settings.data_folder)
        with lock.turning():
            turns.begin_filling(books, FIRST)
            books.set_offset_days(DAYS_TO_A_STORY)
            app.wsgi_app = UntilFilled(app, books, lock, a_moment)
            yield
            books.set_offset_days(7)
            turns.end_filling(books)

    return filled_afterwards


def test_the_page_of_signing_in_is_there_with_the_first_day_and_everybody_who_will_be_there(app, filling, settings):
    client = app.test_client()
    with filling():
        page = client.get("/", base_url=settings.public_url, follow_redirects=True).get_data(as_text=True)
        assert client.get("/healthz", base_url=settings.public_url).status_code == 200

        assert clock.today() == FIRST
    assert "2026年11月10日" in page
    assert all(f'value="{persona.login}"' in page for persona in PERSONAS)


@pytest.mark.parametrize(("method", "address"), [("GET", "/demo"), ("GET", "/prices"), ("POST", "/login"), ("GET", "/sandbox/card")])
def test_whatever_needs_the_personas_waits_until_they_are_there(app, filling, settings, method, address):
    with ThreadPoolExecutor() as threads:
        with filling():
            answer = threads.submit(app.test_client().open, address, method=method, base_url=settings.public_url)
            assert not wait([answer], A_MOMENT).done
        assert answer.result(10).status_code != 503

    assert clock.today() == clock.day_of(clock.real_now() + timedelta(days=7))


def test_a_server_that_comes_up_again_while_the_worker_runs_waits_for_nothing(app, books, settings):
    lock = TurnLock(settings.data_folder)
    with lock.working() as is_mine:
        app.wsgi_app = UntilFilled(app, books, lock, 5.0)

        assert is_mine
        assert app.test_client().get("/prices", base_url=settings.public_url).status_code == 200


def waits(browser):
    """The page that says so; where it leads by itself."""
    assert (browser.status, browser.h1) == (503, "デモを用意しています")
    (refresh,) = browser.page.soup.select('meta[http-equiv="refresh"]')
    return refresh["content"].partition("url=")[2]


def test_a_press_that_waits_longer_than_a_moment_is_kept_and_its_page_asks_again_by_itself(app, filling, settings, newcomer):
    browser = Browser(app, settings.public_url)
    with filling(a_moment=0):
        browser.visit("/login").fill("ログインID", newcomer).fill("パスワード", "demo-pass").press("ログイン")
        address = waits(browser)
        assert waits(browser.visit(address)) == address
    filled(app)

    assert browser.follow("ここから開き直してください").h1 == "コントロールパネル"
    assert browser.visit(address).h1 == "コントロールパネル", "what came of it is shown once"


def test_a_page_that_waits_longer_than_a_moment_asks_for_itself_again(app, filling, settings):
    browser = Browser(app, settings.public_url)
    with filling(a_moment=0):
        assert waits(browser.visit("/prices?x=1")) == "/prices?x=1"
        assert waits(browser.visit("/kept/never")) == "/kept/never"
        assert waits(browser.visit("//evil.example/x".replace("//", "/%2F", 1))) == "/evil.example/x"
    filled(app)

    assert browser.visit("/kept/never").h1 == "ログイン"


def filled(app):
    """It is known by now, however long the other thread took."""
    assert app.wsgi_app.is_filled.wait(10)
