"""The budgets, measured on every page in its main states. `./run check` prints the table."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest

from models import Account, Mail, Order, Payment
from portal.actions.payments import pay
from portal.actions.privacy.own_sections import SECTIONS
from portal.catalog import Document
from portal.demo.hosting_side import answer_what_is_asked
from portal.enums import OrderState, PaymentState
from portal.gateways.card import CompanyUnreachable
from portal.rules.documents.guide import GUIDE
from portal.rules.payments.declines import AUTHENTICATION
from portal.sandbox.books.outcomes import Outcome
from portal.web.view_marks import public
from tests import bank, budgets, steps
from tests.actions.renewals.days import Calendar
from tests.browser import Browser
from tests.budgets import FORM, PURCHASE, PURCHASE_WITH_DICTIONARY, Ledger, Meter, Row, table
from tests.choices import a_selection
from tests.factories import PASSWORD, a_customer
from tests.mailbox import Mailbox
from tests.many_rows import a_crowd, a_past
from tests.purchase import CATALOG, EVERYTHING, Shop

HTMX = {"HX-Request": "true", "Accept-Encoding": "gzip, br"}
RENEWAL = {
    "timeline": "/contract/timeline",
    "change of what renews": "/renewal/change",
    "reservation": "/renewal/reservation",
    "method for later": "/renewal/method",
}
PUBLIC_PAGES = (
    *(f"/guide/{name}" for name in GUIDE),
    *("/guide", "/prices", "/documents", "/legal/tokutei", "/legal/privacy", "/legal/accessibility", "/legal/accessibility/criteria"),
)
WRONG = {"months": "5", "ssl": "x", "backup": "5", "device_months": "36", "devices": "0"}


@pytest.fixture(scope="module")
def printed() -> Iterator[tuple[list[Row], dict[str, int]]]:
    """The rows of all tests here, and the queries with many rows; printed at the end as one table."""
    rows: list[Row] = []
    many: dict[str, int] = {}
    yield rows, many
    print("\n\nBodies in bytes as sent, in brotli.\n" + table(rows, many))


@pytest.fixture
def ledger(app, settings) -> Ledger:
    """Without the bar of the demo's clock: no customer carries it."""
    meter = Meter(app)
    meter.jinja_env.globals.pop("demo_clock", None)
    return Ledger(meter, Browser(meter, settings.public_url, may_break=True))


@pytest.fixture
def everything(catalog) -> dict[str, str]:
    """The form with every option, and every document agreed to."""
    chosen = {"months": "36", "ssl": "organization", "backup": "12", "device_months": "36", "devices": "5"}
    return chosen | {product.consent_field: catalog.document_of(product.id).version for product in catalog.products}


def test_every_page_of_a_purchase_stays_within_its_budget(ledger, companies, everything, printed):
    buy_with_every_detour(ledger, a_customer(), companies.card, everything)

    printed[0].extend(ledger.rows)
    assert not ledger.over


@pytest.mark.store
def test_a_page_needs_no_more_queries_with_more_rows(ledger, companies, everything, printed):
    customer = a_customer()
    a_crowd()
    a_past([customer] * 300)
    buy_with_every_detour(ledger, customer, companies.card, everything)
    a_past([customer] * 100, ended_on=None)
    ledger.browser.visit("/contract")
    ledger.page("contract, a hundred terms")
    queries = {row.name: row.queries for row in ledger.rows if row.queries is not None}

    printed[1].update(queries)
    assert not {name: count for name, count in queries.items() if count > budgets.QUERIES}


def test_public_pages_stay_within_their_budget(ledger, catalog, printed):
    browser = ledger.browser
    a_customer()
    for document in catalog.documents:
        browser.visit(f"/documents/{document.id}/{document.version}")
        ledger.page(f"document {document.id}")
    for address in PUBLIC_PAGES:
        browser.visit(address)
        ledger.page(address)
    browser.visit("/login").press("ログイン")
    ledger.page("login, with mistakes")
    for _ in range(11):
        browser.visit("/login").fill("ログインID", "new").fill("パスワード", "wrong").press("ログイン")
    assert browser.status == 429
    ledger.page("login, too many tries")

    printed[0].extend(ledger.rows)
    assert not ledger.over


