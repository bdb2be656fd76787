"""The content of the final confirmation: lines, price, and each automatic renewal that follows. Yen include tax.

The law requires these on the screen whose button completes the application (特定商取引法12条の6).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from portal.catalog import Catalog
from portal.enums import Method
from portal.rules.orders.quote import Line, Quote, yearly_yen
from portal.rules.orders.terms import term_end
from portal.rules.payments.methods import row_of
from portal.rules.renewals.next_renewals import NextRenewals, after_payment, next_renewals
from portal.rules.renewals.snapshot import RenewalMethod, Snapshot


@dataclass(frozen=True)
class Offer:
    """One order as it would be placed today. Yen include tax; dates are inclusive dates in Japan.

    `upcoming`: what would follow if it were paid today. `renewal_method` is the account's method before this payment. `late`: lines
    that renew terms that have ended. `drops_reservation`: this order replaces the reservation for the next charge.
    `devices_now`: subscription -> number of devices, where this order changes it. `changes_method`: its card or wallet pays automatic
    renewals from now on; False for a transfer, and for an order of kind `add` whose customer did not ask for it.
    """

    quote: Quote
    method: Method
    upcoming: NextRenewals
    yearly_yen: int | None
    renewal_method: RenewalMethod | None = None
    late: tuple[Line, ...] = ()
    drops_reservation: bool = False
    devices_now: Mapping[int, int] = field(default_factory=dict)
    changes_method: bool = True

    @property
    def renews(self) -> bool:
        return bool(self.upcoming.charged)

    @property
    def kept(self) -> RenewalMethod | None:
        """The renewal method, if this payment does not change it: a bank transfer never does."""
        return None if self.changes_method else self.renewal_method

    @property
    def begins(self) -> tuple[Line, ...]:
        """New purchases: their term begins when the order is paid."""
        return tuple(line for line in self.quote.lines if line.subscription is None and not line.is_undone)


def offer(
    quote: Quote,
    method: Method,
    today: date,
    snapshot: Snapshot,
    catalog: Catalog,
    *,
    wallet_day: int | None = None,
    adds: str = "",
    keeps_method: bool = True,
) -> Offer:
    """The offer for paying `quote` today with `method`. `snapshot`: the account before this payment.

    All that the card or wallet will be charged for is listed. A payment that changes no method changes no charge of other subscriptions,
    so only the order's own are. `adds`, `keeps_method`: of an order of kind `add`.
    """
    changes, before = keeps_method and not row_of(method).is_paid_later, snapshot.renewal_method
    paying = RenewalMethod(method, today, wallet_day, known_on=today) if changes else None
    after, paid = after_payment(snapshot, quote, today, paying, adds=adds)
    upcoming = next_renewals(after, today, catalog, paid)
    if not changes:
        ends = {entitlement.ends_on for entitlement in after.entitlements if entitlement.subscription in paid}
        upcoming = replace(upcoming, charged=tuple(renewal for renewal in upcoming.charged if renewal.ends_on in ends))
    late = tuple(line for line in quote.lines if line.subscription and line.starts_on < today)
    drops = snapshot.reserved is not None and after.reserved is None
    owned = {entitlement.subscription: entitlement.quantity for entitlement in snapshot.entitlements}
    devices = {number: owned[number] for line in quote.lines if (number := line.subscription) in owned and owned[number] != line.quantity}
    yearly = None if any(line.part_of for line in quote.lines) else yearly_yen(quote)
    return Offer(quote, method, upcoming, yearly, before, late, drops, devices, changes)


def replanned(quote: Quote, starts_on: date) -> Quote:
    """The quote of an order that is paid later than it was placed: new purchases begin on `starts_on`, at the same prices.

    Renewals keep their days, even if they are paid late (the company's guide); so does what was paid before and undone. Devices that are
    added to a running term end with it.
    """
    lines = tuple(line if line.subscription or line.is_undone else _begun(line, starts_on) for line in quote.lines)
    return replace(quote, lines=lines)


def _begun(line: Line, starts_on: date) -> Line:
    if line.part_of:
        return replace(line, starts_on=starts_on)
    return replace(line, starts_on=starts_on, ends_on=term_end(starts_on, line.months))
