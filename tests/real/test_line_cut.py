"""The line breaks in the middle of each press of a purchase: the customer goes back, presses once more, and pays once."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from http.client import HTTPConnection
from itertools import pairwise
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route

from models import Account, Order
from portal.enums import MailKind, OrderKind, OrderState, PaymentState
from tests.real.browsers import IS_LONG
from tests.real.chromium import Window
from tests.real.mouse import Mouse
from tests.real.server import Server
from tests.real.ways import AFTERWARDS, WAYS, Step, sign_in


class Cut(Enum):
    """`ARRIVED`: the server has done it, and the browser never heard of it."""

    NEVER_ARRIVED = "never arrived"
    ARRIVED = "arrived, and the answer was lost"


ALL = [(way, cut, script) for way in WAYS for cut in Cut for script in (True, False)]
SOME = [("card", Cut.ARRIVED, True), ("card", Cut.NEVER_ARRIVED, False), ("wallet", Cut.ARRIVED, False), ("transfer", Cut.ARRIVED, True)]


@pytest.mark.parametrize(("way", "cut", "script"), ALL if IS_LONG else SOME)
def test_after_a_cut_line_the_customer_goes_back_and_pays_once(
    window: Callable[..., Window], live_server: Server, newcomer: str, way: str, cut: Cut, script: bool
) -> None:
    here = window(java_script_enabled=script)
    mouse = Mouse(here)
    for step in (sign_in(newcomer), *WAYS[way]):
        press_until_done(mouse, step, cut)
        assert not mouse.offers(step.button), f"{step.button} leads nowhere: {mouse.heading}"

    here.forgive("ERR_CONNECTION_RESET")
    prove_ordered_once(live_server, newcomer, way)


@pytest.mark.skipif(not IS_LONG, reason="./run browsers")
@pytest.mark.parametrize("cut", Cut)
@pytest.mark.parametrize("script", [True, False])
def test_whoever_has_a_contract_goes_back_and_everything_happens_once(
    window: Callable[..., Window], live_server: Server, newcomer: str, cut: Cut, script: bool
) -> None:
    here = window(java_script_enabled=script)
    mouse = Mouse(here)
    for step in (sign_in(newcomer), *WAYS["card"]):
        step.take(mouse)
    for before, step in pairwise((None, *AFTERWARDS)):
        press_until_done(mouse, step, cut, before)

    here.forgive("ERR_CONNECTION_RESET")
    prove_all_happened_once(live_server, newcomer)


def press_until_done(mouse: Mouse, step: Step, cut: Cut, before: Step | None = None) -> None:
    """In vain, and then once more where the button still stands. A final screen has its form's address: Back leads to the form."""
    if not step.is_ours:
        step.take(mouse)
        return
    press_in_vain(mouse, step, cut)
    if before and not step.opens and mouse.heading == before.at != step.at:
        before.first(mouse)
        mouse.press(before.button)
    if (step.opens or mouse.heading == step.at) and mouse.offers(step.button):
        step.first(mouse)
        mouse.press(step.button)


def press_in_vain(mouse: Mouse, step: Step, cut: Cut) -> None:
    """The browser says that the line broke; the customer goes back, or opens the page again where the broken one took its place."""
    step.prepare(mouse)
    before = mouse.page.url
    with line_that_breaks(mouse.page, cut) as broken:
        mouse.page.get_by_role("button", name=step.button).first.click()
        mouse.page.wait_for_url("chrome-error://**")
    assert len(broken) == 1
    mouse.page.go_back()
    if mouse.page.url != before:
        mouse.page.goto(before)
    mouse.arrive()


@contextmanager
def line_that_breaks(page: Page, cut: Cut) -> Iterator[list[str]]:
    """The next press is lost, on its way there or back."""
    broken: list[str] = []

    def lose(route: Route) -> None:
        if not route.request.is_navigation_request():
            route.continue_()
            return
        if cut is Cut.ARRIVED:
            deliver(page, route)
        broken.append(route.request.url)
        route.abort("connectionreset")

    page.route("**/*", lose)
    yield broken
    page.unroute("**/*", lose)


def deliver(page: Page, route: Route) -> None:
    """As the browser sends it, but the answer, its cookies too, reaches nobody."""
    asked, url = route.request, urlsplit(route.request.url)
    cookies = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in page.context.cookies(asked.url))
    connection = HTTPConnection(url.netloc, timeout=10)
    connection.request(asked.method, url.path, asked.post_data_buffer, asked.headers | {"cookie": cookies})
    connection.getresponse().read()
    connection.close()


def prove_all_happened_once(server: Server, login: str) -> None:
    """What AFTERWARDS did to a contract by card."""
    with server.models():
        account = Account.by_login(login)
        mails = Counter(mail.kind for mail in account.mails)
        orders = [(order.kind, order.state) for order in account.orders.order_by(Order.id)]
    assert orders == [(OrderKind.NEW, OrderState.PAID), (OrderKind.CHANGE, OrderState.PAID)]
    once = (MailKind.RESERVATION_MADE, MailKind.RESERVATION_UNDONE, MailKind.METHOD_CHANGED, MailKind.METHOD_RESET)
    assert [mails[kind] for kind in once] == [1, 1, 1, 1]
    assert mails[MailKind.PAYMENT_CONFIRMED] == 2


def prove_ordered_once(server: Server, login: str, way: str) -> None:
    with server.models():
        [order] = Order.select().join(Account).where(Account.login == login)
        payments = [payment.state for payment in order.payments]
        kinds = [mail.kind for mail in order.account.mails]
    assert (order.method, order.state) == (way.replace("transfer", "bank"), OrderState.PLACED if way == "transfer" else OrderState.PAID)
    assert payments == ([] if way == "transfer" else [PaymentState.SUCCEEDED])
    assert kinds.count(MailKind.ORDER_ACCEPTED if way == "transfer" else MailKind.PAYMENT_CONFIRMED) == 1
    assert len(kinds) == len(set(kinds)), kinds