def test_the_demo_pages_stay_within_their_budget(ledger, printed):
    browser = ledger.browser
    a_customer()
    steps.order_by_transfer(browser)
    for address in ("/demo", "/demo/bank", "/demo/card", "/demo/clock", "/demo/restart"):
        browser.visit(address)
        ledger.page(f"demo: {address}")
    browser.visit("/demo/clock").fill("日付", "x").press("この日へ")
    ledger.page("demo: clock, with mistakes")
    browser.press("次の出来事へ").press("次の出来事へ")
    ledger.page("demo: clock, turned")

    printed[0].extend(ledger.rows)
    assert not ledger.over


def test_error_pages_stay_within_their_budget(ledger, app, companies, printed):
    browser = ledger.browser
    a_customer()
    number = steps.to_the_payment(browser).url.split("/")[2]
    for status, ask in {
        400: lambda: browser.post_raw("/orders", csrf=False),
        404: lambda: browser.visit("/orders/1"),
        405: lambda: browser.post_raw("/contract"),
        413: lambda: browser.post_raw("/orders", {"x": "x" * 100_000}, csrf=False),
        503: lambda: _breaking(app, "payment.choose", CompanyUnreachable(), lambda: browser.visit(f"/orders/{number}/payment")),
        500: lambda: _breaking(app, "home.panel", RuntimeError("for the test"), lambda: browser.visit("/")),
    }.items():
        ask()
        assert browser.status == status
        ledger.page(f"error {status}")
    browser.client.get("/", base_url="http://portal.example")
    ledger.rows.append(Row("error 421, foreign name", ledger.last.body, budgets.PAGE))
    browser.client.get("/contract/status", headers=HTMX)
    ledger.fragment("fragment: error 404")

    printed[0].extend(ledger.rows)
    assert not ledger.over


def test_the_card_companys_pages_stay_within_their_budget(ledger, printed):
    browser = ledger.browser
    a_customer()
    steps.to_the_card_page(browser)
    setup = browser.url
    ledger.page("card company: card")
    browser.press("送信する")
    ledger.page("card company: card, with mistakes")
    steps.enter_card(browser, steps.FAILS_WHEN_ASKED)
    ledger.page("card company: authentication")
    browser.press("認証する")
    ledger.page("payment, card not authenticated")
    browser.visit(setup)
    ledger.page("card company: over, not authenticated")
    browser.visit("/sandbox/card/entry/unknown")
    ledger.page("card company: error 404")
    browser.post_raw(setup, csrf=False)
    ledger.page("card company: error 403")

    browser.visit("/contract").press("お申し込みの続きへ進む").press("お支払い方法選択へ").press("クレジットカード情報入力")
    setup = browser.url
    browser.press("戻る").visit(setup)
    ledger.page("card company: over, cancelled")

    printed[0].extend(ledger.rows)
    assert not ledger.over


