"""Staff of the role 閲覧 see everything and change nothing, whatever address they post to."""

import pytest
from flask import Flask

from models import Deposit, Event, Mail, Order
from portal.actions.accounts import staff_members
from portal.catalog import Catalog
from portal.enums import StaffRole
from tests.browser import Browser
from tests.staff_desk import Clerk, a_clerk, sign_in

REFUSED = "お使いのアカウントの権限は「閲覧」です"


@pytest.fixture
def viewer(app: Flask) -> Clerk:
    made = a_clerk("mirudake", "閲覧 桃子")
    staff_members.set_role("mirudake", StaffRole.VIEWING)
    return made


def test_who_may_only_view_reads_why_a_post_does_nothing(browser: Browser, viewer: Clerk) -> None:
    """tests/routes/test_matrix.py posts to every address."""
    sign_in(browser, viewer)
    browser.visit("/staff/deposits/new").post_raw("/staff/deposits/new", {"yen": "1", "reason": "x", "payer": "x"})

    assert (browser.status, browser.says(REFUSED), Deposit.select().exists()) == (403, True, False)
    assert browser.visit("/staff/").says("閲覧だけ")
    assert browser.press("ログアウト").h1 == "社員ログイン"


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
