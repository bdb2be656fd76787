"""Renewals by hand, and automatic ones that were declined."""

from datetime import date

from models import Order, Payment
from portal.rules.payments.declines import AUTHENTICATION
from portal.sandbox.books.outcomes import Outcome
from tests import bank, steps
from tests.actions.renewals.days import Calendar
from tests.browser import Browser
from tests.budgets import FORM
from tests.choices import a_selection
from tests.factories import a_customer
from tests.page_costs.ways import WRONG, order_status
from tests.purchase import EVERYTHING, Shop


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
    order_status(ledger, Order.get(Order.kind == "renew"), "renewal awaited")
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