def test_the_wallet_pages_stay_within_their_budget(ledger, printed):
    browser = ledger.browser
    a_customer()
    steps.to_the_method(browser, "おさいぽ!")
    ledger.page("payment, by wallet")
    browser.press("お支払い")
    ledger.page("wallet company: ID")
    tab = browser.new_tab().visit(f"/orders/{Order.get().number}/wallet/{Order.get().setups.get().reference}")
    ledger.page("wallet, not finished", browser=tab)
    browser.press("おさいぽ!IDを認証する")
    ledger.page("wallet company: ID, with mistakes")
    browser.fill("おさいぽ!ID", steps.EMPTY_WALLET).press("おさいぽ!IDを認証する")
    ledger.page("wallet company: password")
    browser.press("ログイン")
    ledger.page("wallet company: password, with mistakes")
    browser.fill("パスワード", steps.WALLET_PASSWORD).press("ログイン")
    ledger.page("wallet company: confirmation")
    browser.press("OK")
    ledger.page("wallet, too few points")
    browser.follow("おさいぽ!のポイントを購入する")
    ledger.page("wallet company: its own door")
    browser.fill("おさいぽ!ID", steps.EMPTY_WALLET).press("おさいぽ!IDを認証する").fill("パスワード", steps.WALLET_PASSWORD).press(
        "ログイン"
    )
    ledger.page("wallet company: points")
    for points in ("50,000ポイント", "1,000ポイント", "1,000ポイント", "1,000ポイント"):
        browser.choose(points).press("ポイントを購入する")
    ledger.page("wallet company: points, bought")
    browser.follow("お店に戻る")
    ledger.page("wallet, amount")
    browser.press("おさいぽ!ポイントから支払う")
    ledger.page("confirmation, by wallet")
    browser.press("OK")
    ledger.page("order, paid by wallet")
    browser.visit("/contract")
    ledger.page("contract, paid by wallet")
    browser.visit("/renewal/reset")
    ledger.page("reset of the payment method, wallet")
    browser.visit("/renewal/method")
    ledger.page("method for later, wallet")
    browser.choose("毎回 25日").press("次へ進む")
    ledger.page("method for later, another day")
    browser.visit("/account")
    ledger.page("account, wallet linked")
    browser.follow("おさいぽ!の連携を解除する")
    ledger.page("account, removing the wallet")
    browser.press("OK")
    ledger.page("account, wallet removed")
    browser.press("パスワードを変更する")
    ledger.page("account, with mistakes")
    browser.follow("ログイン中の端末を見る")
    ledger.page("sign-ins")
    for page in ("name", "address", "notices"):
        browser.visit(f"/account/{page}").press("お名前を変更する" if page == "name" else "確認のリンクを送る")
        ledger.page(f"account, {page}, with mistakes")
    browser.fill("新しいメールアドレス", "neu@example.jp").fill("いまのパスワード", PASSWORD).press("確認のリンクを送る")
    for address, name in ((Mailbox().worker_passes().link, "address, link"), ("/address/new/done", "address, done")):
        browser.visit(address)
        ledger.page(name)
    browser.visit("/account/data")
    ledger.page("own data", most_queries=len(SECTIONS) + 2)  # every table about the customer, each once
    browser.follow("履歴")
    ledger.page("own data, the history", most_queries=len(SECTIONS) + 2)
    browser.press("ログアウト").follow("パスワードを忘れたとき").press("リンクをメールで送る")
    ledger.page("password, with mistakes")
    browser.fill("ログインIDまたはメールアドレス", "new").press("リンクをメールで送る")
    ledger.page("password, sent")
    link = Mailbox().worker_passes().link
    browser.visit(link).press("このパスワードにする")
    ledger.page("password, with mistakes in the new one")
    browser.fill("新しいパスワード", "川べりの ねこ 7匹").press("このパスワードにする")
    ledger.page("password, done")
    browser.visit(link)
    ledger.page("password, link used")
    _mails(ledger)

    printed[0].extend(ledger.rows)
    assert not ledger.over


def test_the_pages_of_a_renewal_by_hand_stay_within_their_budget(ledger, catalog, books, companies, business_day, printed):
    """With every option, an open order and a declined charge."""
    browser, shop = ledger.browser, Shop(catalog, books, companies.card)
    a_customer()
    business_day(date(2024, 11, 22))
    bank.pay_in(shop.place_for_transfer(shop.draft(), EVERYTHING))
    business_day(date(2025, 11, 3))
    steps.to_the_renewal(browser)
    ledger.page("form of a renewal", FORM)
    browser.press("お支払い方法選択へ", forged=WRONG)
    ledger.page("form of a renewal, with mistakes", FORM)
    steps.by_transfer(_agreed(steps.open_renewal(browser).fill("台数", "2")).press("お支払い方法選択へ"))
    ledger.page("confirmation of a renewal, by transfer")
    browser.press("OK")
    _order_status(ledger, Order.get(Order.kind == "renew"), "renewal awaited")
    steps.open_renewal(browser)
    ledger.page("form of a renewal, an order open", FORM)
    ledger.fragment("fragment: estimate of a renewal", browser.htmx("#choices"))
    _agreed(browser).press("お支払い方法選択へ")
    ledger.page("payment of a renewal")
    steps.by_card(browser)
    ledger.page("confirmation of a renewal, by card")
    browser.reload()
    ledger.page("confirmation of a renewal, by card, again")
    steps.by_wallet(browser.visit(f"{browser.url.partition('/card')[0]}/payment"))
    ledger.page("confirmation of a renewal, by wallet")
    browser.press("OK")
    ledger.page("order, renewed")

    printed[0].extend(ledger.rows)
    assert not ledger.over


def _agreed(browser: Browser) -> Browser:
    return browser.tick(steps.SSL_TERMS).tick(steps.BACKUP_TERMS).tick(steps.DEVICE_TERMS)


