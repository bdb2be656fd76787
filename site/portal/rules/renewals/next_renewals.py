"""What renews next and what has to be renewed by hand: one set of values for final screens, panels and mails, from the forecasts.

Yen include tax; dates are inclusive dates in Japan.
"""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from portal.catalog import Catalog
from portal.rules.orders.quote import Line, Quote
from portal.rules.renewals.charge_days import Charge
from portal.rules.renewals.forecast import ByHand, forecasts, with_renewal_method
from portal.rules.renewals.snapshot import Announced, Entitlement, RenewalMethod, Snapshot


@dataclass(frozen=True)
class Renewal:
    """Lines that are renewed together by one charge, with the dates and yen of the next term. `ends_on`: the end of the current one.

    `is_on_hold`: an open order is awaited first.
    """

    ends_on: date
    lines: tuple[Line, ...]
    charge: Charge
    is_on_hold: bool = False

    @property
    def yen(self) -> int:
        return sum(line.yen for line in self.lines)


@dataclass(frozen=True)
class NextRenewals:
    """`charged`: everything that the account is charged for next. `later`: options that renew only after their server has.

    `by_hand`: what does not renew automatically, each with its end and the reason.
    """

    charged: tuple[Renewal, ...] = ()
    later: tuple[Entitlement, ...] = ()
    by_hand: tuple[ByHand, ...] = ()


def next_renewals(snapshot: Snapshot, today: date, catalog: Catalog, about: Container[int] | None = None) -> NextRenewals:
    """`about`: list as `later` and `by_hand` only these subscriptions; charges are all listed, because one card or wallet pays them."""
    found = forecasts(snapshot, today, catalog)
    charged = tuple(Renewal(each.ends_on, each.group.quote.lines, each.charge, each.is_on_hold) for each in found if each.charge)
    later = (entitlement for each in found for entitlement in each.later if about is None or entitlement.subscription in about)
    by_hand = (mine for each in found for mine in each.by_hand if about is None or mine.entitlement.subscription in about)
    return NextRenewals(charged, tuple(later), tuple(by_hand))


def after_payment(
    snapshot: Snapshot, quote: Quote, today: date, renewal_method: RenewalMethod | None, *, adds: str = ""
) -> tuple[Snapshot, frozenset[int]]:
    """The account as it would be if this quote were paid today, and the ids of the paid subscriptions. New ones get negative ids.

    `renewal_method`: the card or wallet that pays; None for a transfer, which turns automatic renewal neither on nor off. `adds`: of an
    order of kind `add`, which leaves the contract's open order as it is.
    """
    turns_on = renewal_method is not None
    numbered = [(line.subscription or line.part_of or -number, line) for number, line in enumerate(quote.lines, 1)]
    old = {entitlement.subscription: entitlement for entitlement in snapshot.entitlements}
    paid = {number: _paid(line, number, old.get(number), today, turns_on=turns_on) for number, line in numbered}
    is_over = snapshot.reserved and snapshot.reserved.ends_on in _renewed_ends(quote.lines)
    after = replace(
        snapshot,
        entitlements=tuple((old | paid).values()),
        open_order=snapshot.open_order if adds else None,
        beside=tuple(order for order in snapshot.beside if order.adds != adds),
        reserved=None if is_over else snapshot.reserved,
        announced=_announced(snapshot, paid),
    )
    return with_renewal_method(after, renewal_method) if renewal_method else after, frozenset(paid)


def _paid(line: Line, number: int, old: Entitlement | None, today: date, *, turns_on: bool) -> Entitlement:
    renews = (turns_on and line.renews_by_default) or (old is not None and old.renews)
    if line.part_of and old:
        return with_added(replace(old, renews=renews), line)
    bought = (line.product, line.kind, line.variant, line.name, line.quantity, line.months, line.monthly_yen, line.yen)
    more = {"known_on": today, "common_name": line.common_name}
    return Entitlement(number, *bought, line.starts_on, line.ends_on, today, renews, line.is_last_time, **more)


def with_added(entitlement: Entitlement, line: Line) -> Entitlement:
    """With the devices of `line`, which are renewed with the others. If its next term is paid already, that has the old number."""
    if entitlement.ends_on != line.ends_on or line.monthly_yen is None:
        return entitlement
    yen = entitlement.yen + line.monthly_yen * line.quantity * entitlement.months
    return replace(entitlement, quantity=entitlement.quantity + line.quantity, yen=yen, added=entitlement.added + line.quantity)


def _announced(snapshot: Snapshot, paid: Mapping[int, Entitlement]) -> Mapping[date, Announced]:
    """What notices said of the next charge, with the devices that were added since: the final screen said what those cost."""
    before = {entitlement.subscription: entitlement for entitlement in snapshot.entitlements}
    found = dict(snapshot.announced)
    for number, now in paid.items():
        old = before.get(number)
        if old and now.added != old.added and now.ends_on in found:
            found[now.ends_on] = found[now.ends_on].with_more(number, now.yen - old.yen)
    return found


def _renewed_ends(lines: Iterable[Line]) -> set[date | None]:
    return {line.previous_end for line in lines if line.subscription}
