"""What the personas do. Each step starts signed in and ends on the expected page, or raises Lost."""

from portal.catalog import AnyProduct, Catalog, Certificate, PerDevice, Plan, Server
from portal.demo.visitor import Lost, Visitor
from portal.enums import MoneyStatus
from portal.rules.orders.prices import months_on_offer
from portal.rules.orders.quote import YEAR
from portal.rules.renewals.by_hand import nearest_months
from portal.sandbox.published import TEST_CARDS

GOOD_CARD, GOOD_ONCE = TEST_CARDS[0].number, TEST_CARDS[-1].number
DEVICES = 3
WALLET, WALLET_PASSWORD = "osaipo-demo", "osaipo-pass"


def contract_by_card(visitor: Visitor, catalog: Catalog) -> None:
    open_the_form(visitor)
    visitor.send(do="next", **contract_choices(catalog, YEAR, options=options_of(catalog)))
    pay_by_card(visitor, GOOD_CARD)


def a_month_by_card(visitor: Visitor, catalog: Catalog) -> None:
    _server_alone(visitor, catalog, months="1")
    pay_by_card(visitor, GOOD_CARD)


def a_month_by_a_card_that_is_good_once(visitor: Visitor, catalog: Catalog) -> None:
    _server_alone(visitor, catalog, months="1")
    pay_by_card(visitor, GOOD_ONCE)


def stop_the_renewal(visitor: Visitor, _catalog: Catalog) -> None:
    visitor.visit("/renewal/reset")
    visitor.send()


def a_year_by_card(visitor: Visitor, catalog: Catalog) -> None:
    _server_alone(visitor, catalog, months=str(YEAR))
    pay_by_card(visitor, GOOD_CARD)


def renew_by_card(visitor: Visitor, catalog: Catalog) -> None:
    """The server for another year; nothing is added."""
    visitor.visit("/contract")
    visitor.send("/orders", kind="renew")
    visitor.send(do="next", **contract_choices(catalog, YEAR))
    pay_by_card(visitor, GOOD_CARD)


def exchange_the_card(visitor: Visitor, _catalog: Catalog) -> None:
    visitor.visit("/renewal/method")
    visitor.send(method="card")
    _enter_card(visitor, GOOD_CARD)
    visitor.send()


def reserve_another_period(visitor: Visitor, catalog: Catalog) -> None:
    """The longest period on offer, from the next automatic charge on."""
    longest = max(months_on_offer(catalog.server, plan_of_personas(catalog)))
    visitor.visit("/renewal/reservation")
    visitor.send(do="next", **{catalog.server.choice_field: str(longest)})
    visitor.send(do="reserve")


def contract_by_wallet(visitor: Visitor, catalog: Catalog) -> None:
    _server_alone(visitor, catalog)
    visitor.send(do="next", method="wallet", wallet_day="15")
    visitor.send(wallet_id=WALLET)
    visitor.send(password=WALLET_PASSWORD)
    visitor.send()
    visitor.visit(f"{visitor.address}/confirm")
    visitor.send()
    must_read(visitor, MoneyStatus.CONFIRMED)


def order_by_transfer(visitor: Visitor, catalog: Catalog) -> None:
    _server_alone(visitor, catalog)
    visitor.send(do="next", method="bank")
    visitor.send()
    must_read(visitor, MoneyStatus.AWAITED)


def must_read(visitor: Visitor, status: MoneyStatus) -> None:
    if status.label not in visitor.page:
        raise Lost(f"no 「{status.label}」 at {visitor.address}")


def open_the_form(visitor: Visitor) -> None:
    visitor.visit("/contract")
    visitor.send("/orders")


def _server_alone(visitor: Visitor, catalog: Catalog, months: str = "12") -> None:
    open_the_form(visitor)
    visitor.send(do="next", **contract_choices(catalog, int(months)))


def pay_by_card(visitor: Visitor, number: str) -> None:
    visitor.send(do="next", method="card")
    _enter_card(visitor, number)
    visitor.send()
    must_read(visitor, MoneyStatus.CONFIRMED)


def _enter_card(visitor: Visitor, number: str) -> None:
    visitor.send(number=number, expiry="12/98", code="123", name="HANA MIHON")


def plan_of_personas(catalog: Catalog) -> Plan:
    """The one in the middle."""
    return catalog.plans[len(catalog.plans) // 2]


def options_of(catalog: Catalog) -> tuple[AnyProduct, ...]:
    """Options sold with the server that renew with it."""
    return tuple(product for product in catalog.sold if product.renews and not isinstance(product, Server | Certificate))


def contract_choices(catalog: Catalog, months: int, *, options: tuple[AnyProduct, ...] = ()) -> dict[str, str]:
    """Input for the contract form: the server for these months, the options for twelve, or the nearest on sale."""
    typed = {catalog.server.choice_field: str(months), catalog.server.consent_field: _version(catalog, catalog.server)}
    for product in (product for product in catalog.sold if not isinstance(product, Server)):
        is_chosen = product in options
        typed[product.choice_field] = _choice_of(product) if is_chosen else ""
        if isinstance(product, PerDevice):
            typed[product.count_field] = str(min(DEVICES, product.max_devices)) if is_chosen else "1"
        if is_chosen:
            typed[product.consent_field] = _version(catalog, product)
    return typed


def _choice_of(product: AnyProduct) -> str:
    return product.variants[0].id if isinstance(product, Certificate) else str(nearest_months(YEAR, months_on_offer(product, None)))


def _version(catalog: Catalog, product: AnyProduct) -> str:
    return catalog.document_of(product.id).version
