"""What the customer is asked to agree to on the final confirmation: the lines, the money now, and every renewal that follows.

The law wants these on the screen whose button completes the application (特定商取引法12条の6); the page prints them from here.
"""

from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from portal.catalog import RenewalNumbers
from portal.rules.quote import Line, Quote, yearly_yen
from portal.rules.renewal import Charge, first_charge
from portal.rules.terms import term_end
from portal.words import Method, Product


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
    """One order as it would be placed today. Yen include tax; dates are inclusive dates in Japan."""

    quote: Quote
    method: Method
    renewals: tuple[Renewal, ...]
    by_hand: tuple[Line, ...]
    yearly_yen: int | None

    @property
    def renews(self) -> bool:
        return any(renewal.charge for renewal in self.renewals)


def offer(quote: Quote, method: Method, today: date, *, numbers: RenewalNumbers, wallet_day: int | None = None) -> Offer:
    """The offer for paying `quote` today with `method`. A bank transfer renews nothing by itself."""
    renewing = [] if method is Method.BANK else [line for line in quote.lines if line.product is not Product.SSL]
    by_end = groupby(sorted(renewing, key=lambda line: line.ends_on), key=lambda line: line.ends_on)
    charges = {line.ends_on: first_charge(method, line.ends_on, today, wallet_day, numbers=numbers) for line in renewing}
    renewals = tuple(Renewal(ends_on, tuple(lines), charges[ends_on]) for ends_on, lines in by_end)
    by_hand = tuple(line for line in quote.lines if line not in renewing)
    return Offer(quote, method, renewals, by_hand, yearly_yen(quote))


def replanned(quote: Quote, starts_on: date) -> Quote:
    """The same lines at the same prices, beginning on another day: an order that is paid later than it was placed.

    What renews something keeps its days: paying late does not move the period.
    """
    lines = tuple(line if line.subscription else _begun(line, starts_on) for line in quote.lines)
    return replace(quote, lines=lines)


def _begun(line: Line, starts_on: date) -> Line:
    return replace(line, starts_on=starts_on, ends_on=term_end(starts_on, line.months))
