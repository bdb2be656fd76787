"""What the personas did: each step begins signed in and ends where the persona's state says, else it raises Lost."""

from portal.catalog import Catalog
from portal.demo.visitor import Lost, Visitor
from portal.enums import MoneyStatus, Product
from portal.sandbox.published import TEST_CARDS

GOOD_CARD, GOOD_ONCE = TEST_CARDS[0].number, TEST_CARDS[-1].number
WALLET, WALLET_PASSWORD = "osaipo-demo", "osaipo-pass"


def contract_by_card(visitor: Visitor, catalog: Catalog) -> None:
    _open_the_form(visitor)
    options = {"backup": "12", "device_months": "12", "devices": "3"}
    visitor.send(do="next", months="12", ssl="", **options, **_consents(catalog, Product.SERVER, Product.BACKUP, Product.DEVICE))
    _pay_by_card(visitor, GOOD_CARD)


def a_month_by_card(visitor: Visitor, catalog: Catalog) -> None:
    _server_alone(visitor, catalog, months="1")
    _pay_by_card(visitor, GOOD_CARD)


def a_month_by_a_card_that_is_good_once(visitor: Visitor, catalog: Catalog) -> None:
    _server_alone(visitor, catalog, months="1")
    _pay_by_card(visitor, GOOD_ONCE)


def stop_the_renewal(visitor: Visitor, _catalog: Catalog) -> None:
    visitor.visit("/renewal/reset")
    visitor.send()


def contract_by_wallet(visitor: Visitor, catalog: Catalog) -> None:
    _server_alone(visitor, catalog)
    visitor.send(do="next", method="wallet", wallet_day="15")
    visitor.send(wallet_id=WALLET)
    visitor.send(password=WALLET_PASSWORD)
    visitor.send()
    visitor.visit(f"{visitor.address}/confirm")
    visitor.send()
    _must_read(visitor, MoneyStatus.CONFIRMED)


def order_by_transfer(visitor: Visitor, catalog: Catalog) -> None:
    _server_alone(visitor, catalog)
    visitor.send(do="next", method="bank")
    visitor.send()
    _must_read(visitor, MoneyStatus.AWAITED)


def _open_the_form(visitor: Visitor) -> None:
    visitor.visit("/contract")
    visitor.send("/orders")


def _server_alone(visitor: Visitor, catalog: Catalog, months: str = "12") -> None:
    _open_the_form(visitor)
    visitor.send(do="next", months=months, ssl="", backup="", device_months="", devices="1", **_consents(catalog, Product.SERVER))


def _pay_by_card(visitor: Visitor, number: str) -> None:
    visitor.send(do="next", method="card")
    visitor.send(number=number, expiry="12/98", code="123", name="HANA MIHON")
    visitor.send()
    _must_read(visitor, MoneyStatus.CONFIRMED)


def _consents(catalog: Catalog, *products: Product) -> dict[str, str]:
    return {f"agree_{product.value}": catalog.document_of(product).version for product in products}


def _must_read(visitor: Visitor, status: MoneyStatus) -> None:
    if status.label not in visitor.page:
        raise Lost(f"no 「{status.label}」 at {visitor.address}")
