"""Two factors that cannot be guessed, replayed or bypassed."""

import math
from datetime import date

import pytest
import time_machine
from flask import Flask

from models import Event, RecoveryCode, Session, Staff
from portal import clock
from portal.actions.accounts import limits, staff_members
from portal.actions.accounts.accounts import NotAcceptable
from portal.runtime.settings import Settings
from tests.browser import Browser
from tests.staff_desk import PASSWORD, Clerk, a_clerk, enter_password, sign_in, staff_cookie

WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def wrong(clerk: Clerk) -> str:
    """Six digits that no clock near now shows."""
    now = clock.real_now()
    near = {clerk.totp.at(now, counter_offset=step) for step in range(-3, 4)}
    return next(code for code in ("000000", "111111", "222222", "333333", "444444", "555555", "666666", "777777") if code not in near)


def test_password_and_code_lead_to_the_awaited_transfers(browser: Browser, clerk: Clerk) -> None:
    sign_in(browser, clerk)

    assert browser.h1 == "入金待ち"
    assert browser.says("経理 花子")
    assert Event.select().where(Event.entity == "staff keiri", Event.to_state == "signed in").exists()


def test_the_requested_page_opens_after_signing_in(browser: Browser, clerk: Clerk) -> None:
    browser.visit("/staff/history").fill("ログインID", "keiri").fill("パスワード", PASSWORD).press("次へ")

    browser.fill("確認コード", clerk.code()).press("ログイン")

    assert browser.h1 == "履歴"


@pytest.mark.parametrize("elsewhere", ["//evil.example", "https://evil.example", "/contract", "/staff/../contract", "/staffx"])
def test_signing_in_redirects_to_no_other_site(browser: Browser, clerk: Clerk, elsewhere: str) -> None:
    browser.visit(f"/staff/login?next={elsewhere}").fill("ログインID", "keiri").fill("パスワード", PASSWORD).press("次へ")

    browser.fill("確認コード", clerk.code()).press("ログイン")

    assert browser.url == "/staff/"


def test_a_code_may_be_typed_full_width_and_with_a_gap(browser: Browser, clerk: Clerk) -> None:
    code = clerk.code().translate(WIDE)

    enter_password(browser, clerk).fill("確認コード", f" {code[:3]}　{code[3:]} ").press("ログイン")

    assert browser.h1 == "入金待ち"


@pytest.mark.parametrize(("login", "password"), [("keiri", "wrong-pass"), ("nobody", PASSWORD), ("keiri", PASSWORD.upper())])
def test_the_wrong_name_and_the_wrong_password_get_the_same_answer(browser: Browser, clerk: Clerk, login: str, password: str) -> None:
    browser.visit("/staff/login").fill("ログインID", login).fill("パスワード", password).press("次へ")

    assert browser.status == 422
    assert browser.says("ログインIDまたはパスワードが違います", ".error")
    assert password not in browser.html


def test_the_eleventh_wrong_password_is_refused_without_a_check(browser: Browser, clerk: Clerk) -> None:
    for _ in range(11):
        browser.visit("/staff/login").fill("ログインID", "keiri").fill("パスワード", "wrong-pass").press("次へ")

    assert browser.status == 429
    assert browser.says("15分ほどたってから")


def test_failed_customer_sign_ins_do_not_lock_the_staff_sign_in(browser: Browser, clerk: Clerk) -> None:
    for login in ("keiri", "staff/keiri", "STAFF/keiri"):
        for _ in range(6):
            browser.visit("/login").fill("ログインID", login).fill("パスワード", "wrong-pass").press("ログイン")

    assert sign_in(browser, clerk).h1 == "入金待ち"


def test_a_wrong_code_is_refused_and_not_shown_again(browser: Browser, clerk: Clerk) -> None:
    enter_password(browser, clerk).fill("確認コード", wrong(clerk)).press("ログイン")

    assert browser.status == 422
    assert browser.says("確認コードが違います", ".error")
    assert browser.visit("/staff/").h1 == "担当者ログイン"


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "١٢٣٤٥٦", "²²²²²²", "x" * 65, "0" * 5000, "-", "'--"])
def test_a_malformed_code_is_refused(browser: Browser, clerk: Clerk, typed: str) -> None:
    enter_password(browser, clerk).fill("確認コード", typed).press("ログイン")

    assert browser.status == 422
    assert browser.visit("/staff/").h1 == "担当者ログイン"


