"""More devices from now on: added to the running term of a subscription, until its end. Yen include tax; dates are inclusive, in Japan."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from portal.catalog import Catalog, PerDevice
from portal.rules.orders.prices import price
from portal.rules.orders.quote import Line, Quote
from portal.rules.orders.tax import tax_inside
from portal.rules.renewals.snapshot import Entitlement


@dataclass(frozen=True)
class Period:
    """A paid term. `quantity` counts the devices that were `added` during it."""

    starts_on: date
    ends_on: date
    quantity: int
    added: int = 0


@dataclass(frozen=True)
class Running:
    """The term that is running: `devices` until `ends_on`, those that were added during it counted."""

    entitlement: Entitlement
    devices: int
    ends_on: date

    @property
    def is_paid_ahead(self) -> bool:
        """True if its next term is paid: that has the old number, whatever is added now."""
        return self.entitlement.starts_on > self.ends_on


def running(entitlement: Entitlement, periods: Iterable[Period], today: date) -> Running | None:
    """`periods`: the known terms. None if no paid term is running, or the product is 停止中."""
    found = next((period for period in periods if period.starts_on <= today <= period.ends_on), None)
    if found is None or entitlement.is_undone or entitlement.stopped_on:
        return None
    return Running(entitlement, found.quantity, found.ends_on)


def months_left(today: date, ends_on: date) -> int:
    """Calendar months from this one to that of the end, both included: on 2026-11-29 until 2027-01-31 it is 3."""
    return (ends_on.year - today.year) * 12 + ends_on.month - today.month + 1


def price_of_more(running: Running, product: PerDevice, today: date) -> tuple[int, int] | None:
    """The months that are left, and the yen of one device for one month: the catalog's for the period that runs, else what was agreed.

    None if no more are sold.
    """
    found = price(product, "", running.entitlement.months, 1)
    monthly = found.monthly_yen if found else running.entitlement.monthly_yen
    if not product.is_sold or monthly is None or running.devices >= product.max_devices:
        return None
    return months_left(today, running.ends_on), monthly


def added_devices(running: Running, product: PerDevice, more: int, today: date, catalog: Catalog) -> Quote | None:
    """`more` devices for the rest of the running term. None if so many are not sold."""
    found = price_of_more(running, product, today)
    if found is None or not 1 <= more <= product.max_devices - running.devices:
        return None
    months, monthly = found
    yen = monthly * months * more
    line = Line(
        product.id,
        product.kind,
        "",
        product.name,
        more,
        months,
        monthly,
        yen,
        today,
        running.ends_on,
        renews_by_default=product.renews,
        part_of=running.entitlement.subscription,
    )
    return Quote((line,), yen, tax_inside(yen, catalog.tax_percent), catalog.tax_percent)
