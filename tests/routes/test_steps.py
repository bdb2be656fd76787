"""Every stage of an order on every screen: open, or redirected to the order's current state. Parametrised over the enum and the table."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
from flask import Flask

from models import Account, Order, Payment, PaymentMethodSetup
from portal.actions.orders import drafts
from portal.actions.renewals import method_reset
from portal.enums import OrderKind, OrderState, PaymentState
from portal.rules.payments.order_status import Stage, stage
from portal.runtime.settings import Settings
from portal.sandbox.books.outcomes import Outcome
from portal.screens import steps
from tests import bank
from tests.actions.renewals.days import Calendar
from tests.browser import Browser
from tests.factories import Workshop, a_customer
from tests.purchase import CATALOG, Shop

OUTCOMES = {Stage.PAYABLE: Outcome.REFUSED, Stage.CHECKING: Outcome.ANSWER_LOST, Stage.PAID: Outcome.PAYS}
CHOICE = {"payment.choose", "payment.pick"}
CARD = {"card.confirm", "card.pay_now"}
WALLET = {"wallet.show", "wallet.confirm", "wallet.pay_now"}
AWAITED = {"bank.report", "bank.send_report", "bank.send_mail", "bank.confirm_giving_up", "bank.give_up"}
CANCEL = {"bank.confirm_giving_up", "bank.give_up"}
LAST = ("orders.choose", "orders.estimate", "bank.give_up")
ELSEWHERE = {"bank.send_mail": "サーバー契約・更新"}
GET = (
    "orders.show",
    "payment.choose",
    "card.confirm",
    "wallet.show",
    "wallet.confirm",
    "bank.confirm",
    "bank.report",
    "bank.confirm_giving_up",
)
ALLOWED = {
    Stage.FORM: set(steps.SCREENS) - AWAITED,
    Stage.PAYABLE: {"orders.show", *CHOICE, *CARD, *WALLET, "bank.confirm", "bank.place", *CANCEL},
    Stage.AWAITED: {"orders.show", *CHOICE, *CARD, *WALLET, *AWAITED},
    Stage.PARTLY: {"orders.show", "bank.report", "bank.send_report", "bank.send_mail"},
    Stage.PAYING: {"orders.show"},
    Stage.CHECKING: {"orders.show"},
    Stage.PAID: {"orders.show"},
    Stage.OVER: {"orders.show"},
}
HEADINGS = {
    Stage.FORM: "契約内容の選択",
    Stage.PAYABLE: "お支払いは完了していません",
    Stage.AWAITED: "お申し込みを受け付けました",
    Stage.PARTLY: "ご入金の一部を確認しました",
    Stage.PAYING: "お支払いを処理しています",
    Stage.CHECKING: "お支払いを確認しています",
    Stage.PAID: "お支払いが完了しました",
    Stage.OVER: "お申し込みは取り消されました",
}


@dataclass(frozen=True)
class EnteredSetups:
    """A card and a wallet that were entered for the order before it came to its stage."""

    card: PaymentMethodSetup
    wallet: PaymentMethodSetup

    def of(self, screen: str) -> PaymentMethodSetup:
        return self.wallet if screen.startswith("wallet.") else self.card


def an_order_at(wanted: Stage, workshop: Workshop) -> tuple[Order, EnteredSetups]:
    account = a_customer()
    order = _an_order(wanted, account, workshop)
    setups = EnteredSetups(workshop.setup(order), workshop.wallet_setup(order))
    if wanted is Stage.PAYING:
        Payment.update(state=PaymentState.SUBMITTED).where(Payment.order == order).execute()
    if wanted is Stage.PARTLY:
        bank.allocate(bank.deposit(order.total_yen - 1), order)
    if wanted is Stage.OVER:
        order.move(OrderState.CANCELLED, came_from=[OrderState.PLACED])
    return Order.get_by_id(order.id), setups


def _an_order(wanted: Stage, account: Account, workshop: Workshop) -> Order:
    if wanted is Stage.FORM:
        return workshop.draft(account)
    if wanted in (Stage.AWAITED, Stage.PARTLY):
        return workshop.order_by_transfer(account)
    return workshop.order(account, OUTCOMES.get(wanted, Outcome.REFUSED))


def seen(browser: Browser, screen: str, address: str) -> bool:
    """True if the screen opens; otherwise it redirects to the order."""
    sent = {"payment.pick": {"do": "show"}, "orders.choose": {"months": "no"}}.get(screen, {})
    before, state = len(browser.traffic), Order.get().state
    browser.visit(address) if screen in GET else browser.post_raw(address, sent | {"csrf_token": browser.token})
    if screen == "bank.give_up":
        return Order.get().state != state
    if screen in ELSEWHERE:
        return browser.h1 == ELSEWHERE[screen]
    return browser.traffic[before].status != 303


def address_of(app: Flask, screen: str, order: Order, setups: EnteredSetups) -> str:
    rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == screen)
    values = {"number": order.number, "reference": setups.of(screen).reference}
    with app.test_request_context(base_url="http://127.0.0.1:8000"):
        return app.url_for(screen, _external=False, **{name: values[name] for name in rule.arguments})


@pytest.mark.parametrize("wanted", Stage)
def test_each_screen_opens_at_its_stages_and_otherwise_redirects_to_the_current_one(
    browser: Browser, app: Flask, workshop: Workshop, wanted: Stage
) -> None:
    order, setups = an_order_at(wanted, workshop)
    payment = order.latest_payment
    assert stage(order.state, payment and payment.state, order.method, order.received_yen) is wanted
    browser.sign_in("new")

    opened = opened_screens(browser, app, order, setups, (f"/orders/{order.number}", HEADINGS[wanted]))

    assert opened == ALLOWED[wanted]
    after = order.latest_payment
    state = OrderState.CANCELLED if "bank.give_up" in opened else order.state
    assert (Order.get_by_id(order.id).state, after and after.state) == (state, payment and payment.state)


def test_the_table_lists_every_stage_of_each_screen() -> None:
    assert {screen: {stage for stage in Stage if screen in ALLOWED[stage]} for screen in steps.SCREENS} == steps.SCREENS


def test_every_address_with_an_order_number_is_in_the_table(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules() if rule.rule.startswith("/orders/<number>")} == set(steps.SCREENS)


@pytest.mark.parametrize("wanted", Stage)
def test_the_page_of_an_order_shows_its_stage(browser: Browser, workshop: Workshop, wanted: Stage) -> None:
    order, _ = an_order_at(wanted, workshop)

    browser.sign_in("new").visit(f"/orders/{order.number}")

    assert (browser.status, browser.h1) == (200, HEADINGS[wanted])


@pytest.mark.parametrize("wanted", [stage for stage in Stage if stage is not Stage.FORM])
def test_an_estimate_requested_at_a_later_stage_gives_a_link(browser: Browser, workshop: Workshop, wanted: Stage) -> None:
    order, _ = an_order_at(wanted, workshop)
    browser.sign_in("new")

    found = browser.fragment("POST", f"/orders/{order.number}/estimate", {"months": "1"})

    assert found.root["id"] == "estimate"
    assert found.root.a["href"] == f"/orders/{order.number}"


@pytest.mark.parametrize("screen", steps.PAYS)
def test_a_pending_payment_closes_the_payment_screens_of_a_new_draft(browser: Browser, app: Flask, workshop: Workshop, screen: str) -> None:
    account = a_customer()
    unknown = workshop.order(account, Outcome.ANSWER_LOST)
    draft = workshop.draft(account)
    setups = EnteredSetups(workshop.setup(draft), workshop.wallet_setup(draft))
    browser.sign_in("new").visit("/contract")

    assert not seen(browser, screen, address_of(app, screen, draft, setups))
    assert browser.url == f"/orders/{unknown.number}"
    assert browser.says("お支払いの結果を確認中のお申し込みがあります")
    assert Payment.select().count() == 1


def a_renewal_at(kind: OrderKind, workshop: Workshop) -> tuple[Order, EnteredSetups]:
    """A renewal draft; by card the contract auto-renews, by transfer not."""
    account = a_customer()
    if kind is OrderKind.CHANGE:
        workshop.order(account)
    else:
        bank.pay_in(workshop.order_by_transfer(account))
    order = drafts.open_draft(account, kind)
    return order, EnteredSetups(workshop.setup(order), workshop.wallet_setup(order))


def opened_screens(browser: Browser, app: Flask, order: Order, setups: EnteredSetups, elsewhere: tuple[str, str]) -> set[str]:
    """The screens that open; every other redirects there (address and heading)."""
    found = set()
    for screen in sorted(steps.SCREENS, key=lambda screen: LAST.index(screen) if screen in LAST else -1):
        browser.visit("/contract")
        if seen(browser, screen, address_of(app, screen, order, setups)):
            found.add(screen)
        else:
            assert (browser.url, browser.h1) == elsewhere, screen
    return found


@pytest.mark.parametrize("kind", [OrderKind.RENEW, OrderKind.CHANGE])
def test_a_renewal_by_hand_is_open_on_the_same_screens(browser: Browser, app: Flask, workshop: Workshop, kind: OrderKind) -> None:
    order, setups = a_renewal_at(kind, workshop)
    browser.sign_in("new")

    opened = opened_screens(browser, app, order, setups, (f"/orders/{order.number}", HEADINGS[Stage.FORM]))

    assert opened == ALLOWED[Stage.FORM]


def test_a_change_is_closed_on_every_screen_after_the_deadline(
    browser: Browser, app: Flask, workshop: Workshop, business_day: Callable
) -> None:
    business_day(date(2024, 11, 22))
    order, setups = a_renewal_at(OrderKind.CHANGE, workshop)
    business_day(date(2025, 11, 5))
    browser.sign_in("new")

    opened = opened_screens(browser, app, order, setups, ("/contract", "サーバー契約・更新"))

    assert opened <= set(ELSEWHERE)  # which end there in any case
    assert browser.visit(f"/orders/{order.number}").says("変更の期限（2025年11月4日（火） 23時59分）を過ぎたため")


def test_a_change_is_closed_on_every_screen_without_auto_renewal(browser: Browser, app: Flask, workshop: Workshop) -> None:
    order, setups = a_renewal_at(OrderKind.CHANGE, workshop)
    method_reset.stop(order.account, CATALOG)
    browser.sign_in("new")

    opened = opened_screens(browser, app, order, setups, ("/contract", "サーバー契約・更新"))

    assert opened <= set(ELSEWHERE)  # which end there in any case
    assert browser.visit(f"/orders/{order.number}").says("自動更新の設定が変わりました")


def test_a_declined_automatic_order_is_payable_on_the_same_screens(
    browser: Browser, app: Flask, workshop: Workshop, settings: Settings, business_day: Callable
) -> None:
    business_day(date(2024, 11, 22))
    workshop.order(a_customer(), Outcome.PAYS_ONCE)
    shop = Shop(workshop.catalog, workshop.books, workshop.companies.card)
    Calendar(settings, workshop.books).jump(date(2025, 11, 5)).work(shop)
    order = Order.get(Order.kind == OrderKind.AUTO)
    setups = EnteredSetups(workshop.setup(order), workshop.wallet_setup(order))
    browser.sign_in("new")

    opened = opened_screens(browser, app, order, setups, (f"/orders/{order.number}", HEADINGS[Stage.PAYABLE]))

    assert opened == ALLOWED[Stage.PAYABLE] - CANCEL
    assert Order.get_by_id(order.id).is_placed
