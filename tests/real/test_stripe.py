"""The page on which a renewal is proved at the bank, in real Chromium. The ways themselves are in test_stripe_ways.py."""

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from models import Account, Order
from portal.app import create_app
from portal.gateways.companies import Companies
from portal.runtime.settings import Settings
from portal.store import database as store
from tests import steps
from tests.asked_by_bank import asked_by_bank
from tests.factories import PASSWORD, a_customer
from tests.fake_stripe import FakeStripe, fake_stripe
from tests.fake_stripe.browser import ShoppingBrowser
from tests.gateways.stripe_bench import stripe_company
from tests.real.chromium import AXE, PHONE, RUN_AXE
from tests.real.server import free_port


@pytest.fixture
def fake() -> Iterator[FakeStripe]:
    with fake_stripe() as fake:
        yield fake


@pytest.fixture
def page(settings: Settings, fake: FakeStripe, chromium_browser: Browser) -> Iterator[Page]:
    """Signed in, at the choice of the method of an order that is ready to be paid."""
    port = free_port()
    settings = replace(settings, public_url=f"http://127.0.0.1:{port}", port=port)
    app = create_app(settings, companies=Companies(card=stripe_company(fake, settings.installation_id, settings.public_url)))
    store.ensure_connection()
    a_customer("new")
    steps.to_the_payment(ShoppingBrowser(app, settings.public_url, stripe=fake.url))
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    context = chromium_browser.new_context(java_script_enabled=False, viewport=PHONE, base_url=settings.public_url, locale="ja-JP")
    page = context.new_page()
    page.goto("/login")
    page.get_by_label("ログインID").fill("new")
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="ログイン").click()
    page.goto(f"/orders/{Order.get().number}/payment")
    yield page
    context.close()
    server.shutdown()
    thread.join()
    server.server_close()


def enter(page: Page, number: str) -> None:
    page.get_by_label("カード番号").fill(number)
    page.get_by_label("有効期限").fill("12/98")
    page.get_by_role("button", name="保存する").click()


def test_the_page_of_the_proof_fits_a_phone_and_has_no_fault_for_axe(page: Page, fake: FakeStripe, chromium_browser: Browser) -> None:
    page.get_by_role("button", name="クレジットカード情報入力").click()
    enter(page, "4242 4242 4242 4242")
    page.get_by_role("button", name="OK").click()
    fake.world.all_of("payment_method")[0]["number"] = "4000002760003184"
    order = asked_by_bank(Account.get())
    watched = chromium_browser.new_context(viewport=PHONE, storage_state=page.context.storage_state(), bypass_csp=True)
    seen = watched.new_page()
    for press in (None, "本人認証へ進む"):
        seen.goto(f"{page.url.partition('/orders')[0]}/renewal/authentication/{order.number}")
        if press:
            seen.get_by_role("button", name=press).click()
        assert seen.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        seen.add_script_tag(content=AXE)
        assert seen.evaluate(RUN_AXE, {}) == []
    watched.close()
