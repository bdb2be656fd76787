"""Every refusal and every security event leaves exactly one line in the log, without what people typed and without their data."""

import json
import logging
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from peewee import IntegrityError

from models import Account, Order, Session
from portal import clock
from portal.actions.accounts.authentication import hashed
from portal.catalog import Catalog
from portal.runtime.settings import Settings
from portal.sandbox.webhooks import signed_headers
from portal.web.view_marks import public
from tests.browser import Browser
from tests.factories import Workshop, a_customer
from tests.staff_desk import Clerk, a_clerk, enter_password, sign_in
from tests.written_log import WrittenLog, written_log

NAME, LOGIN, MAIL = "秘密 野花子", "himitsu-san", "himitsu-san@example.jp"
PRIVATE = (NAME, LOGIN, MAIL, "ﾋﾐﾂ ﾉﾊﾅｺ", "経理 花子", "keiri", "staff-pass", "demo-pass", "typed-by-mistake")
HEX = re.compile(r"[0-9a-f]{8}")


@pytest.fixture
def log() -> Iterator[WrittenLog]:
    with written_log() as log:
        yield log


@pytest.fixture
def customer() -> Account:
    return a_customer(LOGIN, name=NAME)


@pytest.fixture
def clerk() -> Clerk:
    return a_clerk()


def wrong_password(browser: Browser, order: Order, clerk: Clerk) -> None:
    browser.sign_in(LOGIN, "typed-by-mistake")


def unknown_login(browser: Browser, order: Order, clerk: Clerk) -> None:
    browser.sign_in("typed-by-mistake", "demo-pass")


def right_password(browser: Browser, order: Order, clerk: Clerk) -> None:
    browser.sign_in(LOGIN)


def wrong_code(browser: Browser, order: Order, clerk: Clerk) -> None:
    enter_password(browser, clerk).fill("確認コード", "000000").press("ログイン")


def staff_with_both_factors(browser: Browser, order: Order, clerk: Clerk) -> None:
    sign_in(browser, clerk)


def no_session(browser: Browser, order: Order, clerk: Clerk) -> None:
    browser.visit("/contract")


def sign_out(browser: Browser, order: Order, clerk: Clerk) -> None:
    browser.sign_in(LOGIN).press("ログアウト")


def anothers_order(browser: Browser, order: Order, clerk: Clerk) -> None:
    a_customer("other", name="ほか 三郎")
    browser.sign_in("other").visit(f"/orders/{order.number}")


def unknown_address(browser: Browser, order: Order, clerk: Clerk) -> None:
    browser.visit(f"/x/{MAIL}/{NAME}")


def no_token(browser: Browser, order: Order, clerk: Clerk) -> None:
    browser.sign_in(LOGIN).post_raw("/orders", {"kind": NAME}, csrf=False)


def from_another_site(browser: Browser, order: Order, clerk: Clerk) -> None:
    browser.sign_in(LOGIN).post_raw("/orders", {"kind": NAME}, headers={"Sec-Fetch-Site": "cross-site"})


def null_byte(browser: Browser, order: Order, clerk: Clerk) -> None:
    browser.sign_in(LOGIN).post_raw("/orders", {"kind": f"{NAME}\0"})


def too_large(browser: Browser, order: Order, clerk: Clerk) -> None:
    browser.sign_in(LOGIN).post_raw("/orders", {"kind": NAME * 30_000})


def wrong_method(browser: Browser, order: Order, clerk: Clerk) -> None:
    browser.client.open("/contract", method="DELETE", base_url=browser.base_url)


def wrong_host(browser: Browser, order: Order, clerk: Clerk) -> None:
    browser.client.get("/login", base_url="http://portal.example.com")


def invalid_input(browser: Browser, order: Order, clerk: Clerk) -> None:
    browser.sign_in(LOGIN).visit("/account").fill("いまのパスワード", "typed-by-mistake").press("パスワードを変更する")


def bad_webhook(browser: Browser, order: Order, clerk: Clerk) -> None:
    browser.post_raw("/notices/card", NAME.encode(), content_type="application/json")


def signed_webhook_that_cannot_be(browser: Browser, order: Order, clerk: Clerk) -> None:
    body = json.dumps({"id": "\ud800", "type": "charge.paid", "key": NAME, "reference": "r", "yen": 1, "at": "0001-01-01T00:00:00+00:00"})
    secret = browser.application.extensions["settings"].notice_secret
    browser.post_raw("/notices/card", body.encode(), content_type="application/json", headers=signed_headers(secret, body.encode()))
    assert browser.status == 400


