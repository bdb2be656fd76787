"""Every address of staff in every outdated way: the answer says what is true and leads back in one press; what was typed is kept."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import product

import pytest
from flask import Flask

from models import Allocation, CountedTry, Deposit, Event, KeptInput, Order, Session
from portal import clock
from tests.browser import Browser
from tests.fragment import Fragment
from tests.page import Page
from tests.routes.test_kept_input import NOT_SENT, OURS
from tests.staff_desk import Clerk, sign_in

BASE = "http://127.0.0.1:8000"
TYPED = "のこした文字"
FIELDS = {"reason": TYPED, "payer": TYPED, "yen": "123", "day": "2027-01-02", "booked_on": "2026-11-20", "login": "keiri", "password": "x"}
ENDED = ("ログインの有効期限が切れたか、ほかの画面でログアウトされた", "先ほどの操作は行われていません")
READING = ("GET", "HEAD", "OPTIONS")


def expired_token(desk: Browser) -> dict[str, str]:
    return {"csrf_token": "old"}


def ended_session(desk: Browser) -> dict[str, str]:
    Session.update(seen_at=clock.real_now() - timedelta(hours=2)).where(Session.staff.is_null(False)).execute()
    return {}


def forgotten_session(desk: Browser) -> dict[str, str]:
    Session.delete().execute()
    return {}


def cookies_off(desk: Browser) -> dict[str, str]:
    desk.client._cookies.clear()
    return {}


CASES: dict[Callable, tuple[str, ...]] = {
    expired_token: ("この画面からは操作できません", "経理 花子", "何も行われていません"),
    ended_session: ENDED,
    forgotten_session: ENDED,
    cookies_off: ("Cookie", "行われていません"),
}


def posts(addresses: list[tuple[str, str]]) -> list[str]:
    return [address for method, address in addresses if method == "POST"]


def state() -> tuple[object, ...]:
    return (*(model.select().count() for model in (Deposit, Allocation, Event)), [order.state for order in Order.select()])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_every_post_of_staff_in_vain_says_why_and_leads_back_in_one_press(
    desk: Browser, addresses: list[tuple[str, str]], case: Callable
) -> None:
    """Asked for as a page and as a fragment. The pages to which the answers lead are all opened by test_access.py."""
    before, readable = state(), {address for method, address in addresses if method == "GET"}

    for address, headers in product(posts(addresses), ({}, {"HX-Request": "true"})):
        CountedTry.delete().execute()  # each is a person of its own
        text, link = answer_to(desk, address, FIELDS | case(desk), headers)

        assert all(word in text for word in CASES[case]), (address, text)
        assert link in readable, address
    assert state() == before


def answer_to(desk: Browser, address: str, fields: dict[str, str], headers: dict[str, str]) -> tuple[str, str]:
    """What stands there (and is spoken), and the page to which one press leads: the link, or the sign-in form's next page."""
    answer = desk.client.post(address, data=fields, base_url=BASE, headers=headers)
    if answer.status_code == 303:
        answer = desk.client.get(answer.headers["Location"], base_url=BASE)
        page = Page(address, answer.text)
        return page.text("main"), page.soup.select_one("input[name=next]")["value"]
    if not headers:
        page = Page(address, answer.text)
        return page.text("main"), page.link("画面を開き直す")["href"]
    found = Fragment(address, answer.status_code, answer.headers, answer.text, len(answer.data))
    return found.out_of_band[0].get_text(), next_page(found.root.a["href"])


def next_page(link: str) -> str:
    return link.partition("next=")[2].partition("&")[0] or link


def test_every_address_of_staff_that_only_takes_posts_leads_to_a_page(desk: Browser, addresses: list[tuple[str, str]]) -> None:
    """Opened from the history or the address bar."""
    readable = {address for method, address in addresses if method == "GET"}

    for address in set(posts(addresses)) - readable:
        answer = desk.client.get(address, base_url=BASE)

        assert (answer.status_code, answer.headers["Location"] in readable) == (303, True), address


def test_what_staff_typed_is_shown_again_by_every_form(desk: Browser, app: Flask, addresses: list[tuple[str, str]]) -> None:
    """Where the action is refused by now there is no form, and no sentence about one."""
    seen_at = Session.select(Session.seen_at).where(Session.staff.is_null(False)).order_by(Session.seen_at.desc()).scalar()
    shown = 0
    for address, page in kept_forms(app, posts(addresses)):
        KeptInput.delete().execute()
        ended_session(desk)
        answer = desk.client.post(address, data=FIELDS, base_url=BASE, headers=OURS)
        assert "why=kept" in answer.headers["Location"], address
        Session.update(seen_at=seen_at).execute()

        has_form = desk.visit(page).page.soup.select_one("main [name=reason], main [name=payer]") is not None

        found = [TYPED in desk.html, desk.says(NOT_SENT), desk.says("まで操作がないと、自動的にログアウトします")]
        assert found == [has_form] * 3, address
        shown += has_form
    assert shown > 12


def kept_forms(app: Flask, addresses: list[str]) -> Iterator[tuple[str, str]]:
    """Each address whose form is kept, with its page."""
    adapter = app.url_map.bind("127.0.0.1")
    for address in addresses:
        endpoint, values = adapter.match(address, method="POST")
        if page := app.view_functions[endpoint].keeps_input:
            yield address, adapter.build(page, values)


def test_another_of_staff_is_not_shown_it(desk: Browser, clerk: Clerk, other_desk: Browser) -> None:
    ended_session(desk)
    desk.client.post("/staff/deposits/new", data=FIELDS, base_url=BASE, headers=OURS)
    kept = desk.client.get_cookie("kept-staff", domain="127.0.0.1", path="/staff").value
    sign_in(other_desk, clerk)
    other_desk.client.set_cookie("kept-staff", kept, domain="127.0.0.1", path="/staff")
    assert TYPED in other_desk.visit("/staff/deposits/new").html
