"""The line breaks in the middle of each press of a purchase: the customer goes back, presses once more, and pays once.

Chromium and Firefox send a post whose connection was reset again by themselves, up to three times in all: every one of them is lost.
"""

import re
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from urllib.parse import urljoin, urlsplit

import pytest

from models import Account, Order
from portal.enums import MailKind, OrderKind, OrderState, PaymentState
from tests.real.broken_line import Break, Line
from tests.real.browsers import IS_LONG, Kind
from tests.real.chromium import Window
from tests.real.mouse import Mouse
from tests.real.server import Server
from tests.real.ways import AFTERWARDS, WAYS, Step, sign_in

BREAKS = (Break.BEFORE, Break.IN_REQUEST, Break.BEFORE_ANSWER)  # half an answer is half a page, not a broken one
BROKEN_PAGE = re.compile("^(chrome-error:|about:neterror)")
TRIES = 99  # more than any browser makes: Firefox asks ten times for a page
SAID_BY_BROWSERS = ("ERR_CONNECTION_RESET", "NS_ERROR_NET_RESET")

# Not Firefox with its back/forward cache: no event tells Playwright that Back from a broken page has shown a kept one.
KINDS = (Kind.CHROMIUM, Kind.CHROMIUM_KEEPS, Kind.FIREFOX)
ALL = [(way, where, kind, script) for way in WAYS for where in BREAKS for kind in KINDS for script in (True, False)]
SOME = [
    ("card", Break.BEFORE_ANSWER, Kind.CHROMIUM, True),
    ("wallet", Break.BEFORE_ANSWER, Kind.FIREFOX, True),
]


@pytest.mark.parametrize(("way", "where", "kind", "script"), ALL if IS_LONG else SOME)
def test_after_a_cut_line_the_customer_goes_back_and_pays_once(
    window: Callable[..., Window], live_server: Server, line: Line, newcomer: str, way: str, where: Break, kind: Kind, script: bool
) -> None:
    here = window(line, kind, java_script_enabled=script)
    mouse = Mouse(here)
    for step in (sign_in(newcomer), *WAYS[way]):
        press_until_done(mouse, step, line, where)
        assert not mouse.offers(step.button), f"{step.button} leads nowhere: {mouse.heading}"

    here.forgive(*SAID_BY_BROWSERS)
    prove_ordered_once(live_server, newcomer, way)


@pytest.mark.skipif(not IS_LONG, reason="./run browsers")
@pytest.mark.parametrize("where", BREAKS)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("script", [True, False])
def test_whoever_has_a_contract_goes_back_and_everything_happens_once(
    window: Callable[..., Window], live_server: Server, line: Line, newcomer: str, where: Break, kind: Kind, script: bool
) -> None:
    here = window(line, kind, java_script_enabled=script)
    mouse = Mouse(here)
    for step in (sign_in(newcomer), *WAYS["card"]):
        step.take(mouse)
    for before, step in pairwise((None, *AFTERWARDS)):
        press_until_done(mouse, step, line, where, before)

    here.forgive(*SAID_BY_BROWSERS)
    prove_all_happened_once(live_server, newcomer)


def press_until_done(mouse: Mouse, step: Step, line: Line, where: Break, before: Step | None = None) -> None:
    """In vain, and then once more where the button still stands. A final screen has its form's address: Back leads to the form."""
    if not step.is_ours:
        step.take(mouse)
        return
    press_in_vain(mouse, step, line, where)
    if before and not step.opens and mouse.heading == before.at != step.at:
        before.first(mouse)
        mouse.press(before.button)
    if (step.opens or mouse.heading == step.at) and mouse.offers(step.button):
        step.first(mouse)
        mouse.press(step.button)


def press_in_vain(mouse: Mouse, step: Step, line: Line, where: Break) -> None:
    """The browser says that the line broke; the customer goes back, or opens the page again where the broken one took its place."""
    step.prepare(mouse)
    button, before, lost = mouse.page.get_by_role("button", name=step.button).first, mouse.page.url, len(line.broken)
    method, action = button.evaluate("it => [it.form.getAttribute('method'), it.form.getAttribute('action')]")
    line.cut(method.upper(), urlsplit(urljoin(before, action)).path, where, TRIES)
    button.click()
    mouse.page.wait_for_url(BROKEN_PAGE, wait_until="commit")
    line.mend()
    assert len(line.broken) > lost
    mouse.back()
    if mouse.page.url != before:
        mouse.page.goto(before)
    mouse.arrive()


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
