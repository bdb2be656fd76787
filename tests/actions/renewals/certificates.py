"""A contract whose certificate ends and is renewed with its server, and what the hosting side says of it."""

from dataclasses import replace

from models import Certificate, Subscription
from portal.actions.certificates import common_names, renewal_switch
from portal.gateways.hosting_answers import AnswerKind
from portal.rules.orders.selection import Selection
from portal.sandbox.books.outcomes import Outcome
from tests import authority
from tests.actions.renewals.contract import OK, Contract
from tests.choices import a_selection, with_product
from tests.factories import a_confirmed_domain
from tests.purchase import Shop

MONTHS = 3
SELECTION = a_selection(months=MONTHS, ssl="quick")


def with_short_certificates(shop: Shop) -> Shop:
    """Their term is that of the contract."""
    variants = tuple(replace(variant, months=MONTHS) for variant in shop.catalog.product("ssl").variants)
    return replace(shop, catalog=with_product(shop.catalog, "ssl", variants=variants))


def buy_requested(contract: Contract, outcome: Outcome = Outcome.PAYS, selection: Selection = SELECTION) -> None:
    """On 2026-09-22 until the end of December: the certificate is requested, and renews itself."""
    contract.buy(outcome, selection)
    domain = a_confirmed_domain(contract.account, f"{contract.login}.example.jp")
    mine = bought(contract)
    common_names.choose(mine, domain.name)
    renewal_switch.switch(contract.account, mine.id, OK, contract.shop.catalog, on=True)


def buy_issued(contract: Contract) -> None:
    buy_requested(contract)
    issue(contract)


def buy_alone_with_a_card_that_pays_once(contract: Contract) -> None:
    """The server runs for a year, its certificate until the end of December."""
    buy_requested(contract, Outcome.PAYS_ONCE, a_selection(months=12, ssl="quick"))


def issue(contract: Contract) -> None:
    authority.answer_about(certificate(contract), AnswerKind.CERTIFICATE_ISSUED)


def refuse(contract: Contract) -> None:
    """It cannot be issued, or not again. Nothing happens where nothing is asked."""
    authority.answer_about(certificate(contract), AnswerKind.CERTIFICATE_FAILED)


def bought(contract: Contract) -> Subscription:
    return contract.account.subscriptions.where(Subscription.product == "ssl").get()


def certificate(contract: Contract) -> Certificate:
    return Certificate.of(bought(contract))
