"""What the customer is asked to agree to on the final confirmation: the lines, the money now, and every renewal that follows.

The law wants these on the screen whose button completes the application (特定商取引法12条の6); the page prints them from here.
"""

from collections.abc import Container
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from portal.catalog import RenewalNumbers
from portal.enums import Method
from portal.rules.orders.quote import Line, Quote, yearly_yen
from portal.rules.orders.terms import term_end
from portal.rules.payments.methods import row_of
from portal.rules.renewals.charge_days import Charge, first_charge
from portal.rules.renewals.snapshot import RenewalMethod, Reserved


@dataclass(frozen=True)
class Renewal:
    """What ends on one day and is renewed together: one order, one charge. `charge` is None where the customer has to act."""

    ends_on: date
    lines: tuple[Line, ...]
    charge: Charge | None

    @property
    def yen(self) -> int:
        return sum(line.yen for line in self.lines)


@dataclass(frozen=True)
class Offer:
    """One order as it would be placed today. Yen include tax; dates are inclusive dates in Japan.

    `means` is how the account has renewed until now; `late` is what it renews after its end, on its old date. `drops_reservation`: what
    was reserved for the next charge is paid by this.
    """

    quote: Quote
    method: Method
    renewals: tuple[Renewal, ...]
    by_hand: tuple[Line, ...]
    yearly_yen: int | None
    renewal_method: RenewalMethod | None = None
    late: tuple[Line, ...] = ()
    drops_reservation: bool = False

    @property
    def renews(self) -> bool:
        return any(renewal.charge for renewal in self.renewals)

    @property
    def kept(self) -> RenewalMethod | None:
        """How the account goes on renewing where this payment leaves that as it is: a bank transfer never changes it."""
        return self.renewal_method if row_of(self.method).is_paid_later else None

    @property
    def begins(self) -> tuple[Line, ...]:
        """What is new, and begins when it is paid."""
        return tuple(line for line in self.quote.lines if line.subscription is None)


def offer(
    quote: Quote,
    method: Method,
    today: date,
    *,
    numbers: RenewalNumbers,
    wallet_day: int | None = None,
    renewal_method: RenewalMethod | None = None,
    renewing: Container[int] = (),
    reserved: Reserved | None = None,
) -> Offer:
    """The offer for paying `quote` today with `method`. A bank transfer turns no renewal on, and none off.

    `means` is how the account renews until now, `renewing` the subscriptions that do, `reserved` what the next charge was to be.
    """
    by_itself = [line for line in quote.lines if _renews(line, method, renewal_method, renewing)]
    by_end = groupby(sorted(by_itself, key=lambda line: line.ends_on), key=lambda line: line.ends_on)
    then, day = (
        (renewal_method.method, renewal_method.wallet_day) if renewal_method and row_of(method).is_paid_later else (method, wallet_day)
    )
    charges = {line.ends_on: first_charge(then, line.ends_on, today, day, numbers=numbers) for line in by_itself}
    renewals = tuple(Renewal(ends_on, tuple(lines), charges[ends_on]) for ends_on, lines in by_end)
    by_hand = tuple(line for line in quote.lines if line not in by_itself)
    late = tuple(line for line in quote.lines if line.subscription and line.starts_on < today)
    drops = reserved is not None and reserved.ends_on in [line.previous_end for line in quote.lines]
    return Offer(quote, method, renewals, by_hand, yearly_yen(quote), renewal_method, late, drops)


def _renews(line: Line, method: Method, renewal_method: RenewalMethod | None, renewing: Container[int]) -> bool:
    """A product that does not renew by default keeps its own switch; a card or a wallet turns on any other, a transfer none.

    Months that are not sold any more renew no second time.
    """
    if line.is_last_time:
        return False
    is_on = line.subscription is not None and line.subscription in renewing
    return (renewal_method is not None and is_on) if row_of(method).is_paid_later else (line.renews_by_default or is_on)


def replanned(quote: Quote, starts_on: date) -> Quote:
    """The same lines at the same prices, beginning on another day: an order that is paid later than it was placed.

    What renews something keeps its days: paying late does not move the period.
    """
    lines = tuple(line if line.subscription else _begun(line, starts_on) for line in quote.lines)
    return replace(quote, lines=lines)


def _begun(line: Line, starts_on: date) -> Line:
    return replace(line, starts_on=starts_on, ends_on=term_end(starts_on, line.months))
