"""What an automatic charge consists of: which products, for how many months, at which price, and what is left out and why.

Prices: those of the catalog up to the 30-day notice; from then on never more than the notice said, without one never more than
the confirmation (the last term). Months that have left the catalog renew once more at the agreed price; a withdrawn product does not.
"""

from dataclasses import dataclass, replace
from datetime import date

from portal.catalog import Catalog
from portal.enums import Product
from portal.rules.orders.quote import Line
from portal.rules.orders.terms import following
from portal.rules.renewals.snapshot import Facts, Holding

NOT_SOLD = "お取り扱いを終了したため、自動更新されません。"
MONTHS_GONE = "いまの契約期間のお取り扱いを終了したため、自動更新されません。契約期間を選び直して、更新のお手続きをお願いします。"
WITHOUT_SERVER = "サーバーの契約が同じ日までに終わるため、自動更新されません。"


@dataclass(frozen=True)
class LeftOut:
    """A product that would renew by itself and is not charged, with the reason in Japanese."""

    name: str
    ends_on: date
    reason: str
    subscription: int


@dataclass(frozen=True)
class Basket:
    """What is renewed together: one order, one charge, one mail. Yen include tax."""

    ends_on: date
    lines: tuple[Line, ...]
    left_out: tuple[LeftOut, ...] = ()

    @property
    def yen(self) -> int:
        return sum(line.yen for line in self.lines)

    @property
    def subscriptions(self) -> frozenset[int]:
        return frozenset(line.subscription for line in self.lines if line.subscription is not None)


def basket(facts: Facts, ends_on: date, catalog: Catalog, *, may_rise: bool) -> Basket:
    """What is charged for all that ends on that day. `may_rise`: the 30-day notice is still to come, and a dearer catalog counts."""
    reserved = facts.reserved if facts.reserved and facts.reserved.ends_on == ends_on else None
    lines, left_out = [], []
    for holding in facts.ending(ends_on):
        if not holding.renews or (reserved and holding.subscription in reserved.dropped):
            continue
        line = _reserved_line(facts, holding, catalog) or _line(facts, holding, catalog, may_rise)
        (lines if isinstance(line, Line) else left_out).append(line)
    if reserved:
        lines += [line for line in reserved.lines if line.subscription is None and not _has_one(facts, line)]
    return _with_server(facts, Basket(ends_on, tuple(lines), tuple(left_out)))


def _has_one(facts: Facts, line: Line) -> bool:
    """Whether a new option was bought since it was reserved; only certificates may be had more than once."""
    return line.product is not Product.SSL and any(holding.product is line.product for holding in facts.holdings)


def _with_server(facts: Facts, found: Basket) -> Basket:
    """An option is charged only if its server is paid beyond the option's end or is renewed in the same order."""
    server = facts.server
    is_there = server and (server.ends_on > found.ends_on or server.subscription in found.subscriptions)
    if is_there:
        return found
    alone = tuple(LeftOut(line.name, found.ends_on, WITHOUT_SERVER, line.subscription) for line in found.lines if line.subscription)
    return Basket(found.ends_on, (), found.left_out + alone)


def _line(facts: Facts, holding: Holding, catalog: Catalog, may_rise: bool) -> Line | LeftOut:
    if not _is_sold(holding, catalog, facts.plan):
        return LeftOut(holding.name, holding.ends_on, NOT_SOLD, holding.subscription)
    price = _price(holding, catalog)
    if price is None and holding.is_last_time:
        return LeftOut(holding.name, holding.ends_on, MONTHS_GONE, holding.subscription)
    monthly, yen = price or (holding.monthly_yen, holding.yen)
    if may_rise or yen <= (most := _most(facts, holding)):
        return _renewal(holding, monthly, yen, is_last_time=price is None)
    return _renewal(holding, _per_month(holding, most), most, is_last_time=price is None)


def _reserved_line(facts: Facts, holding: Holding, catalog: Catalog) -> Line | None:
    """As it was agreed to when it was reserved, or cheaper."""
    found = facts.reserved.lines if facts.reserved and facts.reserved.ends_on == holding.ends_on else ()
    line = next((line for line in found if line.subscription == holding.subscription), None)
    if line is None or not _is_sold(holding, catalog, facts.plan):
        return None
    price = _price(replace(holding, months=line.months, quantity=line.quantity), catalog)
    return replace(line, monthly_yen=price[0], yen=price[1]) if price and price[1] < line.yen else line


def _most(facts: Facts, holding: Holding) -> int:
    announced = facts.announced.get(holding.ends_on)
    return announced.yen.get(holding.subscription, holding.yen) if announced else holding.yen


def _is_sold(holding: Holding, catalog: Catalog, plan: str) -> bool:
    match holding.product:
        case Product.SERVER:
            return any(sold.id == plan for sold in catalog.plans)
        case Product.SSL:
            return any(kind.id == holding.variant for kind in catalog.ssl_kinds)
        case _:
            return True


def _price(holding: Holding, catalog: Catalog) -> tuple[int | None, int] | None:
    """Yen for one month of one, and in all, as the catalog has it now; None where these months (or so many) are not sold any more."""
    match holding.product:
        case Product.SERVER:
            plan = next((plan for plan in catalog.plans if plan.id == holding.variant), None)
            return (plan.monthly_yen[holding.months], plan.total_yen(holding.months)) if plan and holding.months in plan.months else None
        case Product.SSL:
            kind = catalog.ssl_kind(holding.variant)
            return (None, kind.yen) if kind.months == holding.months else None
        case Product.BACKUP:
            backup = catalog.backup
            return (backup.monthly_yen[holding.months], backup.total_yen(holding.months)) if holding.months in backup.months else None
    device = catalog.device
    if holding.months not in device.months or holding.quantity > device.max_devices:
        return None
    return device.monthly_yen[holding.months], device.total_yen(holding.quantity, holding.months)


def _per_month(holding: Holding, yen: int) -> int | None:
    return None if holding.monthly_yen is None else yen // (holding.months * holding.quantity)


def _renewal(holding: Holding, monthly_yen: int | None, yen: int, *, is_last_time: bool) -> Line:
    span = following(holding.ends_on, holding.months)
    bought = (holding.product, holding.variant, holding.name, holding.quantity, holding.months, monthly_yen, yen)
    return Line(*bought, span.starts_on, span.ends_on, holding.subscription, is_last_time)