def test_after_ten_wrong_codes_the_right_one_is_refused_for_a_while(browser: Browser, clerk: Clerk) -> None:
    enter_password(browser, clerk)
    for _ in range(10):
        browser.fill("確認コード", wrong(clerk)).press("ログイン")
        assert browser.status == 422

    browser.fill("確認コード", clerk.code()).press("ログイン")
    assert browser.status == 429
    assert browser.says("確認コードの間違いが続いたため、受け付けを止めています。15分ほどたってから")
    assert Event.select().where(Event.to_state == limits.REACHED).count() == 1
    with time_machine.travel(clock.real_now().timestamp() + 16 * 60, tick=True):
        assert sign_in(browser, clerk).h1 == "入金待ち"


def test_wrong_codes_elsewhere_shut_out_no_browser_that_passed_before_and_all_staff_read_of_them(
    browser: Browser, clerk: Clerk, app: Flask, settings: Settings
) -> None:
    """Somebody knows the password, and tries codes for ever."""
    sign_in(browser, clerk).press("ログアウト")
    stranger = enter_password(Browser(app, settings.public_url), clerk)
    for _ in range(11):
        stranger.fill("確認コード", wrong(clerk)).press("ログイン")
    assert stranger.status == 429
    stranger.fill("確認コード", clerk.code()).press("ログイン")
    assert stranger.says("確認コードの間違いが続いたため、受け付けを止めています。15分ほどたってから、もう一度お試しください。")
    assert stranger.says("お急ぎの場合は回復コードを使うか、管理者に認証の作り直しを依頼してください。")

    assert sign_in(browser, clerk).h1 == "入金待ち"
    for desk in (browser, sign_in(Browser(app, settings.public_url), a_clerk("soumu"))):
        desk.visit("/staff/attention")
        assert desk.says("受け付けを止めたもの（24時間以内）")
        assert desk.says("パスワードが正しいのに、確認コードの間違いが続きました")
        assert desk.says("担当者 keiri")


def test_a_recovery_code_signs_in_despite_a_locked_second_factor(browser: Browser, clerk: Clerk) -> None:
    enter_password(browser, clerk)
    for _ in range(11):
        browser.fill("確認コード", wrong(clerk)).press("ログイン")

    browser.fill("確認コード", clerk.recovery_codes[3].upper().replace("-", " ")).press("ログイン")

    assert browser.h1 == "入金待ち"
    assert browser.says("残りは9個です")


def test_the_operator_unlocks_a_locked_second_factor(browser: Browser, clerk: Clerk) -> None:
    enter_password(browser, clerk)
    for _ in range(11):
        browser.fill("確認コード", wrong(clerk)).press("ログイン")

    made = staff_members.renew_second_factor("keiri")

    renewed = Clerk(made.staff, made.totp, made.recovery_codes)
    assert enter_password(browser, renewed).fill("確認コード", clerk.totp.now()).press("ログイン").status == 422
    assert sign_in(browser, renewed).h1 == "入金待ち"


def test_a_recovery_code_works_once(browser: Browser, clerk: Clerk) -> None:
    enter_password(browser, clerk).fill("確認コード", clerk.recovery_codes[0]).press("ログイン").press("ログアウト")

    enter_password(browser, clerk).fill("確認コード", clerk.recovery_codes[0]).press("ログイン")

    assert browser.status == 422
    assert RecoveryCode.select().where(RecoveryCode.used_at.is_null(False)).count() == 1


def test_another_employees_recovery_code_is_refused(browser: Browser, clerk: Clerk) -> None:
    other = a_clerk("soumu")

    enter_password(browser, clerk).fill("確認コード", other.recovery_codes[0]).press("ログイン")

    assert browser.status == 422


def test_recovery_codes_cannot_be_read_out_of_the_database(clerk: Clerk) -> None:
    kept = {code.code_hash for code in RecoveryCode.select()}

    assert len(kept) == len(clerk.recovery_codes) == 10
    assert not kept & {code.replace("-", "") for code in clerk.recovery_codes}
    letters = len(staff_members._LETTERS)
    assert all(len(code.replace("-", "")) * math.log2(letters) > 112 for code in clerk.recovery_codes), "fewer bits need a slow hash"


def test_over_https_staff_sign_in_with_cookies_that_no_other_host_can_set(over_https: Browser, clerk: Clerk) -> None:
    """Each cookie on the way is judged by the browser of the tests."""
    sign_in(over_https, clerk).visit("/staff/session")

    assert over_https.status == 200


