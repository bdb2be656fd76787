"""独自SSL: bought with the contract, then a common name of the customer's own domains, then issued by the hosting side."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from peewee import IntegrityError

from models import Account, Certificate, Domain, HostingEvent, Invoice, Mail, Order, Subscription
from portal import clock
from portal.actions.certificates import answers, common_names
from portal.catalog import Catalog
from portal.demo.hosting_side import answer_what_is_asked
from portal.demo.hosting_side import issue_day as issued_by_the_authority
from portal.enums import CertificateState, DomainState, HostingEventKind, MailKind, OrderKind, OrderState
from portal.gateways.companies import Companies
from portal.gateways.hosting_answers import AnswerKind, HostingAnswer
from portal.runtime.settings import Settings
from portal.sandbox.books import Books
from tests import bank, staff_desk, steps
from tests.actions.renewals.days import Calendar
from tests.browser import Browser
from tests.choices import a_selection
from tests.companies import LosesAnswers
from tests.factories import a_confirmed_domain, a_customer, a_domain, an_ended_certificate
from tests.purchase import Shop

REQUEST = "このコモンネームで発行の手続きを始める"
BOUGHT = date(2025, 10, 20)
WRONG: tuple[str | list[str] | None, ...] = (
    "theirs.jp", "www.theirs.jp", "a" * 64, f"{'a' * 64}.jp", "日本語.jp", "ｅｘａｍｐｌｅ．ｊｐ", "*.example.jp", "*", "EXAMPLE.JP",
    "example.jp.", "www.www.example.jp", "mail.example.jp", "example.jp:443", "https://example.jp/", "192.0.2.1", "[2001:db8::1]",
    " example.jp", "example.jp\nexample.com", "x" * 10_000, "<b>example.jp</b>", "' OR 1=1 --", "", None, ["theirs.jp", "example.jp"],
)  # fmt: skip
TOLD = (MailKind.RENEWAL_SWITCHED, MailKind.RENEWAL_NOTICE)


@pytest.fixture
def shop(catalog: Catalog, books: Books, companies: Companies, business_day: Callable[[date], None]) -> Shop:
    business_day(BOUGHT)
    return Shop(catalog, books, companies.card)


def bought(shop: Shop, browser: Browser, variant: str = "quick") -> Subscription:
    shop.buy(selection=a_selection(12, ssl=variant))
    browser.sign_in("new")
    return Subscription.get(Subscription.product == "ssl")


def own(*names: str, login: str = "new") -> None:
    """These domains are confirmed."""
    for name in names:
        a_confirmed_domain(Account.by_login(login) or a_customer(login), name)


def test_whoever_has_bought_one_reads_that_its_common_name_comes_next(shop: Shop, browser: Browser) -> None:
    said = "独自SSL（クイック認証）は、コモンネームを設定すると、発行の手続きが始まります。"
    bought(shop, browser)
    order = Order.get()

    assert said in Mail.get(Mail.kind == MailKind.PAYMENT_CONFIRMED).body
    assert browser.visit(f"/orders/{order.number}").says(said)
    assert browser.follow("「独自SSL」").offers("コモンネームを設定する")


def test_from_the_contract_over_a_domain_to_an_issued_certificate(shop: Shop, browser: Browser) -> None:
    subscription = bought(shop, browser)
    browser.visit("/").follow("独自SSL")
    assert browser.says("未設定")
    browser.follow("コモンネームを設定する").follow("独自ドメイン設定へ")
    browser.fill("独自ドメイン", "日本語.jp").press("追加する").press("TXTレコードを確認する")
    answer_what_is_asked()
    browser.visit(f"/ssl/{subscription.id}").choose("www.日本語.jp（www.xn--wgv71a119e.jp）")

    browser.press(REQUEST)

    assert browser.says("発行手続き中", "dl")
    event = HostingEvent.get(HostingEvent.kind == HostingEventKind.CERTIFICATE)
    assert '"common_name": "www.xn--wgv71a119e.jp"' in event.body
    assert (event.starts_on, event.ends_on) == (BOUGHT, date(2026, 10, 31))
    answer_what_is_asked()
    assert browser.reload().says("有効", "dl")
    assert Mail.get(Mail.kind == MailKind.CERTIFICATE_ISSUED).subject.endswith("独自SSLが発行されました")
    domain = browser.visit(f"/domains/{Domain.get().id}")
    assert (domain.offers("この独自ドメインを削除する"), domain.says("独自SSLが終了するまで、削除できません")) == (False, True)
    assert domain.visit(f"/domains/{Domain.get().id}/remove").says("独自SSLがあるため、削除できません")


def test_the_wrong_common_names_are_refused(shop: Shop, browser: Browser) -> None:
    subscription = bought(shop, browser)
    own("example.jp")
    own("theirs.jp", login="other")
    page = f"/ssl/{subscription.id}"
    for typed in WRONG:
        browser.visit(page).press(REQUEST, forged={"common_name": typed})
        assert (browser.status, browser.says("表示されている中から選んでください", ".errors")) == (422, True), typed
    late = browser.visit(page).choose("example.jp").new_tab()
    browser.post_raw(f"/domains/{Domain.get(Domain.name == 'example.jp').id}/remove").visit(page)
    assert late.choose("example.jp").press(REQUEST).says("表示されている中から選んでください"), "its domain was removed in another tab"
    assert not Certificate.select().exists()


def test_one_name_has_one_certificate_and_is_not_changed_any_more(shop: Shop, browser: Browser) -> None:
    subscription = bought(shop, browser)
    own("example.jp")
    second = an_ended_certificate(subscription.account)
    browser.visit(f"/ssl/{subscription.id}").choose("example.jp")
    again = browser.new_tab().choose("example.jp")

    browser.press(REQUEST)

    assert again.press(REQUEST).says("発行の手続きを始めました"), "a second press finds what the first has done"
    other = again.post_raw(f"/ssl/{subscription.id}", {"common_name": "www.example.jp"})
    assert other.says("発行の手続きが始まったあとは変更できません")
    assert again.post_raw(f"/ssl/{second.id}", {"common_name": "www.example.jp"}).says("契約期間は終わっている")
    assert [row.common_name for row in Certificate.select()] == ["example.jp"]
    assert HostingEvent.select().where(HostingEvent.kind == HostingEventKind.CERTIFICATE).count() == 1


def test_what_cannot_be_issued_is_chosen_again_without_charge(shop: Shop, browser: Browser) -> None:
    subscription = bought(shop, browser)
    own("gone.example.jp", "example.jp")
    browser.visit(f"/ssl/{subscription.id}").choose("gone.example.jp").press(REQUEST)
    answer_what_is_asked()

    assert browser.reload().says("ドメインが見つからないため", ".warn")
    assert Mail.get(Mail.kind == MailKind.CERTIFICATE_FAILED)
    browser.choose("example.jp").press(REQUEST)
    answer_what_is_asked()
    assert browser.reload().says("有効", "dl")
    assert Certificate.get().question.endswith("request 2")


@pytest.mark.parametrize(
    ("variant", "day"), [("quick", date(2025, 10, 20)), ("organization", date(2025, 10, 23)), ("ev", date(2025, 11, 4))]
)
def test_the_pretend_authority_takes_its_days(shop: Shop, browser: Browser, business_day: Callable, variant: str, day: date) -> None:
    """文化の日 is no business day."""
    bought(shop, browser, variant)
    own("example.jp")
    common_names.choose(Subscription.get(Subscription.product == "ssl"), "example.jp")

    assert issued_by_the_authority(Certificate.select(Certificate, Subscription).join(Subscription).get()) == day
    business_day(day - timedelta(days=1))
    assert answer_what_is_asked() == 0
    business_day(day)
    assert answer_what_is_asked() == 1
    assert Certificate.get().state == CertificateState.ISSUED


def test_a_renewal_is_requested_on_the_day_it_is_paid(shop: Shop, browser: Browser) -> None:
    subscription = bought(shop, browser)
    own("example.jp")
    common_names.choose(subscription, "example.jp")
    answer_what_is_asked()

    shop.renew(selection=a_selection(12, certificates={subscription.id}))

    newest = HostingEvent.select().where(HostingEvent.kind == HostingEventKind.CERTIFICATE).order_by(HostingEvent.id.desc()).get()
    assert (newest.key, newest.ends_on) == (Certificate.get().question, date(2027, 10, 31))
    assert browser.visit(f"/ssl/{subscription.id}").says("次の契約期間の証明書を、発行手続き中です")
    assert browser.says("有効", "dl")


def test_the_switch_needs_a_common_name_and_the_next_charge_has_the_certificate(
    shop: Shop, browser: Browser, settings: Settings, books: Books
) -> None:
    subscription = bought(shop, browser)
    page = f"/ssl/{subscription.id}"
    assert browser.visit(page).says("コモンネームを設定するとオンにできます")
    assert browser.visit(f"{page}/renewal").says("コモンネームを設定するとオンにできます", ".notice")
    own("example.jp")
    common_names.choose(subscription, "example.jp")
    answer_what_is_asked()

    browser.visit(page).follow("自動更新をオンにする")
    assert browser.says("2026年10月5日（月）に24,200円（税込）をお支払いいただき")
    assert browser.says("独自SSL（クイック認証） example.jpの自動更新をオンにします")
    browser.press("OK")

    assert browser.says("自動更新をオンにしました。今回のお支払いは行われていません。")
    assert browser.offers("自動更新を止める")
    for where in ("/contract", "/contract/timeline"):
        assert browser.visit(where).says("独自SSL（クイック認証） example.jp"), where
    Calendar(settings, books).jump(date(2026, 10, 1)).turn(shop, date(2026, 10, 5))
    order = Order.get(Order.kind == OrderKind.AUTO)
    assert (order.total_yen, {line.label for line in order.lines}) == (24_200, {"スタンダードプラン", "独自SSL（クイック認証） example.jp"})
    assert all("独自SSL（クイック認証） example.jp" in mail.body for mail in order.account.mails.where(Mail.kind << TOLD))
    assert "独自SSL（クイック認証） example.jp" in Invoice.get(Invoice.order == order).content
    assert Certificate.get().question.endswith("request 2"), "requested on the day it is paid"

    steps.go(browser, page).follow("自動更新をオフにする").press("OK")

    assert browser.says("自動更新をオフにしました。")
    assert not Subscription.get_by_id(subscription.id).renews


@pytest.mark.parametrize(("ends_on", "requests"), [(date(2026, 6, 9), 2), (date(2026, 10, 31), 1)])
def test_a_certificate_that_runs_out_before_what_is_paid_is_requested_again(
    shop: Shop, browser: Browser, ends_on: date, requests: int
) -> None:
    subscription = bought(shop, browser)
    own("example.jp")
    common_names.choose(subscription, "example.jp")
    answer_what_is_asked()
    about = Certificate.get().question

    answers.receive(HostingAnswer("a-1", AnswerKind.CERTIFICATE_EXPIRING, about, ends_on=ends_on), "{}")

    assert (Certificate.get().asked, Certificate.get().issued_until) == (requests, ends_on)
    assert HostingEvent.select().where(HostingEvent.kind == HostingEventKind.CERTIFICATE).count() == requests


def test_a_renewal_that_cannot_be_issued_ends_its_automatic_renewal_and_keeps_what_is_paid(
    shop: Shop, browser: Browser, app: Flask, settings: Settings, books: Books
) -> None:
    """Charged on the 5th, the domain is gone: not charged again; the paid term waits for another common name; staff see it."""
    subscription = bought(shop, browser)
    own("example.jp", "example.com")
    common_names.choose(subscription, "example.jp")
    answer_what_is_asked()
    browser.visit(f"/ssl/{subscription.id}").follow("自動更新をオンにする").press("OK")
    days = Calendar(settings, books).jump(date(2026, 10, 1)).turn(shop, date(2026, 10, 5))
    steps.go(browser, f"/ssl/{subscription.id}")
    desk = staff_desk.sign_in(Browser(app, settings.public_url), staff_desk.a_clerk())

    about = Certificate.get().question
    answers.receive(HostingAnswer("a-1", AnswerKind.CERTIFICATE_FAILED, about, "ドメインが見つかりません。"), "{}")

    assert browser.reload().says("いまの証明書は、2026年10月31日（土）まで有効です。", ".warn")
    assert browser.says("コモンネームを設定するとオンにできます")
    told = Mail.get(Mail.kind == MailKind.CERTIFICATE_FAILED).body.replace("\n", "")
    for said in ("2026年10月31日（土）まで有効です", "契約期間（2027年10月31日（日）まで）のあいだは", "自動更新は、オフにしました"):
        assert said in told
    assert desk.visit("/staff/attention").follow("1件を見る").says("ドメインが見つかりません。", "tbody")
    assert subscription.last_term.order.total_yen == 24_200, "what is paid stays paid"

    browser.choose("example.com").press(REQUEST)
    assert browser.says("発行手続き中", "dl"), "the valid one bears the other name"
    assert not desk.reload().says("ドメインが見つかりません。")
    answer_what_is_asked()
    days.turn(shop, date(2026, 12, 1))
    assert steps.go(browser, f"/ssl/{subscription.id}").offers("自動更新をオンにする"), "the customer turns it on again"


def test_the_switch_cannot_be_pressed_while_the_charge_runs(shop: Shop, browser: Browser, settings: Settings, books: Books) -> None:
    """The company has not answered yet. Off is said to be off only once it is known what was taken."""
    subscription = bought(shop, browser)
    own("example.jp")
    common_names.choose(subscription, "example.jp")
    browser.visit(f"/ssl/{subscription.id}").follow("自動更新をオンにする").press("OK")
    loses = shop.asking(LosesAnswers(shop.company))
    Calendar(settings, books).jump(date(2026, 10, 1)).turn(loses, date(2026, 10, 4))
    off = steps.go(browser, f"/ssl/{subscription.id}").follow("自動更新をオフにする")
    Calendar(settings, books).jump(date(2026, 10, 5)).work(loses)

    off.press("OK")

    assert browser.says("自動更新のお支払いの手続き中です。結果が出てから、もう一度お試しください。")
    assert not browser.offers("OK")
    assert Subscription.get_by_id(subscription.id).renews
    assert browser.visit(f"/ssl/{subscription.id}").says("自動更新のお支払いの手続き中です")


def another(browser: Browser, name: str, kind: str = "クイック認証　12か月 11,000円") -> Browser:
    browser.visit("/ssl").follow("独自SSLを追加する").choose(name).choose(kind).tick(steps.SSL_TERMS)
    return browser.press("お支払い方法選択へ")


def test_two_further_common_names_in_one_day_beside_an_open_transfer(shop: Shop, browser: Browser) -> None:
    bought(shop, browser)
    own("example.jp", "xn--wgv71a119e.jp")
    shop.place_for_transfer(shop.draft(kind=OrderKind.RENEW))

    steps.by_card(another(browser, "example.jp"))
    assert browser.says("独自SSL（クイック認証） example.jp", "table")
    assert browser.says("コモンネームは example.jp です。お支払いを確認した日に発行の手続きを始めます")
    browser.press("OK")
    steps.by_card(another(browser, "www.xn--wgv71a119e.jp")).press("OK")
    assert not browser.says("コモンネームを設定すると"), "it has one"

    assert [row.common_name for row in Certificate.select().order_by(Certificate.id)] == ["example.jp", "www.xn--wgv71a119e.jp"]
    added = Subscription.select().where(Subscription.product == "ssl").order_by(Subscription.id)[1:]
    assert [(each.renews, each.last_term.ends_on) for each in added] == [(False, date(2026, 10, 31))] * 2
    assert Order.select().where(Order.state == OrderState.PLACED).count() == 1, "the transfer is still awaited"
    assert browser.visit("/ssl").text("tbody").count("発行手続き中") == 2


def test_what_cannot_be_added_is_said_at_the_fields(shop: Shop, browser: Browser) -> None:
    subscription = bought(shop, browser)
    own("example.jp")
    common_names.choose(subscription, "example.jp")
    browser.visit("/ssl/new/ssl").press("お支払い方法選択へ")
    assert browser.says("入力内容に3件の誤りがあります")
    another(browser, "www.example.jp").visit("/ssl/new/ssl")
    for name in ("example.jp", "theirs.jp", "*.example.jp"):
        browser.choose("クイック認証　12か月 11,000円").tick(steps.SSL_TERMS).press("お支払い方法選択へ", forged={"common_name": name})
        assert browser.status == 422, name
    assert Order.select().where(Order.kind == OrderKind.ADD).count() == 1, "the draft for www.example.jp"


def test_a_name_in_a_placed_order_keeps_its_domain_and_one_that_is_gone_leaves_the_certificate_unset(shop: Shop, browser: Browser) -> None:
    bought(shop, browser)
    own("example.jp")
    steps.by_transfer(another(browser, "example.jp")).press("OK")
    order, domain = Order.get(Order.kind == OrderKind.ADD), Domain.get()
    assert browser.visit(f"/domains/{domain.id}/remove").press("OK").says("お申し込みがあるため、削除できません")
    Domain.update(state=DomainState.REMOVED, removed_at=domain.created_at).execute()

    bank.pay_in(order)

    assert not Certificate.select().exists()
    assert browser.visit("/ssl").text("tbody").count("未設定") == 2


def test_what_was_bought_and_never_set_up_is_told_30_and_7_days_before_its_end(
    shop: Shop, browser: Browser, settings: Settings, books: Books
) -> None:
    bought(shop, browser)

    Calendar(settings, books).hurry(shop, date(2026, 11, 1))

    told = Mail.select().where(Mail.kind == MailKind.RENEWAL_BY_HAND).order_by(Mail.id)
    assert [clock.day_of(mail.created_at) for mail in told] == [date(2026, 10, 1), date(2026, 10, 24)]
    assert all("まだコモンネームが設定されていないため、証明書が発行されていません" in mail.body.replace("\n", "") for mail in told)
    assert steps.go(browser, "/ssl").says("終了", "tbody")


def test_ev_takes_two_weeks_and_the_paid_term_does_not_move(shop: Shop, browser: Browser, settings: Settings, books: Books) -> None:
    subscription = bought(shop, browser, "ev")
    own("example.jp")
    browser.visit(f"/ssl/{subscription.id}").choose("example.jp").press(REQUEST)
    assert browser.says("契約期間は、発行を待つあいだも変わりません")
    days, seen = Calendar(settings, books), {}

    for day in (date(2025, 10, 27), date(2025, 11, 3), date(2025, 11, 4)):
        days.turn(shop, day)
        answer_what_is_asked()
        page = steps.go(browser, f"/ssl/{subscription.id}")
        assert page.says("2026年10月31日（土）まで", "dl")
        seen[day] = page.says("有効", "dl")

    assert list(seen.values()) == [False, False, True]
    assert clock.day_of(Mail.get(Mail.kind == MailKind.CERTIFICATE_ISSUED).created_at) == date(2025, 11, 4)


def test_a_certificate_that_nobody_renews_ends_with_its_mails_and_leaves_its_domain(
    shop: Shop, browser: Browser, settings: Settings, books: Books
) -> None:
    subscription = bought(shop, browser)
    own("example.jp")
    common_names.choose(subscription, "example.jp")
    answer_what_is_asked()
    domain = Domain.get()
    assert browser.visit(f"/domains/{domain.id}/remove").says("独自SSLがあるため、削除できません"), "too early"

    Calendar(settings, books).hurry(shop, date(2026, 11, 20))

    told = Mail.select().where(Mail.body.contains("独自SSL（クイック認証） example.jp")).order_by(Mail.id)
    assert [(str(mail.kind), clock.day_of(mail.created_at)) for mail in told] == [
        ("renewal_by_hand", date(2026, 10, 1)),
        ("renewal_by_hand", date(2026, 10, 24)),
        ("contract_ended", date(2026, 11, 1)),
        ("deletion_ahead", date(2026, 11, 8)),
        ("contract_deleted", date(2026, 11, 15)),
    ]
    assert steps.go(browser, "/ssl").says("終了", "tbody")
    assert browser.visit(f"/domains/{domain.id}/remove").press("OK").says("example.jp を削除しました。")
    assert Subscription.get(Subscription.product == "server").renews, "the server goes on"


@pytest.mark.store
def test_the_database_gives_a_common_name_one_certificate(database: str) -> None:
    account = a_customer("mine")
    domain = a_domain(account)
    about = {"domain": domain, "common_name": "example.jp", "shown": "example.jp", "requested_on": BOUGHT}
    Certificate.create(subscription=an_ended_certificate(account), **about)

    with pytest.raises(IntegrityError):
        Certificate.create(subscription=an_ended_certificate(account), **about)


def test_the_certificate_of_another_customer_is_not_found(browser: Browser, app: Flask) -> None:
    theirs = an_ended_certificate(a_customer("other"))
    steps.go(browser, "/ssl")

    assert browser.visit(f"/ssl/{theirs.id}").status == 404
    assert browser.visit("/ssl").post_raw(f"/ssl/{theirs.id}", {"common_name": "example.jp"}).status == 404
