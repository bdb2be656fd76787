"""A card that the network has renewed: from then on every page, mail and paper that names the card names the new one.

What was said before stays as it was said: the history, sent mails, and papers of charges that the old card paid.
"""

import pytest
from flask import Flask

from models import Invoice, Mail, Order
from portal.runtime.settings import Settings
from tests import steps
from tests.fake_stripe import FakeStripe
from tests.fake_stripe.browser import ShoppingBrowser
from tests.journeys.test_stripe import browser, companies, fake, to_the_charge, updated  # noqa: F401
from tests.staff_desk import a_clerk, sign_in

OLD, NEW = "下4桁 4242", "下4桁 9999"
OLD_DAY, NEW_DAY = "2098年12月", "2099年11月"
TELLS_WHAT_WAS = {"/history", "/mails", "/account/data"}
OF_OTHERS = ("/staff", "/demo", "/sandbox", "/static", "/notices", "/healthz", "/readyz", "/metrics")


def own_pages(app: Flask) -> list[str]:
    """Every page of a signed-in customer that needs no number."""
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.arguments]
    return sorted({rule.rule for rule in rules if not rule.rule.startswith(OF_OTHERS) and "log" not in rule.rule})


def naming(visitor: ShoppingBrowser, addresses: list[str], *words: str) -> set[str]:  # noqa: F811
    found = set()
    for address in addresses:
        answer = visitor.client.get(address, base_url=visitor.base_url)
        if answer.mimetype == "text/html" and any(word in answer.text for word in words):
            found.add(address)
    return found


@pytest.fixture
def bought(browser: ShoppingBrowser) -> Order:  # noqa: F811
    steps.to_the_card_page(browser).enter_card("4242 4242 4242 4242", "12/98").press("OK")
    return Order.get()


def renew_card(browser: ShoppingBrowser, fake: FakeStripe) -> None:  # noqa: F811
    headers, body = updated(fake, last4="9999", exp_year=2099, exp_month=11)
    browser.post_raw("/notices/card", body, csrf=False, content_type="application/json", headers=headers)
    assert browser.text() == "ok\n"


def test_every_page_that_names_the_card_names_the_new_one(app: Flask, browser, fake, bought, settings) -> None:  # noqa: F811
    desk = sign_in(ShoppingBrowser(app, settings.public_url, stripe="http://nobody.invalid"), a_clerk())
    pages, of_staff = own_pages(app), ["/staff/accounts/new", f"/staff/orders/{bought.number}"]
    before = naming(browser, pages, OLD, OLD_DAY) - TELLS_WHAT_WAS
    assert {"/contract", "/renewal/method", "/renewal/reset"} <= before
    staff_before = naming(desk, of_staff, OLD, OLD_DAY)
    assert "/staff/accounts/new" in staff_before
    renew_card(browser, fake)

    assert naming(browser, pages, NEW, NEW_DAY) - TELLS_WHAT_WAS >= before
    assert naming(browser, pages, OLD, OLD_DAY) - TELLS_WHAT_WAS == set()
    assert "/staff/accounts/new" in naming(desk, of_staff, NEW, NEW_DAY)
    assert "/staff/accounts/new" not in naming(desk, of_staff, OLD_DAY)


def test_every_mail_and_paper_after_it_names_the_new_one(browser, fake, bought, settings: Settings, companies) -> None:  # noqa: F811
    renew_card(browser, fake)
    last = Mail.select().order_by(Mail.id.desc()).get().id
    payment = to_the_charge(fake, settings, companies)
    mails = [mail.body for mail in Mail.select().where(Mail.id > last)]

    assert payment.state == "succeeded"
    assert [mail for mail in mails if OLD in mail or OLD_DAY in mail] == []
    assert any(NEW in mail for mail in mails)
    assert not browser.visit(f"/orders/{payment.order.number}").says(OLD)
    for paper in Invoice.select().where(Invoice.order == payment.order):
        assert OLD not in paper.content