def test_a_code_works_once(browser: Browser, clerk: Clerk) -> None:
    code = clerk.code()
    enter_password(browser, clerk).fill("確認コード", code).press("ログイン").press("ログアウト")

    enter_password(browser, clerk).fill("確認コード", code).press("ログイン")

    assert browser.status == 422
    assert browser.says("このコードは、すでに使われています", ".error")


@pytest.mark.parametrize(("seconds", "is_let_in"), [(-90, False), (-30, True), (0, True), (30, True), (90, False)])
def test_a_phone_clock_may_differ_by_half_a_minute(browser: Browser, clerk: Clerk, seconds: int, is_let_in: bool) -> None:
    enter_password(browser, clerk)
    code = clerk.totp.at(int(clock.real_now().timestamp()) + seconds)

    browser.fill("確認コード", code).press("ログイン")

    assert (browser.status == 200) is is_let_in


def test_a_code_older_than_the_last_used_one_is_refused(browser: Browser, clerk: Clerk) -> None:
    now = int(clock.real_now().timestamp())
    enter_password(browser, clerk).fill("確認コード", clerk.totp.at(now)).press("ログイン").press("ログアウト")

    enter_password(browser, clerk).fill("確認コード", clerk.totp.at(now - 30)).press("ログイン")

    assert browser.status == 422


def test_the_demos_clock_does_not_move_the_codes(browser: Browser, clerk: Clerk, business_day) -> None:
    business_day(date(2031, 5, 5))

    assert sign_in(browser, clerk).h1 == "入金待ち"


def test_the_code_page_needs_the_password_first(browser: Browser) -> None:
    assert browser.visit("/staff/code").h1 == "担当者ログイン"

    browser.post_raw("/staff/code", {"code": "000000"})

    assert browser.h1 == "担当者ログイン"


def test_the_password_is_asked_for_again_after_ten_minutes_without_a_code(browser: Browser, clerk: Clerk) -> None:
    enter_password(browser, clerk)

    with time_machine.travel(clock.real_now().timestamp() + 11 * 60, tick=True):
        browser.fill("確認コード", clerk.code()).press("ログイン")

    assert browser.h1 == "担当者ログイン"


def test_the_code_field_has_the_one_time_code_autocomplete(browser: Browser, clerk: Clerk) -> None:
    enter_password(browser, clerk)

    assert browser.page.soup.select_one("#code")["autocomplete"] == "one-time-code"


def test_each_step_gets_a_new_session(browser: Browser, clerk: Clerk) -> None:
    tokens = [staff_cookie(browser.visit("/staff/login"))]
    enter_password(browser, clerk)
    tokens.append(staff_cookie(browser))
    browser.fill("確認コード", clerk.code()).press("ログイン")
    tokens.append(staff_cookie(browser))

    assert len({cookie.value for cookie in tokens}) == 3
    assert Session.select().where(Session.staff == clerk.staff).count() == 1
    assert {row.has_ended(clock.real_now() + clock.ONE_PRESS) for row in Session.select().where(Session.staff.is_null())} == {True}


def test_the_cookie_is_for_staff_pages_alone(browser: Browser, clerk: Clerk) -> None:
    enter_password(browser, clerk)
    cookie = staff_cookie(browser)

    assert (cookie.path, cookie.http_only, cookie.same_site) == ("/staff", True, "Strict")


def test_a_disabled_employee_is_signed_out_at_once_and_cannot_sign_in(desk: Browser, clerk: Clerk) -> None:
    staff_members.disable("keiri")

    assert desk.visit("/staff/").h1 == "担当者ログイン"
    assert enter_password(desk, clerk).status == 422


def test_an_employee_disabled_between_password_and_code_cannot_sign_in(browser: Browser, clerk: Clerk) -> None:
    enter_password(browser, clerk)
    staff_members.disable("keiri")

    browser.fill("確認コード", clerk.code()).press("ログイン")

    assert browser.h1 == "担当者ログイン"


def test_signing_out_ends_the_session_everywhere(desk: Browser) -> None:
    copy = staff_cookie(desk).value
    desk.press("ログアウト")
    desk.client.set_cookie("staff", copy, domain="127.0.0.1", path="/staff")

    assert desk.visit("/staff/").h1 == "担当者ログイン"
    assert not Session.select().where(Session.staff.is_null(False)).exists()


def test_an_employee_name_is_unique(clerk: Clerk) -> None:
    with pytest.raises(NotAcceptable, match="すでに使われています"):
        a_clerk("KEIRI")

    assert Staff.select().count() == 1