def test_the_pages_of_domains_and_certificates_stay_within_their_budget(ledger, printed):
    browser = ledger.browser
    a_customer()
    steps.buy_a_month(browser, options=True)
    browser.visit("/domains").fill("独自ドメイン", "*.example.jp").press("追加する")
    ledger.page("domains, with mistakes")
    browser.visit("/domains").fill("独自ドメイン", "日本語.jp").press("追加する")
    ledger.page("domain, added")
    browser.press("TXTレコードを確認する")
    ledger.page("domain, asked for")
    answer_what_is_asked()
    browser.visit("/ssl").follow("コモンネームを設定する").press("このコモンネームで発行の手続きを始める")
    ledger.page("certificate, with mistakes")
    browser.choose("日本語.jp（xn--wgv71a119e.jp）").press("このコモンネームで発行の手続きを始める")
    ledger.page("certificate, requested")
    browser.follow("自動更新をオンにする")
    ledger.page("certificate, switch", FORM)
    browser.visit("/ssl/new/ssl").press("お支払い方法選択へ")
    ledger.page("one more certificate, with mistakes")
    browser.visit("/ssl")
    ledger.page("certificates")
    browser.visit("/domains").fill("独自ドメイン", "example.jp").press("追加する").follow("独自ドメイン設定へ戻る")
    ledger.page("domains")
    browser.follow("確認へ進む").follow("この独自ドメインを削除する")
    ledger.page("domain, removing")

    printed[0].extend(ledger.rows)
    assert not ledger.over


def test_the_pages_of_single_options_stay_within_their_budget(ledger, printed):
    browser = ledger.browser
    a_customer()
    steps.buy_a_month(browser, options=True)
    browser.visit("/security").press("お支払い方法選択へ")
    ledger.page("option, with mistakes")
    browser.fill("台数", "2").tick(steps.DEVICE_TERMS).press("お支払い方法選択へ")
    ledger.page("payment of an addition")
    steps.by_card(browser)
    ledger.page("confirmation of an addition, by card", FORM)
    browser.press("OK")
    ledger.page("order, added")
    browser.visit("/security")
    ledger.page("option, with added devices")
    steps.by_transfer(browser.fill("台数", "1").tick(steps.DEVICE_TERMS).press("お支払い方法選択へ"))
    ledger.page("confirmation of an addition, by transfer", FORM)
    browser.press("OK").visit("/security")
    ledger.page("option, an addition awaited")
    browser.visit("/contract")
    ledger.page("contract, an addition awaited")
    browser.visit("/")
    ledger.page("panel, with options")
    browser.visit("/backup").follow("バックアップの自動更新をオフにする")
    ledger.page("final screen of a switch")
    a_customer("other")
    browser.press("ログアウト")
    steps.buy_a_month_with_devices(browser, "other").visit("/security").fill("次回からの台数", "0").press("最終確認へ進む")
    ledger.page("option, with mistakes in the next number")
    browser.fill("次回からの台数", "3").press("最終確認へ進む")
    ledger.page("final screen of the next number")
    browser.press("OK").visit("/security")
    ledger.page("option, a number reserved")

    printed[0].extend(ledger.rows)
    assert not ledger.over


def test_the_pages_of_a_declined_renewal_stay_within_their_budget(ledger, catalog, books, companies, settings, business_day, printed):
    browser, shop = ledger.browser, Shop(catalog, books, companies.card)
    a_customer()
    business_day(date(2024, 11, 22))
    shop.buy(outcome=Outcome.PAYS_ONCE, selection=a_selection(12, backup_months=12, devices=2, device_months=12))
    Calendar(settings, books).jump(date(2025, 11, 5)).work(shop)
    order = Order.get(Order.kind == "auto")
    browser.sign_in("new").visit(f"/orders/{order.number}/payment")
    ledger.page("payment of a failed renewal")
    steps.by_transfer(browser)
    ledger.page("confirmation of a failed renewal, by transfer")
    steps.by_card(browser.visit(f"/orders/{order.number}/payment"))
    ledger.page("confirmation of a failed renewal, by card")
    Payment.update(code=AUTHENTICATION).where(Payment.order == order).execute()
    browser.visit(f"/renewal/authentication/{order.number}")
    ledger.page("本人認証 of a failed renewal")
    steps.open_renewal(browser)
    ledger.page("form of a change", FORM)
    browser.press("お支払い方法選択へ", forged=WRONG)
    ledger.page("form of a change, with mistakes everywhere", FORM)
    steps.open_renewal(browser).fill("台数", "2")
    browser.tick(steps.BACKUP_TERMS).tick(steps.DEVICE_TERMS).press("お支払い方法選択へ")
    ledger.page("payment of a change")
    steps.by_card(browser)
    ledger.page("confirmation of a change, by card")

    printed[0].extend(ledger.rows)
    assert not ledger.over


