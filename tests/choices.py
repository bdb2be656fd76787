"""Selections in the demo company's products, and edited versions of its catalog."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from portal.catalog import AnyProduct, Catalog
from portal.rules.orders.selection import Chosen, Selection


def a_selection(
    months: int | None = None,
    *,
    ssl: str | None = None,
    backup_months: int | None = None,
    devices: int | None = None,
    device_months: int | None = None,
    certificates: frozenset[int] = frozenset(),
) -> Selection:
    """The server, a new certificate, and the options by months; `certificates` are subscriptions that are renewed."""
    chosen = []
    if months is not None:
        chosen.append(Chosen("server", months=months))
    if ssl is not None:
        chosen.append(Chosen("ssl", variant=ssl))
    if backup_months is not None:
        chosen.append(Chosen("backup", months=backup_months))
    if devices is not None or device_months is not None:
        chosen.append(Chosen("device", months=device_months, quantity=devices))
    return Selection(tuple(chosen), certificates)


def edited(catalog: Catalog, edit: Callable[[AnyProduct], AnyProduct]) -> Catalog:
    return replace(catalog, products=tuple(edit(product) for product in catalog.products))


def with_product(catalog: Catalog, product_id: str, **changes: Any) -> Catalog:
    """`with_product(catalog, "backup", is_withdrawn=True)`: the same catalog but for one product."""
    return edited(catalog, lambda product: replace(product, **changes) if product.id == product_id else product)


def repriced(catalog: Catalog, change: Callable[[dict[int, int]], dict[int, int]], *product_ids: str) -> Catalog:
    """Other yen for a month: of every plan for the server, else of the product."""

    def edit(product: AnyProduct) -> AnyProduct:
        if product.id not in product_ids:
            return product
        if product.id == "server":
            return replace(product, plans=tuple(replace(plan, monthly_yen=change(dict(plan.monthly_yen))) for plan in product.plans))
        return replace(product, monthly_yen=change(dict(product.monthly_yen)))

    return edited(catalog, edit)