CASES: dict[Callable[[Browser, Order, Clerk], None], tuple[str, ...]] = {
    wrong_password: ("wrong_password",),
    unknown_login: ("wrong_password",),
    right_password: ("signed_in",),
    wrong_code: ("password_right", "wrong_code"),
    staff_with_both_factors: ("password_right", "signed_in"),
    no_session: ("not_signed_in",),
    sign_out: ("signed_in", "signed_out"),
    anothers_order: ("signed_in", "not_found"),
    unknown_address: ("not_found",),
    no_token: ("signed_in", "forged"),
    from_another_site: ("signed_in", "other_site"),
    null_byte: ("signed_in", "bad_request"),
    too_large: ("signed_in", "too_large"),
    wrong_method: ("bad_method",),
    wrong_host: ("wrong_host",),
    invalid_input: ("signed_in", "invalid_input"),
    bad_webhook: ("bad_webhook",),
    signed_webhook_that_cannot_be: ("bad_webhook",),
}


@pytest.mark.parametrize(("act", "events"), CASES.items(), ids=[act.__name__ for act in CASES])
def test_each_refusal_is_one_line_without_personal_data(
    browser: Browser,
    log: WrittenLog,
    customer: Account,
    clerk: Clerk,
    workshop: Workshop,
    act: Callable[[Browser, Order, Clerk], None],
    events: tuple[str, ...],
) -> None:
    order = workshop.draft(customer)

    act(browser, order, clerk)

    assert tuple(line["event"] for line in log.events) == events
    assert not [word for word in (*PRIVATE, order.number) if word in log.text]
    for line in log.events:
        assert HEX.fullmatch(line["request"])
        assert line["path"].startswith(("/", "(unknown)"))


def test_a_line_names_the_account_by_its_id_and_what_was_typed_by_a_keyed_hash(
    browser: Browser, log: WrittenLog, customer: Account, settings: Settings
) -> None:
    wrong_password(browser, Order(), None)
    unknown_login(browser, Order(), None)

    known, unknown = log.events
    assert (known["person"], known["path"], known["method"]) == (f"account:{customer.id}", "/login", "POST")
    assert "person" not in unknown
    assert unknown["typed"] == hashed("typed-by-mistake", settings.secret_key)[:16]


def test_the_answer_carries_the_number_of_its_lines(browser: Browser, log: WrittenLog) -> None:
    answer = browser.client.get("/no-such-page", base_url=browser.base_url, environ_base={"REMOTE_ADDR": "2001:db8::7"})

    assert answer.headers["X-Request-Id"] == log.events[0]["request"]
    assert log.events[0]["network"] == "2001:db8::/64"


@pytest.mark.store
def test_no_row_of_the_database_is_written_to_the_log(browser: Browser, database: str, app: Flask, log: WrittenLog) -> None:
    """PostgreSQL quotes the whole row in `Failing row contains`, and the key in DETAIL."""

    @public
    def breaks() -> None:
        taken = a_customer(LOGIN, name=NAME)
        with pytest.raises(IntegrityError):
            Account.insert(login=None, name=NAME, email=MAIL, password_hash="x", plan=NAME, created_at=taken.created_at).execute()
        a_row = {"login": LOGIN, "name": NAME, "email": MAIL, "password_hash": "x", "plan": "x", "created_at": taken.created_at}
        Account.insert(a_row).execute()

    @public
    def never_ends() -> None:
        Session.insert(token_hash=NAME, data=NAME, created_at=None, seen_at=clock.real_now()).execute()

    app.add_url_rule("/breaks", view_func=breaks)
    app.add_url_rule("/never", view_func=never_ends)
    browser.may_break = True

    browser.visit("/breaks")
    browser.visit("/never")

    assert log.text.count("Traceback") >= 2
    assert "IntegrityError" in log.text
    assert not [word for word in PRIVATE if word in log.text]


def test_each_line_has_its_time_with_the_offset(browser: Browser, log: WrittenLog) -> None:
    browser.visit("/no-such-page")

    assert [datetime.fromisoformat(line["at"]).utcoffset() for line in log.lines] == [timedelta(hours=9)]


def test_a_name_cannot_begin_a_second_line() -> None:
    with written_log(as_json=False) as log:
        logging.getLogger("portal.x").warning("order %s", "1\n2026-11-29 INFO paid\r\x1b[2K\u2028x")

    assert len(log.text.splitlines()) == 1
    assert "\x1b" not in log.text


def test_a_shop_that_works_leaves_no_refusals(browser: Browser, log: WrittenLog, customer: Account, catalog: Catalog) -> None:
    browser.sign_in(LOGIN).visit("/contract")
    browser.visit("/account")

    assert [line["event"] for line in log.events] == ["signed_in"]
