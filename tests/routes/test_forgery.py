"""A post without this session's CSRF token changes nothing."""

import pytest
from flask import Flask

from models import (
    Account,
    Domain,
    Mail,
    Order,
    Payment,
    PaymentMethod,
    PaymentMethodSetup,
    RenewalSetting,
    Session,
    Subscription,
    TransferReport,
)
from portal.enums import MailKind
from tests.browser import Browser
from tests.factories import Workshop, a_customer, a_domain, an_ended_certificate

TITLE, STAFF_TITLE = "この画面からは操作できません", "画面の有効期限が切れました"  # nobody is signed in as staff
EXEMPT = {"notices.receive", "hosting_notices.receive"}  # a company's post, signed


def posts(app: Flask) -> list[str]:
    """Of customers; staff's own stand in tests/routes/staff/test_access.py."""
    rules = [rule for rule in app.url_map.iter_rules() if "POST" in rule.methods and not rule.endpoint.startswith("staff.")]
    return sorted(rule.endpoint for rule in rules if rule.endpoint not in EXEMPT)


def state_of_things() -> list[object]:
    """Everything that a post could change."""
    orders = [(order.state, order.typed, order.revision, order.method) for order in Order.select()]
    counts = [
        table.select().count() for table in (PaymentMethodSetup, Payment, Subscription, RenewalSetting, PaymentMethod, TransferReport)
    ]
    counts.append(Mail.select().where(Mail.kind != MailKind.NEW_BROWSER).count())  # that one tells of signing in
    renews = [subscription.renews for subscription in Subscription.select()]
    passwords = [account.password_hash for account in Account.select().order_by(Account.id)]
    return [orders, counts, renews, passwords, Session.select().where(Session.account.is_null(False)).count()]


@pytest.fixture
def order(workshop: Workshop) -> Order:
    return workshop.draft(a_customer("new"))


def addresses(app: Flask, order: Order, workshop: Workshop) -> list[str]:
    values = {"number": order.number, "reference": workshop.setup(order).reference, "day": 5, "product": "backup", "token": "x" * 32}
    values["domain_id"] = (Domain.get_or_none() or a_domain(order.account)).id
    mine = Subscription.select().where(Subscription.account == order.account, Subscription.kind == "certificate").first()
    values["sold"], values["certificate_id"] = "ssl", (mine or an_ended_certificate(order.account)).id
    rules = {rule.endpoint: rule for rule in app.url_map.iter_rules() if "POST" in rule.methods}
    with app.test_request_context(base_url="http://127.0.0.1:8000"):
        filled = [app.url_for(name, **{key: values[key] for key in rules[name].arguments}) for name in posts(app)]
    return [address.removeprefix("http://127.0.0.1:8000") for address in filled]


def no_token(browser: Browser, app: Flask) -> dict[str, str]:
    return {}


def an_empty_token(browser: Browser, app: Flask) -> dict[str, str]:
    return {"csrf_token": ""}


def nonsense(browser: Browser, app: Flask) -> dict[str, str]:
    return {"csrf_token": "🍣𠮷" + "x" * 300}


def another_customers_token(browser: Browser, app: Flask) -> dict[str, str]:
    a_customer("other")
    return {"csrf_token": Browser(app, browser.base_url).sign_in("other").token}


def the_token_from_before_signing_in(browser: Browser, app: Flask) -> dict[str, str]:
    return {"csrf_token": browser.history[0].page.soup.select_one("input[name=csrf_token]")["value"]}


FORGERIES = [no_token, an_empty_token, nonsense, another_customers_token, the_token_from_before_signing_in]


@pytest.mark.parametrize("forgery", FORGERIES)
def test_every_post_without_a_csrf_token_is_refused_and_changes_nothing(
    browser: Browser, app: Flask, workshop: Workshop, order: Order, forgery: object
) -> None:
    browser.sign_in("new")
    everything, token = addresses(app, order, workshop), forgery(browser, app)
    before = state_of_things()

    for address in everything:
        browser.post_raw(
            address, {"months": "1", "do": "next", "method": "card", "login": "somebody", "password": "demo-pass"} | token, csrf=False
        )

        assert (browser.status, browser.h1) == (400, STAFF_TITLE if address.startswith("/staff/") else TITLE), address
        assert browser.says("何も行われていません")
    assert state_of_things() == before


def test_the_answer_to_an_outdated_csrf_token_links_back_to_the_page(browser: Browser, order: Order) -> None:
    browser.sign_in("new").post_raw(f"/orders/{order.number}", {"months": "1"}, csrf=False)

    browser.follow("画面を開き直す")

    assert browser.h1 == "契約内容の選択"


def test_an_outdated_csrf_token_from_htmx_gets_a_message_in_place_of_the_estimate(browser: Browser, order: Order) -> None:
    browser.sign_in("new").visit(f"/orders/{order.number}")

    found = browser.fragment("POST", f"/orders/{order.number}/estimate", {"months": "1", "csrf_token": "old"})

    assert (found.status, found.root["id"]) == (400, "estimate")
    assert found.says("この画面からは操作できません")
    assert Order.get().choices["months"] == "12"


def test_over_https_a_cross_site_post_is_refused_even_with_the_csrf_token(over_https: Browser) -> None:
    a_customer("new")
    over_https.sign_in("new")

    over_https.post_raw("/orders", headers={"Referer": "https://evil.example/"})

    assert over_https.status == 400
    assert not Order.select().exists()


def test_the_demo_refuses_a_foreign_host_header(app: Flask) -> None:
    """DNS rebinding: a name of the attacker's own that leads to this machine."""
    client = app.test_client()

    for name in ("evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8000", "[::2]"):
        assert client.get("/login", base_url=f"http://{name}").status_code == 421
    for name in ("127.0.0.1:8000", "localhost:8000", "localhost", "[::1]:8000"):
        assert client.get("/login", base_url=f"http://{name}").status_code == 200
