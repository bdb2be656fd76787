"""Every way of the guide that touches a card, in Chromium against the pretend Stripe, without JavaScript on our side, on a phone."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask

from portal.catalog import Catalog
from portal.gateways.companies import Companies
from portal.gateways.wallet.sandbox import SandboxWalletCompany
from portal.runtime.settings import Settings
from portal.sandbox.books import Books
from tests import sampling
from tests.factories import a_customer
from tests.fake_stripe.browser import ShoppingBrowser
from tests.gateways.stripe_bench import stripe_company
from tests.purchase import Shop
from tests.races.threaded_server import served
from tests.real.browsers import Browsers, Kind
from tests.real.chromium import PHONE, Window
from tests.real.guide_by_card import WAYS, forgotten, left_out
from tests.real.programs import Pointer
from tests.real.server import free_port
from tests.real.stripe_ways import Stand
from tests.reconciliation import ledger
from tests.stripe_cards import StripeCards

USUAL = ("holder_not_proved", "charge_proved")  # the others in ./run test --whole


@pytest.fixture
def settings(settings: Settings) -> Settings:
    port = free_port()
    return replace(settings, public_url=f"http://127.0.0.1:{port}", port=port)


@pytest.fixture
def companies(cards: StripeCards, books: Books, settings: Settings) -> Companies:
    card = stripe_company(cards.fake, settings.installation_id, settings.public_url)
    return Companies(card=card, wallet=SandboxWalletCompany(books, settings.notice_secret))


@pytest.fixture
def stand(
    app: Flask, settings: Settings, companies: Companies, books: Books, cards: StripeCards, catalog: Catalog, browsers: Browsers,
    business_day: Callable,
) -> Iterator[Stand]:  # fmt: skip
    a_customer("new")
    before = ShoppingBrowser(app, settings.public_url, stripe=cards.fake.url)
    window = Window(browsers.get(Kind.CHROMIUM), settings.public_url, viewport=PHONE, java_script_enabled=False)
    with served(app, books, settings.port):
        yield Stand(Pointer(window), before, cards.fake, settings, companies, Shop(catalog, books, companies.card), business_day)
        window.close()
    window.forgive(cards.fake.url)
    window.prove()


@pytest.mark.parametrize("cards", ["stripe"], indirect=True)
@pytest.mark.parametrize("way", WAYS if sampling.IS_WHOLE else USUAL)
def test_the_way_works_and_every_yen_is_where_it_is_said_to_be(stand: Stand, books: Books, way: str) -> None:
    WAYS[way].go(stand)

    ledger(books).prove()


def test_no_sentence_of_the_guide_is_without_a_way() -> None:
    assert left_out() == []
    assert forgotten() == []
    assert set(USUAL) <= WAYS.keys()
