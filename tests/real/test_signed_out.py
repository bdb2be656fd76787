"""After signing out nothing of the customer is left on the screen, and before the session ends the page says so."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.real.chromium import Window

PAGES = ("/", "/contract", "/mails", "/account")


@pytest.mark.parametrize("page", PAGES)
def test_back_after_signing_out_shows_nothing_of_the_customer(window: Callable[..., Window], newcomer: str, page: str) -> None:
    here = window().sign_in(newcomer)
    here.page.goto(page)
    expect(here.page.locator("header")).to_contain_text("ログアウト")

    here.page.get_by_role("button", name="ログアウト").click()
    expect(here.page.locator("h1")).to_have_text("ログイン")
    here.page.go_back()

    expect(here.page.locator("h1")).to_have_text("ログイン")
    expect(here.page.locator(".who")).to_have_count(0)


def test_a_page_of_an_earlier_sign_in_is_emptied_when_it_is_looked_at(window: Callable[..., Window], newcomer: str) -> None:
    here = window().sign_in(newcomer)
    expect(here.page.locator("h1")).to_have_text("コントロールパネル")
    here.context.clear_cookies(name="me")

    with here.page.expect_navigation():
        here.page.evaluate("() => { setTimeout(() => document.dispatchEvent(new Event('visibilitychange'))) }")

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
