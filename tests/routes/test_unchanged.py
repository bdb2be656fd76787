"""A page that has not changed is not sent again, and the token that makes this possible is one session's alone."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from portal import clock
from tests.browser import Browser
from tests.factories import a_customer

PAGES = ("/", "/contract", "/mails", "/legal/tokutei")


@pytest.fixture
def customer(browser: Browser) -> Browser:
    a_customer("new")
    return browser.sign_in("new")


def ask_again(browser: Browser, address: str, tag: str) -> tuple[int, bytes]:
    answer = browser.client.get(address, base_url=browser.base_url, headers={"If-None-Match": tag, "Accept-Encoding": "br"})
    return answer.status_code, answer.data


@pytest.mark.parametrize("address", PAGES)
def test_an_unchanged_page_is_answered_with_304_and_few_headers(customer: Browser, address: str) -> None:
    customer.visit(address).visit(address)
    tag = customer.headers["ETag"]
    with time_machine.travel(clock.real_now() + timedelta(seconds=90)):
        answer = customer.client.get(address, base_url=customer.base_url, headers={"If-None-Match": tag})

    assert (answer.status_code, answer.data) == (304, b"")
    assert set(answer.headers.keys()) <= {"Cache-Control", "ETag", "Vary", "Date"}
    assert answer.headers["Cache-Control"] == customer.headers["Cache-Control"]


def test_a_page_that_says_something_new_is_sent_whole(customer: Browser) -> None:
    tag = customer.visit("/contract").headers["ETag"]
    customer.press("新規契約のお申し込みへ進む")

    status, body = ask_again(customer, "/contract", tag)

    assert (status, body != b"") == (200, True)


def test_a_page_of_an_earlier_sign_in_never_counts_as_unchanged(customer: Browser) -> None:
    tag = customer.visit("/").headers["ETag"]
    customer.press("ログアウト")
    assert ask_again(customer, "/", tag)[0] == 303

    customer.sign_in("new")

    assert ask_again(customer, "/", tag)[0] == 200


def test_each_session_has_its_own_token_and_a_sign_in_begins_another(browser: Browser, app: Flask) -> None:
    a_customer("new")
    before = browser.visit("/login").token
    after = browser.sign_in("new").visit("/").token
    elsewhere = Browser(app, browser.base_url).sign_in("new").visit("/").token

    assert len({before, after, elsewhere}) == 3
    assert all(len(token) == 22 for token in (before, after, elsewhere))
    assert browser.visit("/account").token == after
