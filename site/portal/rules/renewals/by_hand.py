"""Renewing by hand, or changing what comes next: what can be chosen today, and what the form begins with."""

from collections.abc import Iterable
from datetime import date

from portal.catalog import Catalog
from portal.enums import OrderKind, ProductKind
from portal.rules.orders.prices import is_on_sale
from portal.rules.renewals.change_window import Closed, change_window
from portal.rules.renewals.snapshot import Entitlement, Snapshot

PAID_AHEAD = "次回のご契約はお支払い済みです。"
NOT_SOLD = "お取り扱いを終了したため、更新できません。"


def kind_by_hand(snapshot: Snapshot) -> OrderKind:
    """契約更新 where nothing renews by itself; else the customer changes what would be renewed."""
    return OrderKind.RENEW if snapshot.renewal_method is None else OrderKind.CHANGE


def obstacle(snapshot: Snapshot, entitlement: Entitlement, today: date, catalog: Catalog) -> Closed | str | None:
    """Why it cannot be renewed by hand today: too late to change its automatic charge, or a sentence; None where it can.

    At most one term is paid ahead.
    """
    if entitlement.is_paid_ahead(today):
        return PAID_AHEAD
    if not is_sold(entitlement, catalog):
        return NOT_SOLD
    window = change_window(snapshot, today, catalog, entitlement.ends_on)
    return window if entitlement.renews and isinstance(window, Closed) else None


def is_sold(entitlement: Entitlement, catalog: Catalog) -> bool:
    """Without a plan on sale nothing can be renewed by hand at all: the page says so before it asks this."""
    product = catalog.product(entitlement.product)
    return entitlement.kind is ProductKind.SERVER or (product is not None and is_on_sale(product, entitlement.variant))


def nearest_months(months: int, offered: Iterable[int]) -> int:
    """The same months, or the nearest ones on offer; of two that are as near the shorter."""
    return min(offered, key=lambda each: (abs(each - months), each))


def is_meant(entitlement: Entitlement, server: Entitlement | None) -> bool:
    """Whether the form begins with its renewal: it ends with the server or earlier. What lasts longer has time."""
    return server is None or entitlement.ends_on <= server.ends_on