def test_the_pages_of_a_transfer_stay_within_their_budget(ledger, printed):
    browser = ledger.browser
    a_customer()
    steps.to_the_method(browser, "銀行振込")
    ledger.page("payment, by transfer")
    browser.press("お支払い")
    ledger.page("confirmation, by transfer")
    browser.press("OK")
    order = Order.get()
    _order_status(ledger, order, "awaited")
    browser.visit("/contract").follow("振り込みました").fill("振り込んだ日", "x").press("連絡する")
    ledger.page("report of a transfer, with mistakes")
    browser.visit("/contract").follow("振り込みました").fill("振込名義", "ミホン タロウ").press("連絡する")
    ledger.page("contract, just reported")
    _order_status(ledger, order, "reported")
    browser.visit("/contract").press("お支払い情報をメールで再送する")
    ledger.page("contract, mail sent again")
    browser.follow("お申し込みを取り消す")
    ledger.page("cancelling")
    bank.pay_in(order, 200)
    _order_status(ledger, order, "partly")
    with _state_of(order, OrderState.EXPIRED):
        _order_status(ledger, order, "expired")
    bank.pay_in(order, order.total_yen - 200)
    _order_status(ledger, order, "paid by transfer")
    _mails(ledger)

    printed[0].extend(ledger.rows)
    assert not ledger.over


def _mails(ledger: Ledger) -> None:
    browser = ledger.browser.visit("/mails")
    ledger.page("mails")
    for mail in Mail.select():
        browser.visit(f"/mails/{mail.id}")
        ledger.page(f"mail: {mail.kind}")


def test_papers_stay_within_their_budget(ledger, catalog, books, companies, printed):
    """Their list with more orders than fit on it."""
    browser, customer = ledger.browser, a_customer(name="株式会社見本")
    Shop(catalog, books, companies.card).buy(selection=EVERYTHING)
    browser.sign_in("new").visit("/papers/1").fill("宛名", "").press("この宛名で開く")
    ledger.page("addressee of a paper, with mistakes")
    browser.fill("宛名", "株式会社見本" * 16).press("この宛名で開く")
    ledger.page("paper")
    browser.visit("/papers/1")
    ledger.page("paper, again")
    a_past([customer] * 100)
    browser.visit("/history?first=x&yen=x")
    ledger.page("payment history, with mistakes")
    queries = {row.name: row.queries for row in ledger.rows if row.queries is not None}

    printed[0].extend(ledger.rows)
    printed[1].update(queries)
    assert not ledger.over
    assert max(queries.values()) <= budgets.QUERIES


def test_the_first_visit_and_the_whole_purchase_stay_within_their_budget(ledger, everything, catalog, printed):
    buy_cold(ledger, everything, catalog.document_of("server"))
    ledger.journey("new contract by card, cold", PURCHASE)

    printed[0].extend(ledger.rows)
    assert not ledger.over


def test_with_a_dictionary_the_whole_purchase_costs_less(ledger, everything, catalog, printed):
    """The dictionary, the scripts and the first page without it are counted."""
    ledger.meter.takes_dictionaries = True
    buy_cold(ledger, everything, catalog.document_of("server"))
    ledger.journey("new contract by card, cold, with a dictionary", PURCHASE_WITH_DICTIONARY)

    printed[0].extend(ledger.rows)
    assert not ledger.over


