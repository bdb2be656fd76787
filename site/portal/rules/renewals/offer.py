"""The content of the final confirmation: lines, price, and each automatic renewal that follows. Yen include tax.

The law requires these on the screen whose button completes the application (特定商取引法12条の6).
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
    """Lines that end on one day and are renewed together by one charge. `charge` is None if the customer must renew by hand."""

    ends_on: date
    lines: tuple[Line, ...]
    charge: Charge | None

    @property
    def yen(self) -> int:
        return sum(line.yen for line in self.lines)


@dataclass(frozen=True)
class Offer:
    """One order as it would be placed today. Yen include tax; dates are inclusive dates in Japan.

    `renewal_method` is the account's method before this payment. `late`: lines that renew terms that have ended. `drops_reservation`:
    this order replaces the reservation for the next charge.
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
        """The renewal method, if this payment does not change it: a bank transfer never does."""
        return self.renewal_method if row_of(self.method).is_paid_later else None

    @property
    def begins(self) -> tuple[Line, ...]:
        """New purchases: their term begins when the order is paid."""
        return tuple(line for line in self.quote.lines if line.subscription is None and not line.is_undone)


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
    """The offer for paying `quote` today with `method`. A bank transfer turns automatic renewal neither on nor off.

    `renewal_method`: the account's method before this payment; `renewing`: ids of its auto-renewing subscriptions.
    """
    automatic = [line for line in quote.lines if _renews(line, method, renewal_method, renewing)]
    by_end = groupby(sorted(automatic, key=lambda line: line.ends_on), key=lambda line: line.ends_on)
    next_method, day = (
        (renewal_method.method, renewal_method.wallet_day) if renewal_method and row_of(method).is_paid_later else (method, wallet_day)
    )
    charges = {line.ends_on: first_charge(next_method, line.ends_on, today, day, numbers=numbers) for line in automatic}
    renewals = tuple(Renewal(ends_on, tuple(lines), charges[ends_on]) for ends_on, lines in by_end)
    by_hand = tuple(line for line in quote.lines if line not in automatic)
    late = tuple(line for line in quote.lines if line.subscription and line.starts_on < today)
    drops = reserved is not None and reserved.ends_on in [line.previous_end for line in quote.lines]
    return Offer(quote, method, renewals, by_hand, yearly_yen(quote), renewal_method, late, drops)


def _renews(line: Line, method: Method, renewal_method: RenewalMethod | None, renewing: Container[int]) -> bool:
    """True if the line will renew automatically. A card or wallet turns it on, except for products that do not renew by default:
    they keep their setting, as all do for a transfer. A period that is no longer sold renews only once.
    """
    if line.is_last_time:
        return False
    is_on = line.subscription is not None and line.subscription in renewing
    return (renewal_method is not None and is_on) if row_of(method).is_paid_later else (line.renews_by_default or is_on)


def replanned(quote: Quote, starts_on: date) -> Quote:
    """The quote of an order that is paid later than it was placed: new purchases begin on `starts_on`, at the same prices.

    Renewals keep their days, even if they are paid late (the company's guide); so does what was paid before and undone.
    """
    lines = tuple(line if line.subscription or line.is_undone else _begun(line, starts_on) for line in quote.lines)
    return replace(quote, lines=lines)


def _begun(line: Line, starts_on: date) -> Line:
    return replace(line, starts_on=starts_on, ends_on=term_end(starts_on, line.months))
