"""An open page of each waiting state, watched in Chromium until the state changes. While it does not, focus and selection stay."""

import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from models import Order
from portal import clock
from portal.actions.mail import rendering
from portal.actions.payments import pay
from portal.actions.transfers import bank_orders
from portal.catalog import Catalog
from portal.gateways.card.sandbox import SandboxCardCompany
from portal.gateways.companies import Companies
from portal.sandbox.books import Books
from portal.sandbox.books.outcomes import Outcome
from tests import bank
from tests.factories import Workshop, a_customer
from tests.real.chromium import Window
from tests.real.mouse import LISTEN
from tests.real.server import Server

SELECT = """() => {
  getSelection().selectAllChildren(document.querySelector('#status h2'));
  document.querySelector('.ways :is(a, button)').focus();
}"""
HELD = "() => [document.activeElement.innerText, getSelection().toString()]"
SHOWN = """() => {
  document.querySelectorAll('[name=csrf_token]').forEach(field => field.removeAttribute('value'));
  return [document.title, document.querySelector('main').outerHTML];
}"""
IS_EQUAL = """before => {
  const old = Object.assign(document.createElement('template'), {innerHTML: before});
  return document.querySelector('main').isEqualNode(old.content.firstElementChild);
}"""
ASK_NOW = "() => document.getElementById('poll').dispatchEvent(new Event('again'))"
MONEY = {"確認中": "入金確認済", "お振込待ち": "お振込確認中", "お振込確認中": "一部入金", "一部入金": "入金確認済"}


@dataclass(frozen=True)
class Waiting:
    """One customer's order in one waiting state."""

    state: str
    login: str
    number: str


def orders_of(workshop: Workshop) -> Iterator[Waiting]:
    for state in MONEY:
        account = a_customer(f"open-{secrets.token_hex(4)}")
        order = workshop.order(account, Outcome.ANSWER_LOST) if state == "確認中" else workshop.order_by_transfer(account)
        if state in ("お振込確認中", "一部入金"):
            bank_orders.report(order, "ミホン タロウ", clock.today())
        if state == "一部入金":
            bank.pay_in(order, 200)
        yield Waiting(state, account.login, order.number)


def change(waiting: Waiting, workshop: Workshop) -> None:
    order = Order.get(Order.number == waiting.number)
    if waiting.state == "確認中":
        payment = order.latest_payment
        pay.record_answer(payment, workshop.companies.card.lookup(payment.key), actor="test", catalog=workshop.catalog)
    elif waiting.state == "お振込待ち":
        bank_orders.report(order, "ミホン タロウ", clock.today())
    else:
        bank.pay_in(order, 300 if waiting.state == "お振込確認中" else order.missing_yen)


@pytest.fixture
def workshop(live_server: Server, catalog: Catalog) -> Iterator[Workshop]:
    rendering.bind(rendering.Letterhead(catalog.company, live_server.url, "info@kawasemi.example.jp", "test"))
    with closing(Books(live_server.folder / "sandbox.db")) as books, live_server.models():
        yield Workshop(catalog, books, Companies(card=SandboxCardCompany(books, "x" * 32), wallet=None))


def test_an_open_page_changes_as_a_whole_and_only_when_the_state_does(window: Callable[..., Window], workshop: Workshop) -> None:
    waiting = list(orders_of(workshop))
    pages: list[Page] = []
    for each in waiting:
        page = window().sign_in(each.login).page
        page.goto("/contract")
        page.evaluate(LISTEN)
        page.evaluate(SELECT)
        pages.append(page)
    held = [page.evaluate(HELD) for page in pages]
    for page in pages:
        expect(page.locator("#poll")).to_have_attribute("data-hx-trigger", re.compile("delay:10s"), timeout=8_000)
    assert [page.evaluate(HELD) for page in pages] == held
    assert all(page.evaluate("() => said") == [] for page in pages)

    for each, page, before in zip(waiting, pages, held, strict=True):
        change(each, workshop)
        page.evaluate(ASK_NOW)

        expect(page.locator("#status .tag").first).to_have_text(MONEY[each.state])
        assert len(page.evaluate("() => said")) == 1
        if MONEY[each.state] != "入金確認済":  # the same buttons are there
            assert page.evaluate(HELD)[0] == before[0]
        shown = page.evaluate(SHOWN)
        page.reload()
        assert page.evaluate(SHOWN)[0] == shown[0]
        assert page.evaluate(IS_EQUAL, shown[1]), each.state
