"""The content of an automatic charge: products, months and prices; what is left out and why. Yen include tax.

Until the 30-day notice the catalog's price applies; after it, at most the announced price; without a notice, at most the last term's
price. A period that is no longer sold renews once more at the agreed price; a withdrawn product does not renew. A server renews with the
account's plan.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never

from portal.catalog import Catalog, Certificate, Option, PerDevice, Server
from portal.enums import ProductKind
from portal.rules.orders.prices import Price, is_on_sale, price
from portal.rules.orders.quote import Line
from portal.rules.orders.terms import following
from portal.rules.renewals.snapshot import Entitlement, Reserved, Snapshot

NOT_SOLD = "お取り扱いを終了したため、更新できません。続けてのご利用については、お問い合わせ窓口へご連絡ください。"
MONTHS_GONE = "いまの契約期間のお取り扱いを終了したため、自動更新されません。契約期間を選び直して、更新のお手続きをお願いします。"
WITHOUT_SERVER = "サーバーの契約が先に終わるか、同じ日に終わるため、サーバーを更新された場合にかぎり、自動更新されます。"


@dataclass(frozen=True)
class LeftOut:
    """An auto-renewing product that cannot be charged, with the reason in Japanese.

    `subscription` is None for a new option that was reserved for this charge.
    """

    name: str
    ends_on: date
    reason: str
    subscription: int | None


@dataclass(frozen=True)
class RenewalQuote:
    """The lines of one automatic charge. Yen include tax."""

    ends_on: date
    lines: tuple[Line, ...]
    left_out: tuple[LeftOut, ...] = ()

    @property
    def yen(self) -> int:
        return sum(line.yen for line in self.lines)

    @property
    def subscriptions(self) -> frozenset[int]:
        return frozenset(line.subscription for line in self.lines if line.subscription is not None)


def renewal_quote(snapshot: Snapshot, ends_on: date, catalog: Catalog, *, may_rise: bool) -> RenewalQuote:
    """The automatic charge for `ends_on`. `may_rise`: the 30-day notice was not sent yet, so a price rise of the catalog applies."""
    reserved = snapshot.reserved if snapshot.reserved and snapshot.reserved.ends_on == ends_on else None
    lines, left_out = [], []
    for entitlement in snapshot.ending(ends_on):
        if not entitlement.renews or (reserved and entitlement.subscription in reserved.dropped):
            continue
        line = _reserved_line(snapshot, entitlement, catalog) or _line(snapshot, entitlement, catalog, may_rise)
        (lines if isinstance(line, Line) else left_out).append(line)
    for line in _new_lines(snapshot, reserved):
        is_available = is_product_sold(line.product, line.variant, catalog, snapshot.plan)
        (lines if is_available else left_out).append(line if is_available else LeftOut(line.label, ends_on, NOT_SOLD, None))
    return _with_server(snapshot, RenewalQuote(ends_on, tuple(lines), tuple(left_out)))


def _new_lines(snapshot: Snapshot, reserved: Reserved | None) -> list[Line]:
    """Reserved new products, without those that were bought meanwhile, or are in an open order of kind `add`. Only certificates may be
    owned more than once.
    """
    owned = {entitlement.product for entitlement in snapshot.entitlements if entitlement.kind is not ProductKind.CERTIFICATE}
    owned |= {order.adds for order in snapshot.beside}
    return [line for line in reserved.lines if line.subscription is None and line.product not in owned] if reserved else []


def _with_server(snapshot: Snapshot, found: RenewalQuote) -> RenewalQuote:
    """An option is charged only if its server is paid beyond the option's end or is renewed in the same order."""
    server = snapshot.server
    has_server = server and (server.ends_on > found.ends_on or server.subscription in found.subscriptions)
    if has_server:
        return found
    refused = tuple(LeftOut(line.label, found.ends_on, WITHOUT_SERVER, line.subscription) for line in found.lines if line.subscription)
    return RenewalQuote(found.ends_on, (), found.left_out + refused)


