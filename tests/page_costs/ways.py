"""What several measurements go past: the pages that show an order's state, the mails, and one purchase with every detour."""

from collections.abc import Iterator
from contextlib import contextmanager

from models import Account, Mail, Order, Payment
from portal.actions.payments import pay
from portal.enums import OrderState, PaymentState
from tests import budgets, steps
from tests.browser import Browser
from tests.budgets import FORM, Ledger
from tests.purchase import CATALOG

HTMX = {"HX-Request": "true", "Accept-Encoding": "gzip, br"}
WRONG = {"months": "5", "ssl": "x", "backup": "5", "device_months": "36", "devices": "0"}
RENEWAL = {
    "timeline": "/contract/timeline",
    "change of what renews": "/renewal/change",
    "reservation": "/renewal/reservation",
    "method for later": "/renewal/method",
}


def order_status(ledger: Ledger, order: Order, name: str) -> None:
    """Every page that shows the order's state."""
    browser = ledger.browser
    for page, address in {"order": f"/orders/{order.number}", "contract": "/contract", "panel": "/"}.items():
        browser.visit(address)
        ledger.page(f"{page}, {name}")
    browser.visit("/contract/status")
    ledger.page(f"status, {name}")
    ledger.fragment(f"fragment: status, {name}", browser.fragment("GET", "/contract/status?wait=10"))


def mails(ledger: Ledger) -> None:
    browser = ledger.browser.visit("/mails")
    ledger.page("mails")
    for mail in Mail.select():
        browser.visit(f"/mails/{mail.id}")
        ledger.page(f"mail: {mail.kind}")


@contextmanager
def state_of(row: Order | Payment, state: str) -> Iterator[None]:
    """Puts the row into a state that pages cannot produce at will."""
    rows = type(row)
    before = rows.get_by_id(row.id).state
    rows.update(state=state).where(rows.id == row.id).execute()
    yield
    rows.update(state=before).where(rows.id == row.id).execute()


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
    order_status(ledger, order, "declined")
    with state_of(order, OrderState.CANCELLED):
        order_status(ledger, order, "cancelled")
    browser.visit(f"/orders/{order.number}/payment")
    ledger.page("payment, after a refusal")
    browser.press("クレジットカード情報入力")
    steps.enter_card(browser, steps.ANSWER_LOST)
    ledger.page("confirmation, after a refusal")
    browser.press("OK")
    order_status(ledger, order, "checking")
    with state_of(order.latest_payment, PaymentState.SUBMITTED):
        order_status(ledger, order, "paying")
    pay.record_answer(order.latest_payment, company.lookup(order.latest_payment.key), actor="test", catalog=CATALOG)
    order_status(ledger, order, "paid")


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
