"""Staff's lists of certificates and domains: whose is a name, and how far is its issue."""

import pytest

from models import Account, Certificate, Domain, Subscription
from portal import clock
from portal.actions.transfers.order_rows import ROWS
from portal.enums import CertificateState, DomainState
from tests.browser import Browser
from tests.factories import a_certificate, a_confirmed_domain, a_customer, a_domain


@pytest.fixture
def owner() -> Account:
    return a_customer("owner", name="見本 証")


def test_a_certificate_is_found_by_its_common_name_and_by_its_customer(desk: Browser, owner: Account) -> None:
    domain = a_confirmed_domain(owner, "xn--wgv71a119e.jp")
    domain.shown = "日本語.jp"
    a_certificate(owner, domain)
    a_certificate(a_customer("other", name="別人 一"), None)
    desk.visit("/staff/awaited").follow("独自SSL")
    assert (desk.h1, desk.text("tbody").count("未設定"), desk.text("tbody").count("発行手続き中")) == ("独自SSLの一覧", 1, 1)

    for words in ("日本語", "xn--wgv71a119e", "XN--WGV71A119E.JP", "見本 証", "見本証", "owner"):
        desk.visit("/staff/certificates").fill("検索", words).press("検索する")
        assert (desk.says("日本語.jp（xn--wgv71a119e.jp）", "tbody"), desk.says("別人 一", "tbody")) == (True, False), words
    assert desk.fill("検索", "nobody.jp").press("検索する").says("見つかりませんでした")


def test_what_failed_has_its_reason_and_what_ended_its_state(desk: Browser, owner: Account) -> None:
    failed, ended = (a_certificate(owner, a_confirmed_domain(owner, f"{name}.jp")) for name in ("one", "two"))
    failing = {"state": CertificateState.FAILED, "reason": "ドメインが見つかりません。"}
    Certificate.update(failing).where(Certificate.subscription == failed).execute()
    Subscription.update(ended_on=clock.today()).where(Subscription.id == ended.id).execute()

    page = desk.visit("/staff/certificates").text("tbody")

    assert "発行できませんでした\nドメインが見つかりません。" in page
    assert "終了" in page


def test_a_domain_is_found_with_everybody_who_has_added_it(desk: Browser, owner: Account) -> None:
    a_confirmed_domain(owner)
    second = a_domain(a_customer("other", name="別人 一"))
    missing = {"state": DomainState.NOT_FOUND, "asked": 1, "reason": "TXTレコードが見つかりませんでした。"}
    Domain.update(missing).where(Domain.id == second.id).execute()

    desk.visit("/staff/certificates").follow("独自ドメインの一覧へ").fill("検索", "EXAMPLE.jp").press("検索する")

    assert desk.text("tbody").count("example.jp") == 2
    assert desk.says("確認済み", "tbody")
    assert desk.says("TXTレコードが見つかりませんでした。", "tbody")
    assert desk.follow("独自SSLの一覧へ").h1 == "独自SSLの一覧"


def test_more_than_a_page_of_them_goes_on_at_the_next(desk: Browser, owner: Account) -> None:
    for place in range(ROWS + 1):
        a_certificate(owner, a_confirmed_domain(owner, f"one-of-many-{place}.example.jp"))

    for address in ("certificates", "domains"):
        desk.visit(f"/staff/{address}")
        assert not desk.says("one-of-many-0.example.jp", "tbody")
        assert desk.follow("次のページ").text("tbody").count("one-of-many") == 1