def _line(snapshot: Snapshot, entitlement: Entitlement, catalog: Catalog, may_rise: bool) -> Line | LeftOut:
    if not is_product_sold(entitlement.product, entitlement.variant, catalog, snapshot.plan):
        return LeftOut(entitlement.label, entitlement.ends_on, NOT_SOLD, entitlement.subscription)
    entitlement = _with_plan(entitlement, snapshot.plan, catalog)
    current = _price(entitlement, catalog)
    if current is None and entitlement.is_last_time:
        return LeftOut(entitlement.label, entitlement.ends_on, MONTHS_GONE, entitlement.subscription)
    monthly, yen = (current.monthly_yen, current.yen) if current else (entitlement.monthly_yen, entitlement.yen)
    if may_rise or yen <= (limit := _price_limit(snapshot, entitlement)):
        return _renewal(entitlement, catalog, monthly, yen, is_last_time=current is None)
    return _renewal(entitlement, catalog, _per_month(entitlement, limit), limit, is_last_time=current is None)


def _with_plan(entitlement: Entitlement, plan_id: str, catalog: Catalog) -> Entitlement:
    """A server renews with the account's plan, which staff may have changed since its last term."""
    if entitlement.kind is not ProductKind.SERVER or entitlement.variant == plan_id:
        return entitlement
    return replace(entitlement, variant=plan_id, name=catalog.plan(plan_id).name)


def _reserved_line(snapshot: Snapshot, entitlement: Entitlement, catalog: Catalog) -> Line | None:
    """The reserved line at its agreed price, or at the catalog's if that is lower now."""
    found = snapshot.reserved.lines if snapshot.reserved and snapshot.reserved.ends_on == entitlement.ends_on else ()
    line = next((line for line in found if line.subscription == entitlement.subscription), None)
    if line is None or not is_product_sold(entitlement.product, entitlement.variant, catalog, snapshot.plan):
        return None
    current = _price(replace(entitlement, variant=line.variant, months=line.months, quantity=line.quantity), catalog)
    return replace(line, monthly_yen=current.monthly_yen, yen=current.yen) if current and current.yen < line.yen else line


def _price_limit(snapshot: Snapshot, entitlement: Entitlement) -> int:
    """The highest price that may be charged, in yen: the announced one, else the last term's."""
    announced = snapshot.announced.get(entitlement.ends_on)
    return announced.yen.get(entitlement.subscription, entitlement.yen) if announced else entitlement.yen


def is_sold(snapshot: Snapshot, entitlement: Entitlement, catalog: Catalog) -> bool:
    """True if this subscription can still be renewed: its product, plan or kind was not withdrawn."""
    return is_product_sold(entitlement.product, entitlement.variant, catalog, snapshot.plan)


def withdrawn(snapshot: Snapshot, entitlements: Iterable[Entitlement], catalog: Catalog) -> tuple[str, ...]:
    """The names of those that nobody can renew any more."""
    return tuple(entitlement.label for entitlement in entitlements if not is_sold(snapshot, entitlement, catalog))


def is_product_sold(product_id: str, variant: str, catalog: Catalog, plan: str) -> bool:
    """True if the product is on sale. A server is renewed with the account's `plan`."""
    product = catalog.product(product_id)
    match product:
        case None:
            return False
        case Server():
            return is_on_sale(product, plan)
        case Certificate() | Option() | PerDevice():
            return is_on_sale(product, variant)
        case _:
            assert_never(product)


def _price(entitlement: Entitlement, catalog: Catalog) -> Price | None:
    """The catalog's current price; None if this period or quantity is no longer sold."""
    product = catalog.product(entitlement.product)
    return product and price(product, entitlement.variant, entitlement.months, entitlement.quantity)


def _per_month(entitlement: Entitlement, yen: int) -> int | None:
    return None if entitlement.monthly_yen is None else yen // (entitlement.months * entitlement.quantity)


def _renewal(entitlement: Entitlement, catalog: Catalog, monthly_yen: int | None, yen: int, *, is_last_time: bool) -> Line:
    product = catalog.product(entitlement.product)
    by_default = product is not None and product.renews
    span = following(entitlement.ends_on, entitlement.months)
    product_values = (entitlement.product, entitlement.kind, entitlement.variant, entitlement.name, entitlement.quantity)
    return Line(
        *product_values,
        entitlement.months,
        monthly_yen,
        yen,
        span.starts_on,
        span.ends_on,
        entitlement.subscription,
        is_last_time,
        by_default,
        common_name=entitlement.common_name,
    )
