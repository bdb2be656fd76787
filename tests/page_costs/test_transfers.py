"""A purchase by transfer, and papers."""

from models import Order
from portal.enums import OrderState
from tests import bank, budgets, steps
from tests.factories import a_customer
from tests.many_rows import a_past
from tests.page_costs.ways import mails, order_status, state_of
from tests.purchase import EVERYTHING, Shop


def test_the_pages_of_a_transfer_stay_within_their_budget(ledger, printed):
    browser = ledger.browser
    a_customer()
    steps.to_the_method(browser, "銀行振込")
    ledger.page("payment, by transfer")
    browser.press("お支払い")
    ledger.page("confirmation, by transfer")
    browser.press("OK")
    order = Order.get()
    order_status(ledger, order, "awaited")
    browser.visit("/contract").follow("振り込みました").fill("振り込んだ日", "x").press("連絡する")
    ledger.page("report of a transfer, with mistakes")
    browser.visit("/contract").follow("振り込みました").fill("振込名義", "ミホン タロウ").press("連絡する")
    ledger.page("contract, just reported")
    order_status(ledger, order, "reported")
    browser.visit("/contract").press("お支払い情報をメールで再送する")
    ledger.page("contract, mail sent again")
    browser.follow("お申し込みを取り消す")
    ledger.page("cancelling")
    bank.pay_in(order, 200)
    order_status(ledger, order, "partly")
    with state_of(order, OrderState.EXPIRED):
        order_status(ledger, order, "expired")
    bank.pay_in(order, order.total_yen - 200)
    order_status(ledger, order, "paid by transfer")
    mails(ledger)

    printed[0].extend(ledger.rows)
    assert not ledger.over


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
