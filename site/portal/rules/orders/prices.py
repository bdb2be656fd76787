"""What the catalog asks for a product now, whatever its kind. Whole yen, tax included."""

from dataclasses import dataclass
from typing import assert_never

from portal.catalog import AnyProduct, Certificate, Option, PerDevice, Plan, Server


@dataclass(frozen=True)
class Price:
    """`monthly_yen` is for one month of one, None for what is sold as a whole; `yen` is for everything."""

    monthly_yen: int | None
    yen: int


def months_on_offer(product: AnyProduct, plan: Plan | None) -> tuple[int, ...]:
    """The periods to choose from; none for a certificate, whose variant has its own. `plan` is the customer's."""
    match product:
        case Server():
            return plan.months if plan else ()
        case Option() | PerDevice():
            return product.months
        case Certificate():
            return ()
        case _:
            assert_never(product)


def is_on_sale(product: AnyProduct, variant: str) -> bool:
    """Whether the product is sold, and this plan or variant of it."""
    match product:
        case Server():
            known = variant in [plan.id for plan in product.plans]
        case Certificate():
            known = variant in [each.id for each in product.variants]
        case Option() | PerDevice():
            known = True
        case _:
            assert_never(product)
    return known and product.is_sold


def price(product: AnyProduct, variant: str, months: int, quantity: int) -> Price | None:
    """None where these months, so many, or this plan or variant are not sold."""
    if not is_on_sale(product, variant):
        return None
    match product:
        case Server():
            return _by_months(next(plan for plan in product.plans if plan.id == variant).monthly_yen.get(months), months, quantity)
        case Certificate():
            certificate = product.variant(variant)
            return Price(None, certificate.yen) if certificate.months == months else None
        case Option():
            return _by_months(product.monthly_yen.get(months), months, quantity)
        case PerDevice():
            return _by_months(product.monthly_yen.get(months), months, quantity) if quantity <= product.max_devices else None
        case _:
            assert_never(product)


def _by_months(monthly_yen: int | None, months: int, quantity: int) -> Price | None:
    return None if monthly_yen is None else Price(monthly_yen, monthly_yen * months * quantity)