def buy_cold(ledger: Ledger, everything: dict[str, str], terms: Document) -> None:
    """A cold cache and every request of portal and sandbox, with the estimates that htmx asks for and the terms of the server read.

    Without the demo's customers on the page of signing in: no customer loads them.
    """
    browser, seen = ledger.browser, set()
    ledger.meter.jinja_env.globals.pop("is_demo", None)
    a_customer()
    browser.visit("/")
    ledger.load_files(seen)
    ledger.first_visit("first visit, signed out")
    if ledger.meter.takes_dictionaries:
        ledger.load_dictionary()
    browser.fill("ログインID", "new").fill("パスワード", PASSWORD).press("ログイン").visit("/contract").press("新規契約のお申し込みへ進む")
    ledger.load_files(seen)
    for _choice in ("months", "ssl", "backup", "device_months", "devices"):
        browser.fragment("POST", f"{browser.url}/estimate", everything)
    browser.new_tab().visit(f"/documents/{terms.id}/{terms.version}")
    browser.press("お支払い方法選択へ", forged=everything).press("クレジットカード情報入力")
    steps.enter_card(browser, steps.ASKS_THEN_PAYS).press("認証する").press("OK")
    assert browser.says("ご入金を確認しました")
    browser.visit("/contract")
    ledger.load_files(seen)


def test_negative_control_a_padded_page_exceeds_its_budget(ledger, app):
    """The negative control: a page with more bytes or queries exceeds its budget."""
    words = " ".join(f"{number * 7919:x}" for number in range(2_000))
    app.view_functions["auth.sign_in"] = public(lambda: f"<!doctype html><title>x</title>{words}")
    ledger.browser.client.get("/login", base_url=ledger.browser.base_url, headers=HTMX)
    ledger.fragment("padded")
    ledger.rows.append(Row("asks too often", 100, budgets.PAGE, budgets.QUERIES + 1))
    ledger.rows.append(Row("loads too much", 100, budgets.PAGE, cold=budgets.FIRST_VISIT + 1, requests=2))
    ledger.rows.append(Row("loads too often", 100, budgets.PAGE, cold=200, requests=budgets.FIRST_REQUESTS + 1))
    ledger.rows.append(Row("just right", budgets.PAGE, budgets.PAGE, budgets.QUERIES, budgets.FIRST_VISIT, budgets.FIRST_REQUESTS))

    assert ledger.last.encoding == "br"
    assert [line.split("  ")[0] for line in ledger.over] == ["padded", "asks too often", "loads too much", "loads too often"]


def buy_with_every_detour(ledger: Ledger, customer: Account, company, everything: dict[str, str]) -> None:
    """One customer on one way past every page: mistakes, a card refused, an answer that is lost, then paid, then the renewal stopped."""
    browser = ledger.browser
    _sign_in(ledger, customer)
    _choose(ledger, everything)
    browser.press("クレジットカード情報入力")
    unfinished = Order.get(Order.account == customer, Order.state == OrderState.DRAFT).setups.get()
    tab = browser.new_tab().visit(f"/orders/{unfinished.order.number}/card/{unfinished.reference}")
    ledger.page("card, not finished", browser=tab)
    steps.enter_card(browser, steps.REFUSED)
    ledger.page("confirmation")
    browser.press("OK", forged={"shown": "old"})
    assert browser.status == 409
    ledger.page("confirmation, changed since")
    browser.press("OK")
    _standings(ledger, customer, company)
    _paid(ledger)


def _sign_in(ledger: Ledger, customer: Account) -> None:
    browser = ledger.browser.visit("/login")
    ledger.page("login")
    browser.sign_in(customer.login)
    ledger.page("panel, no contract")
    browser.visit("/contract")
    ledger.page("contract, none")
    browser.press("新規契約のお申し込みへ進む")
    ledger.page("form", FORM)


def _choose(ledger: Ledger, everything: dict[str, str]) -> None:
    browser, form = ledger.browser, ledger.browser.url
    browser.press("お支払い方法選択へ", forged=WRONG)
    assert browser.status == 422
    ledger.page("form, with mistakes everywhere", FORM)
    ledger.fragment("fragment: estimate, not priced", browser.fragment("POST", f"{form}/estimate", WRONG))
    ledger.fragment(
        "fragment: estimate", browser.fragment("POST", f"{form}/estimate", {"months": "12", "ssl": "", "backup": "", "device_months": ""})
    )
    ledger.fragment("fragment: estimate of everything", browser.fragment("POST", f"{form}/estimate", everything))
    browser.post_raw(f"{form}/estimate", everything)
    ledger.page("form, estimated without htmx", FORM)
    browser.client.get("/login")
    _signed_out(ledger, f"{form}/estimate")
    browser.visit("/contract")
    ledger.page("contract, a draft")
    browser.press("お申し込みの続きへ進む")
    ledger.page("form, everything chosen", FORM)
    browser.press("お支払い方法選択へ")
    ledger.page("payment")
    browser.press("クレジットカード情報入力", forged={"method": "cash"})
    ledger.page("payment, with mistakes")
    ledger.fragment("fragment: panel", browser.fragment("POST", browser.url, {"method": "card", "do": "show"}))


