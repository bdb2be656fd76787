"""Staff of the role 閲覧 see everything and change nothing, whatever address they post to."""

from urllib.parse import urlsplit

import pytest
from flask import Flask

from models import Deposit, Event, Mail, Order
from portal.actions.accounts import staff_members
from portal.catalog import Catalog
from portal.enums import StaffRole
from portal.runtime.settings import Settings
from tests.browser import Browser
from tests.routes.staff.addresses import DEMO, SIGN_IN
from tests.staff_desk import Clerk, a_clerk, sign_in

EVERYBODYS = SIGN_IN | DEMO
NO_PAGES = ("/staff/session", ".csv")
REFUSED = "お使いのアカウントの権限は「閲覧」です"


@pytest.fixture
def viewer(app: Flask) -> Clerk:
    made = a_clerk("mirudake", "閲覧 桃子")
    staff_members.set_role("mirudake", StaffRole.VIEWING)
    return made


def test_who_may_only_view_reads_why_a_post_does_nothing(browser: Browser, viewer: Clerk) -> None:
    """tests/routes/test_matrix.py posts to every address."""
    sign_in(browser, viewer)
    browser.post_raw("/staff/deposits/new", {"yen": "1", "reason": "x", "payer": "x"})

    assert (browser.status, browser.says(REFUSED), Deposit.select().exists()) == (403, True, False)
    assert browser.visit("/staff/").says("閲覧だけ")
    assert browser.press("ログアウト").h1 == "担当者ログイン"


def test_no_page_shows_who_may_only_view_a_button_or_a_link_to_an_action(
    browser: Browser, viewer: Clerk, clerk: Clerk, addresses: list[tuple[str, str]], app: Flask, settings: Settings
) -> None:
    """Each page as a viewer sees it; that the same pages have such buttons for 担当 is the negative control."""
    posts = {address for method, address in addresses if method == "POST"}
    pages = [address for method, address in addresses if method == "GET" and address not in posts and not address.endswith(NO_PAGES)]
    desk = sign_in(Browser(app, settings.public_url), clerk)
    sign_in(browser, viewer)

    assert not {page: found for page in pages if (found := offers(browser.visit(page), posts))}
    assert len([page for page in pages if offers(desk.visit(page), posts)]) >= 6


def offers(browser: Browser, posts: set[str]) -> list[str]:
    """What the page's forms and links lead to, where only 担当 may go. The menu's [ログアウト] and the demo's bar are everybody's."""
    soup = browser.page.soup
    forms = [form["action"] for form in soup.select("form[method=post]") if form["action"] not in EVERYBODYS]
    linked = {urlsplit(link["href"]).path for link in soup.select("a[href]")}
    searches = [form["action"] for form in soup.select("form:not([method=post])") if form["action"].endswith("/order")]
    return [*forms, *searches, *sorted(linked & posts)]


def test_a_role_that_is_taken_away_counts_from_the_next_press(desk: Browser, clerk: Clerk, catalog: Catalog) -> None:
    desk.visit("/staff/deposits/new").fill("金額", "13,200").fill("振込依頼人名", "ﾐﾎﾝ")
    staff_members.set_role(clerk.staff.login, StaffRole.VIEWING)

    desk.press("入力する")

    assert (desk.status, desk.says(REFUSED)) == (403, True)
    assert not Deposit.select().exists()
    assert Event.select().where(Event.reason == "権限を変更", Event.from_state == "acting", Event.to_state == "viewing").count() == 1
    staff_members.set_role(clerk.staff.login, StaffRole.ACTING)
    assert desk.visit("/staff/deposits/new").fill("金額", "13,200").fill("振込依頼人名", "ﾐﾎﾝ").press("入力する").status == 200
    assert Deposit.select().count() == 1
    assert not Order.select().exists()
    assert not Mail.select().exists()
