"""Catalog prices of products of every kind. Whole yen, tax included."""

from dataclasses import dataclass
from typing import assert_never

from portal.catalog import AnyProduct, Certificate, Option, PerDevice, Plan, Server


@dataclass(frozen=True)
class Price:
    """`monthly_yen` is for one unit and one month; None for products with a single price (certificates). `yen` is the total."""

    monthly_yen: int | None
    yen: int


def months_on_offer(product: AnyProduct, plan: Plan | None) -> tuple[int, ...]:
    """The periods to choose from, in months. Empty for a certificate: its variant has a fixed period. `plan` is the customer's plan."""
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
    """True if the catalog sells the product and this plan or variant."""
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
    """The price for a period in months. None if the catalog does not sell this plan, variant, period or quantity."""
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
