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

FIRST, DAYS_TO_A_STORY = date(2026, 11, 10), -400
A_MOMENT = 0.2


@pytest.fixture
def filling(app, books, settings):
    """While this is open, the personas act, and a web server has come up."""

    @contextmanager
    def filled_afterwards():
        lock = TurnLock(settings.data_folder)
        with lock.turning():
            turns.begin_filling(books, FIRST)
            books.set_offset_days(DAYS_TO_A_STORY)
            app.wsgi_app = UntilFilled(app.wsgi_app, books, lock)
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