def _signed_out(ledger: Ledger, address: str) -> None:
    stranger = Browser(ledger.meter, ledger.browser.base_url).visit("/login")
    stranger.client.post(address, data={"csrf_token": stranger.token}, headers=HTMX | {"Referer": stranger.now.url})
    ledger.fragment("fragment: signed out")


def _standings(ledger: Ledger, customer: Account, company) -> None:
    browser, order = ledger.browser, Order.get(Order.account == customer, Order.state == OrderState.PLACED)
    _order_status(ledger, order, "declined")
    with _state_of(order, OrderState.CANCELLED):
        _order_status(ledger, order, "cancelled")
    browser.visit(f"/orders/{order.number}/payment")
    ledger.page("payment, after a refusal")
    browser.press("クレジットカード情報入力")
    steps.enter_card(browser, steps.ANSWER_LOST)
    ledger.page("confirmation, after a refusal")
    browser.press("OK")
    _order_status(ledger, order, "checking")
    with _state_of(order.latest_payment, PaymentState.SUBMITTED):
        _order_status(ledger, order, "paying")
    pay.record_answer(order.latest_payment, company.lookup(order.latest_payment.key), actor="test", catalog=CATALOG)
    _order_status(ledger, order, "paid")


def _order_status(ledger: Ledger, order: Order, name: str) -> None:
    """Every page that shows the order's state."""
    browser = ledger.browser
    for page, address in {"order": f"/orders/{order.number}", "contract": "/contract", "panel": "/"}.items():
        browser.visit(address)
        ledger.page(f"{page}, {name}")
    browser.visit("/contract/status")
    ledger.page(f"status, {name}")
    ledger.fragment(f"fragment: status, {name}", browser.fragment("GET", "/contract/status?wait=10"))


def _paid(ledger: Ledger) -> None:
    browser = ledger.browser
    for name, address in RENEWAL.items():
        browser.visit(address)
        ledger.page(name, FORM if address.endswith("reservation") else budgets.PAGE)
    browser.press("次へ進む", forged={"method": "x"})
    ledger.page("method for later, with mistakes")
    steps.enter_card(browser.press("次へ進む"))
    ledger.page("method for later, confirmation")
    browser.press("OK", forged={"shown": "old"})
    ledger.page("method for later, changed since")
    _reserved(ledger)
    browser.visit("/renewal/reset")
    ledger.page("reset of the payment method")
    browser.press("OK")
    ledger.page("reset, done")
    for name, address in {"contract, renewal stopped": "/contract", "timeline, renewal stopped": "/contract/timeline"}.items():
        browser.visit(address)
        ledger.page(name)


def _reserved(ledger: Ledger) -> None:
    """Backup ends first: it is what the next charge is for."""
    browser = ledger.browser.visit("/renewal/reservation").press("最終確認へ進む", forged={"backup": "5"})
    ledger.page("reservation, with mistakes", FORM)
    browser.visit("/renewal/reservation").tick(steps.BACKUP_TERMS).press("最終確認へ進む")
    ledger.page("reservation, confirmation")
    browser.press("OK")
    ledger.page("contract, reserved")
    browser.follow("予約を取り消す")
    ledger.page("reservation, undoing")


@contextmanager
def _state_of(row: Order | Payment, state: str) -> Iterator[None]:
    """Puts the row into a state that pages cannot produce at will."""
    rows = type(row)
    before = rows.get_by_id(row.id).state
    rows.update(state=state).where(rows.id == row.id).execute()
    yield
    rows.update(state=before).where(rows.id == row.id).execute()


def _breaking(app, view: str, error: Exception, ask) -> None:
    """The view fails with the error, this once."""
    working = app.view_functions[view]

    def breaks(**_arguments: object) -> None:
        raise error

    app.view_functions[view] = breaks
    ask()
    app.view_functions[view] = working
