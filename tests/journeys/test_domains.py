"""独自ドメイン設定: a customer adds a name, has the hosting side look for its TXT record, and removes it."""

from dataclasses import replace

import pytest
from flask import Flask
from peewee import IntegrityError

from models import Domain, Event, HostingEvent
from portal.demo.hosting_side import answer_what_is_asked
from portal.enums import DomainState, HostingEventKind
from tests import steps
from tests.browser import Browser
from tests.factories import a_customer, a_domain
from tests.hosting_side import answer, signed_answer

SECRET = "a-secret-of-the-hosting-side-0123456789"


@pytest.fixture
def owner(browser: Browser, newcomer: str) -> Browser:
    return steps.buy_a_month(browser)


@pytest.fixture
def connected(app: Flask) -> None:
    app.extensions["settings"] = replace(app.extensions["settings"], provision_url="http://127.0.0.1:1/", provision_secret=SECRET)


def add(browser: Browser, name: str = "example.jp") -> Browser:
    return browser.visit("/domains").fill("独自ドメイン", name).press("追加する")


def test_a_japanese_name_is_added_and_confirmed_by_its_txt_record(owner: Browser, connected: None) -> None:
    add(owner.visit("/").follow("独自ドメイン設定"), "日本語.jp")
    assert owner.says("日本語.jp（xn--wgv71a119e.jp）")
    domain = Domain.get()
    assert owner.says("_keiyaku.xn--wgv71a119e.jp")
    assert owner.says(f"keiyaku-verify={domain.proof}")

    owner.press("TXTレコードを確認する")

    assert owner.says("確認中")
    event = HostingEvent.get(HostingEvent.kind == HostingEventKind.DOMAIN_CHECK)
    assert (event.key, f"keiyaku-verify={domain.proof}" in event.body) == (f"domain {domain.id} check 1", True)
    assert answer(owner, SECRET, "domain.confirmed", event.key) == 200
    assert owner.reload().says("確認済み")
    assert answer(owner, SECRET, "domain.confirmed", event.key) == 200, "told again: taken, and nothing happens"
    assert Event.select().where(Event.entity == f"domain {domain.id}", Event.to_state == "confirmed").count() == 1


def test_a_record_that_is_not_found_can_be_looked_for_again_and_a_late_answer_counts_for_nothing(owner: Browser, connected: None) -> None:
    add(owner).press("TXTレコードを確認する")
    first = Domain.get().question
    answer(owner, SECRET, "domain.not_found", first, reason="TXTレコードがありません。")
    assert owner.reload().says("TXTレコードがありません。")

    owner.press("TXTレコードを確認する")

    assert answer(owner, SECRET, "domain.confirmed", first) == 200
    assert (Domain.get().state, Domain.get().question) == (DomainState.ASKED, f"domain {Domain.get().id} check 2")


@pytest.mark.parametrize(
    ("body", "secret", "at", "status"),
    [
        (b'{"id": "n", "type": "domain.confirmed", "about": "domain 9 check 1"}', SECRET, None, 422),
        (b'{"id": "n", "type": "domain.confirmed", "about": "start term 1"}', SECRET, None, 422),
        (b'{"id": "n", "type": "domain.confirmed", "about": "domain 9 check 1"}', "another", None, 400),
        (b'{"id": "n", "type": "domain.confirmed", "about": "domain 9 check 1"}', SECRET, 1_000, 400),
        (b'{"id": "n", "type": "domain.not_found", "about": "domain 9 check 1"}', SECRET, None, 400),
        (b'{"id": "n", "type": "domain.sold", "about": "domain 9 check 1"}', SECRET, None, 400),
        (b'{"id": "n", "type": "certificate.issued", "about": "x", "ends_on": "2027-13-01"}', SECRET, None, 400),
        (b"[]", SECRET, None, 400),
        (b"\xff", SECRET, None, 400),
    ],
)
def test_an_answer_that_is_not_signed_or_says_nothing_is_refused(
    browser: Browser, connected: None, body: bytes, secret: str, at: int | None, status: int
) -> None:
    headers = signed_answer(secret, body, at=at)

    assert browser.client.post("/notices/hosting", data=body, headers=headers, base_url=browser.base_url).status_code == status


def test_without_a_hosting_side_no_answer_is_taken(browser: Browser, app: Flask) -> None:
    body = b'{"id": "n", "type": "domain.confirmed", "about": "domain 1 check 1"}'

    assert browser.client.post("/notices/hosting", data=body, headers=signed_answer("", body), base_url=browser.base_url).status_code == 400


def test_bad_names_keep_what_was_typed_and_the_same_name_twice_is_refused(owner: Browser) -> None:
    for typed in ("*.example.jp", "example.jp:443", "192.0.2.1", "a" * 64 + ".jp", "あ" * 400):
        add(owner, typed)
        assert (owner.status, owner.value("独自ドメイン")) == (422, typed)
        assert owner.says("入力内容に1件の誤りがあります")
    add(owner)
    Domain.update(created_at=Domain.get().created_at.replace(year=2020)).execute()
    assert add(owner, "EXAMPLE.JP").says("すでに追加されています")
    assert Domain.select().count() == 1


def test_a_confirmed_name_belongs_to_one_account(owner: Browser, app: Flask) -> None:
    a_customer("other")
    other = steps.buy_a_month(Browser(app, owner.base_url), login="other")
    add(owner).press("TXTレコードを確認する")
    add(other).press("TXTレコードを確認する")

    answer_what_is_asked()

    assert [domain.state for domain in Domain.select().order_by(Domain.id)] == [DomainState.CONFIRMED, DomainState.NOT_FOUND]
    assert other.reload().says("ほかのお客様のアカウントで使われています")
    a_customer("third")
    third = steps.buy_a_month(Browser(app, owner.base_url), login="third")
    assert (add(third).status, third.says("ほかのお客様のアカウントで使われているため")) == (422, True)
    owner.follow("この独自ドメインを削除する").press("OK")
    assert owner.says("example.jp を削除しました。")
    assert add(third).status == 200


@pytest.mark.store
def test_the_database_gives_a_confirmed_name_to_one_account(database: str) -> None:
    mine, theirs = a_domain(a_customer("mine")), a_domain(a_customer("other"))
    Domain.update(state=DomainState.CONFIRMED, asked=1).where(Domain.id == mine.id).execute()

    with pytest.raises(IntegrityError):
        Domain.update(state=DomainState.CONFIRMED, asked=1).where(Domain.id == theirs.id).execute()


def test_without_a_server_nothing_can_be_added(browser: Browser, newcomer: str) -> None:
    browser.sign_in("new").visit("/domains")

    assert not browser.offers("追加する")
    assert browser.post_raw("/domains", {"domain": "example.jp"}).says("サーバーをご契約いただくと")
    assert not Domain.select().exists()
