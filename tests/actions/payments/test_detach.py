"""A removed card or wallet is detached at its company too, whatever failed on the way."""

from datetime import date

import pytest

from models import Event, PaymentMethod
from portal import clock
from portal.actions.payments import detach_method, methods
from portal.actions.renewals import method_reset
from portal.enums import Method, PaymentMethodState
from portal.sandbox.books.outcomes import Outcome
from tests.actions.renewals import customers
from tests.actions.renewals.days import Calendar
from tests.companies import Wrapped
from tests.passes import detach_due
from tests.purchase import CATALOG, Shop, later

pytestmark = pytest.mark.store


@pytest.fixture
def shop(catalog, books, companies):
    return Shop(catalog, books, companies.card)


class KillsTheCaller(Wrapped):
    """A company that kills the caller of any detach."""

    def answer(self, name, *arguments):
        if name in ("detach", "unlink"):
            raise KeyboardInterrupt
        return super().answer(name, *arguments)


class Unreachable(Wrapped):
    def answer(self, name, *arguments):
        if name in ("detach", "unlink"):
            raise ConnectionError("no route to the company")
        return super().answer(name, *arguments)


def a_method(account, method, token):
    about = {"brand": "Visa", "last4": "4242", "expires": date(2035, 12, 31)}
    return PaymentMethod.create(account=account, method=method, company="sandbox", token=token, created_at=clock.now(), **about)


def is_removed(shop):
    """Whether the company, which has only one card, has deleted it."""
    asked = "SELECT is_removed FROM wallet_link" if shop.method is Method.WALLET else "SELECT is_removed FROM card"
    return [bool(row[0]) for row in shop.books.reader().execute(asked)] == [True]


@pytest.mark.parametrize("method", [Method.CARD, Method.WALLET])
def test_a_reset_killed_before_detaching_leaves_it_to_the_worker(shop, method):
    shop = shop.by(method)
    account = shop.buy().account
    with pytest.raises(KeyboardInterrupt):
        method_reset.reset(account, shop.asking(KillsTheCaller(shop.company)).companies, CATALOG)
    assert not is_removed(shop)

    assert detach_due(shop.companies) == 0  # whoever pressed may still be asking
    with later(minutes=3):
        assert detach_due(shop.companies) == 1

    assert is_removed(shop)
    assert [found.token for found in PaymentMethod.select()] == [None]


@pytest.mark.parametrize("method", [Method.CARD, Method.WALLET])
def test_an_unreachable_company_is_retried_until_the_method_is_detached(shop, method):
    shop = shop.by(method)
    account, away = shop.buy().account, shop.asking(Unreachable(shop.company)).companies
    method_reset.reset(account, away, CATALOG)

    tries = []
    for minutes in (3, 20, 60):
        with later(minutes=minutes):
            tries.append(detach_due(away))
    with later(hours=12):
        tries.append(detach_due(shop.companies))

    assert (tries, is_removed(shop)) == ([0, 0, 0, 1], True)
    told = [event.to_state for event in Event.select().where(Event.to_state.in_(["to forget", "forgotten"])).order_by(Event.id)]
    assert told == ["to forget", "forgotten"]


def test_many_workers_detach_once(shop):
    company = Wrapped(shop.company)
    shop = shop.asking(company)
    account = shop.buy().account
    methods.mark_detaching(account.renewal_setting.payment_method)
    found, again = (PaymentMethod.get() for _ in range(2))

    with later(minutes=3):
        answers = [detach_method._detach(one, account, shop.companies) for one in (found, again)]

    assert (answers, company.asked.count("detach")) == ([True, False], 1)


def test_without_its_company_a_detachment_stays_waiting(shop):
    account = shop.buy().account
    method_reset.reset(account, {}, CATALOG)

    with later(minutes=3):
        assert detach_due({}) == 0
        assert detach_due(shop.companies) == 1
    assert is_removed(shop)


def test_the_card_of_a_deleted_server_is_detached(shop, settings, business_day):
    calendar = Calendar(settings, shop.books)
    business_day(date(2026, 11, 22))
    customers.failed(shop, "new")
    calendar.turn(shop, date(2027, 1, 20))
    assert shop.draft("new").account.server is None

    with later(minutes=3):
        detach_due(shop.companies)

    assert is_removed(shop)


def test_another_card_of_the_account_stays_attached(shop):
    """The negative control of these tests: a card that was not removed stays at the company."""
    shop.buy(outcome=Outcome.PAYS)

    with later(minutes=3):
        assert detach_due(shop.companies) == 0
    assert not is_removed(shop)


def test_a_card_replaced_by_a_wallet_is_detached(shop):
    """A renewal by wallet has no card that could expire."""
    account = shop.buy().account
    shop.by(Method.WALLET).renew()

    setting = account.renewal_setting
    assert (setting.method, setting.payment_method.method, setting.payment_method.expires) == ("wallet", "wallet", None)
    with later(minutes=3):
        assert detach_due(shop.companies) == 1
    assert is_removed(shop)


def test_an_unreachable_company_does_not_block_other_detachments(shop):
    account = shop.buy().account
    for number in range(51):
        methods.mark_detaching(a_method(account, Method.CARD, f"card {number}"))
    methods.mark_detaching(a_method(account, Method.WALLET, "wallet"))

    with later(minutes=3):
        assert detach_due({Method.WALLET: shop.by(Method.WALLET).company}) == 1
    assert PaymentMethod.get(PaymentMethod.method == Method.WALLET).state == PaymentMethodState.DETACHED
