"""Signing in: where it leads, what it says, and limits on guessing that cannot lock the owner out."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
import time_machine
from flask import Flask

from models import Account, CountedTry, Mail, Session
from portal import clock
from portal.actions.accounts import authentication
from portal.actions.accounts.authentication import CUSTOMERS, device_mark
from portal.actions.staff import lists
from portal.enums import MailKind
from portal.rules.accounts.limits import GUESSES, By, Limited, TooMany
from portal.runtime.settings import Settings
from tests.browser import Browser
from tests.factories import PASSWORD, a_customer

MOST = {limit.by: limit.most for limit in GUESSES}
TRIES_PER_ACCOUNT, TRIES_PER_NETWORK, TRIES_PER_ACCOUNT_AND_NETWORK = MOST[By.WHO], MOST[By.NETWORK], MOST[By.WHO_AND_NETWORK]
OWNER, STRANGER = "198.51.100.7", "203.0.113.9"
NEW = "neuer-satz-fuer-heute"


@pytest.fixture(autouse=True)
def customer(app: Flask) -> Account:
    return a_customer("new")


def at(app: Flask, address: str) -> Browser:
    """A browser at that IP address."""

    def there(environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
        return app(environ | {"REMOTE_ADDR": address}, start_response)

    return Browser(there)


def guess(settings: Settings, times: int, *, login: str = "new", address: str = STRANGER, device: str | None = None) -> None:
    for _ in range(times):
        authentication.sign_in(login, "wrong", address=address, device=device, secret=settings.secret_key)


def answers_too_many(settings: Settings, **who: Any) -> bool:
    asked = {"login": "new", "password": PASSWORD, "address": STRANGER, "device": None} | who
    login, password = asked.pop("login"), asked.pop("password")
    return isinstance(authentication.sign_in(login, password, **asked, secret=settings.secret_key), TooMany)


EVIL = [
    "https://evil.example/",
    "/" + "a" * 60 + "!",  # an expression that can read this in two ways never ends
    "/" + "a/" * 60,
    "http:evil.example",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/%5Cevil.example",
    "/%2F/evil.example",
    "/\t/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/contract\r\nSet-Cookie: a=b",
    "/contract\n",
    "javascript:alert(1)",
    "/?next=//evil.example",
    "/contract#//evil.example",
    "/contract@evil.example",
    "evil.example",
    "/契約",
    "",
    "/" * 2 + "a" * 5000,
]


@pytest.mark.parametrize("address", EVIL)
def test_a_return_address_outside_the_portal_is_replaced_by_the_control_panel(browser: Browser, address: str) -> None:
    browser.visit("/login").fill("ログインID", "new").fill("パスワード", PASSWORD).press("ログイン", forged={"next": address})

    assert (browser.status, browser.url) == (200, "/")


@pytest.mark.parametrize("address", ["//evil.example", "https://evil.example/", "/\\evil.example", "/%09/evil.example"])
def test_a_link_to_the_sign_in_cannot_redirect_to_another_site(browser: Browser, address: str) -> None:
    browser.visit(f"/login?next={address}")
    assert "evil" not in browser.html

    browser.fill("ログインID", "new").fill("パスワード", PASSWORD).press("ログイン")

    assert browser.url == "/"


@pytest.mark.parametrize("address", ["/session", "/forget", "/logout", "/nothing", "/staff/"])
def test_signing_in_leads_to_a_page_whatever_the_address_names(browser: Browser, address: str) -> None:
    """Not to the answer to a script, an empty answer, an error or a part of the portal that this sign-in does not open."""
    browser.visit(f"/login?next={address}").fill("ログインID", "new").fill("パスワード", PASSWORD).press("ログイン")

    assert (browser.status, browser.url) == (200, "/")


def test_a_signed_in_customer_is_not_redirected_to_another_site_either(browser: Browser) -> None:
    browser.sign_in("new")

    assert browser.visit("/login?next=//evil.example").url == "/"
    assert browser.visit("/login?next=/contract").url == "/contract"


def test_the_requested_page_opens_after_signing_in(browser: Browser) -> None:
    browser.visit("/contract").fill("ログインID", "new").fill("パスワード", PASSWORD).press("ログイン")

    assert browser.url == "/contract"


def test_the_requested_page_survives_a_wrong_password(browser: Browser) -> None:
    browser.visit("/contract").fill("ログインID", "new").fill("パスワード", "wrong").press("ログイン")
    browser.fill("パスワード", PASSWORD).press("ログイン")

    assert browser.url == "/contract"


@pytest.mark.parametrize("login", [" new ", "NEW", "New"])
def test_spaces_and_capitals_in_the_login_do_not_matter(browser: Browser, login: str) -> None:
    assert browser.sign_in(login).h1 == "コントロールパネル"


def test_a_wrong_login_and_a_wrong_password_get_the_same_answer(browser: Browser, app: Flask) -> None:
    other = Browser(app, browser.base_url)

    browser.sign_in("new", "wrong")
    other.sign_in("nobody", "wrong")

    assert browser.status == other.status == 422
    assert browser.text("main") == other.text("main")
    assert browser.says("ログインIDまたはパスワードが違います", ".errors")


def test_a_wrong_password_keeps_the_login_and_never_the_password(browser: Browser) -> None:
    browser.sign_in("new", "my-secret-word")

    assert browser.value("ログインID") == "new"
    assert "my-secret-word" not in browser.html
    assert not Session.select().where(Session.account.is_null(False)).exists()


@pytest.mark.parametrize(
    ("login", "password", "sentence"),
    [
        ("", PASSWORD, "ログインIDを入力してください"),
        ("new", "", "パスワードを入力してください"),
        ("x" * 65, PASSWORD, "64文字"),
        ("🍣𠮷", PASSWORD, "ログインIDまたはパスワードが違います"),
        ("new' --", PASSWORD, "ログインIDまたはパスワードが違います"),
        ("new", "🍣" * 2000, "ログインIDまたはパスワードが違います"),
    ],
)
def test_invalid_input_gets_a_message_at_its_field(browser: Browser, login: str, password: str, sentence: str) -> None:
    browser.sign_in(login, password)

    assert browser.status == 422
    assert browser.title.startswith("エラー：ログイン")
    assert browser.says(sentence, ".errors")
    assert browser.says(sentence, "p.error")


@pytest.mark.store
def test_a_null_byte_in_the_login_is_refused(browser: Browser, database: str) -> None:
    browser.visit("/login").press("ログイン", forged={"login": "new\0", "password": PASSWORD})

    assert browser.status == 400


def test_ten_wrong_passwords_lock_out_unknown_browsers(app: Flask, settings: Settings) -> None:
    guess(settings, TRIES_PER_ACCOUNT_AND_NETWORK)
    stranger = at(app, STRANGER).sign_in("new")

    assert stranger.status == 429
    assert stranger.says("15分ほどたってから", ".errors")
    assert not Session.select().where(Session.account.is_null(False)).exists()


def test_the_lockout_message_is_the_same_for_a_missing_account(app: Flask, settings: Settings) -> None:
    guess(settings, TRIES_PER_ACCOUNT_AND_NETWORK)
    guess(settings, TRIES_PER_ACCOUNT_AND_NETWORK, login="nobody", address=STRANGER)

    known, unknown = at(app, STRANGER).sign_in("new"), at(app, STRANGER).sign_in("nobody")

    assert (known.status, known.text(".errors")) == (unknown.status, unknown.text(".errors"))


def test_the_owner_on_another_network_can_still_sign_in(app: Flask, settings: Settings) -> None:
    guess(settings, TRIES_PER_ACCOUNT_AND_NETWORK)

    assert at(app, OWNER).sign_in("new").h1 == "コントロールパネル"


def test_a_known_browser_signs_in_despite_guesses_from_its_network(app: Flask, settings: Settings) -> None:
    owner = at(app, STRANGER).sign_in("new").press("ログアウト")
    login = authentication.hashed(authentication.CUSTOMERS.name("new"), settings.secret_key)
    row = {"kind": Limited.SIGN_IN, "who": login, "at": clock.real_now()}
    CountedTry.insert_many([row | {"network": STRANGER if n % 2 else f"192.0.2.{n % 250}"} for n in range(3 * TRIES_PER_ACCOUNT)]).execute()
    assert at(app, OWNER).sign_in("new").status == 429

    assert owner.sign_in("new").h1 == "コントロールパネル"


def test_forty_new_browsers_in_an_hour_are_three_mails_and_staff_are_told(app: Flask, settings: Settings, customer: Account) -> None:
    def enter(place: int, device: str | None = None) -> object:
        asked = {"address": f"192.0.2.{place}", "device": device, "secret": settings.secret_key, "browser": "x", "form": f"form {place}"}
        return authentication.sign_in("new", PASSWORD, **asked)

    mine = device_mark(CUSTOMERS.owner(customer), settings.secret_key, "mine")
    assert [enter(place) for place in range(40)] == [customer] * 40
    enter(41, mine)

    assert Mail.select().where(Mail.kind == MailKind.NEW_BROWSER).count() == 3
    assert [event.reason for event in lists.reached_limits()] == ["要確認: 新しいブラウザーからのログインが続きました"]


def test_forty_wrong_passwords_elsewhere_shut_out_no_browser_that_was_here_before(app: Flask, settings: Settings) -> None:
    owner, at_home = at(app, OWNER).sign_in("new").press("ログアウト"), at(app, STRANGER).sign_in("new").press("ログアウト")
    guess(settings, 40)

    assert at(app, STRANGER).sign_in("new").status == 429
    assert [known.sign_in("new").h1 for known in (owner, at_home)] == ["コントロールパネル"] * 2
    assert [event.reason for event in lists.reached_limits()] == ["要確認: パスワードの間違いが続きました"]


def test_a_crowd_of_new_browsers_leaves_the_sign_in_page_to_those_that_were_here_before(app: Flask) -> None:
    owner = at(app, STRANGER).sign_in("new").press("ログアウト")
    row = {"kind": Limited.SESSION, "who": "", "network": STRANGER, "at": clock.real_now()}
    CountedTry.insert_many([row] * 300).execute()
    Session.delete().execute()

    refused = at(app, STRANGER).visit("/login")
    assert (refused.status, Session.select().count()) == (429, 0)
    assert refused.says("以前にログインしたことのあるブラウザーでは、いまログインできます。")
    assert at(app, OWNER).visit("/login").status == 200
    assert owner.sign_in("new").h1 == "コントロールパネル"


@pytest.mark.parametrize("mark", ["", ".", "a.b", "a~b.c", "~.", "🍣~𠮷.x", "a" * 12 + "~" + "0" * 16 + ".x"])
def test_a_forged_mark_gets_no_session_of_its_own(settings: Settings, mark: str) -> None:
    assert authentication.passed_before(mark, settings.secret_key) is None
    ours = device_mark("new", settings.secret_key, authentication.new_nonce(settings.secret_key))
    assert authentication.passed_before(ours, settings.secret_key)
    assert authentication.passed_before(ours, "another secret") is None


def test_guesses_from_a_known_browser_are_limited_too(app: Flask, settings: Settings) -> None:
    owner = at(app, OWNER).sign_in("new").press("ログアウト")
    mark = owner.client.get_cookie("device", "127.0.0.1", "/").value

    guess(settings, TRIES_PER_ACCOUNT_AND_NETWORK, address=OWNER, device=mark)

    assert answers_too_many(settings, address=OWNER, device=mark)


def test_the_known_browser_cookie_of_one_account_does_not_count_for_another(app: Flask, settings: Settings) -> None:
    a_customer("thief")
    thief = at(app, STRANGER).sign_in("thief")
    mark = thief.client.get_cookie("device", "127.0.0.1", "/").value

    guess(settings, TRIES_PER_ACCOUNT_AND_NETWORK, device=mark)

    assert answers_too_many(settings, device=mark)


def test_who_signed_in_with_the_old_password_is_a_stranger_after_the_new_one(app: Flask, settings: Settings, customer: Account) -> None:
    """Whoever knew it could have signed in a thousand times, and would have ten guesses with each of those marks."""
    marks = [at(app, STRANGER).sign_in("new").client.get_cookie("device", "127.0.0.1", "/").value for _ in range(2)]
    owner = at(app, OWNER).sign_in("new").visit("/account")
    owner.fill("いまのパスワード", PASSWORD).fill("新しいパスワード", NEW).press("パスワードを変更する").press("ログアウト")

    guess(settings, TRIES_PER_ACCOUNT_AND_NETWORK, device=marks[0])
    guess(settings, TRIES_PER_ACCOUNT_AND_NETWORK, address=OWNER)

    assert answers_too_many(settings, password=NEW, device=marks[1])
    assert owner.sign_in("new", NEW).h1 == "コントロールパネル"


@pytest.mark.parametrize("mark", ["", ".", "a.b", "x" * 5000, "🍣.𠮷", "a.b.c"])
def test_a_forged_known_browser_cookie_is_ignored(settings: Settings, mark: str) -> None:
    guess(settings, TRIES_PER_ACCOUNT_AND_NETWORK, device=mark)

    assert answers_too_many(settings, device=mark)


def test_one_network_cannot_try_a_password_on_many_accounts(settings: Settings) -> None:
    row = {"kind": Limited.SIGN_IN, "network": STRANGER, "at": clock.real_now()}
    CountedTry.insert_many([row | {"who": f"{n:064}"} for n in range(TRIES_PER_NETWORK)]).execute()

    assert answers_too_many(settings)
    assert not answers_too_many(settings, address=OWNER)


def test_an_ipv6_prefix_counts_as_one_network(settings: Settings) -> None:
    for n in range(TRIES_PER_ACCOUNT_AND_NETWORK):
        guess(settings, 1, address=f"2001:db8::{n + 1:x}")

    assert answers_too_many(settings, address="2001:db8::ffff")
    assert not answers_too_many(settings, address="2001:db8:0:1::1")


def test_a_lockout_ends_after_15_minutes(settings: Settings) -> None:
    guess(settings, TRIES_PER_ACCOUNT_AND_NETWORK)

    with time_machine.travel(clock.real_now().timestamp() + 14 * 60, tick=True):
        assert answers_too_many(settings)
    with time_machine.travel(clock.real_now().timestamp() + 15 * 60 + 1, tick=True):
        assert not answers_too_many(settings)


def test_attempts_during_a_lockout_do_not_extend_it(settings: Settings) -> None:
    guess(settings, TRIES_PER_ACCOUNT_AND_NETWORK)
    with time_machine.travel(clock.real_now().timestamp() + 14 * 60, tick=True):
        guess(settings, 5)
    with time_machine.travel(clock.real_now().timestamp() + 15 * 60 + 1, tick=True):
        assert not answers_too_many(settings)


@pytest.mark.store
def test_the_same_browser_can_sign_in_again_and_again(browser: Browser) -> None:
    """PostgreSQL refuses what is longer than its column: the browser's mark is stored as a hash."""
    for _ in range(2):
        browser.sign_in("new").press("ログアウト")

    assert browser.sign_in("new").h1 == "コントロールパネル"


def test_right_passwords_do_not_count_as_failed_attempts(settings: Settings) -> None:
    for _ in range(TRIES_PER_ACCOUNT_AND_NETWORK + 1):
        assert not answers_too_many(settings)

    assert not CountedTry.select().where(CountedTry.kind == Limited.SIGN_IN).exists()


def test_typed_logins_are_not_stored(settings: Settings) -> None:
    guess(settings, 1, login="my-password-in-the-wrong-field")

    kept = CountedTry.get()
    assert "my-password" not in f"{kept.who} {kept.network} {kept.browser}"


@pytest.mark.parametrize("name", ["𠮷野 🍣", "O'Brien & Söhne", "<script>alert(1)</script>", "名" * 200])
def test_any_customer_name_is_shown_escaped(browser: Browser, name: str) -> None:
    a_customer("named", name=name)

    browser.sign_in("named")

    assert browser.says(f"{name} 様")
    assert "<script>alert" not in browser.html


def test_in_real_use_no_persona_is_shown(over_https: Browser) -> None:
    over_https.visit("/login")

    assert "demo-pass" not in over_https.html
    assert not over_https.says("デモ")
