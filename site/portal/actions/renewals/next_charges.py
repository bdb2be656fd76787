"""The next automatic charges, by contract end, for mails about a payment or a change."""

from dataclasses import dataclass
from itertools import groupby

from models import Account, Order, OrderLine, Term
from portal.actions.renewals.snapshot import snapshot_of
from portal.catalog import RenewalNumbers
from portal.rules.renewals.charge_plan import charge_plan
from portal.rules.renewals.offer import Renewal
from portal.rules.renewals.snapshot import Snapshot


@dataclass(frozen=True)
class PaidOrder:
    """A paid order's lines with their final days: those that renew automatically, by end, and those to renew by hand."""

    lines: tuple[OrderLine, ...]
    renewals: tuple[Renewal, ...]
    by_hand: tuple[OrderLine, ...]


def renewals_of(snapshot: Snapshot, numbers: RenewalNumbers) -> tuple[Renewal, ...]:
    """The next charge of each end of the account. `charge` is None if the customer must renew by hand."""
    found = {end: [entitlement for entitlement in snapshot.ending(end) if entitlement.renews] for end in snapshot.ends}
    return tuple(
        Renewal(end, tuple(entitlements), charge_plan(snapshot, end, numbers).charge) for end, entitlements in found.items() if entitlements
    )


def paid_order(account: Account, order: Order, numbers: RenewalNumbers) -> PaidOrder:
    """The paid order with its next charges. Call it after the terms were created."""
    terms = {term.order_line_id: term for term in order.terms}
    lines = tuple(_with_term(line, terms[line.id]) for line in order.lines.order_by(OrderLine.position))
    snapshot = snapshot_of(account)
    renewing = {entitlement.subscription for entitlement in snapshot.entitlements if entitlement.renews and snapshot.renewal_method}
    automatic = [line for line in lines if terms[line.id].subscription_id in renewing]
    by_end = groupby(sorted(automatic, key=lambda line: line.ends_on), key=lambda line: line.ends_on)
    renewals = tuple(Renewal(ends_on, tuple(found), charge_plan(snapshot, ends_on, numbers).charge) for ends_on, found in by_end)
    return PaidOrder(lines, renewals, tuple(line for line in lines if line not in automatic))


def _with_term(line: OrderLine, term: Term) -> OrderLine:
    """The line with the days of its term, which may be later than planned."""
    line.starts_on, line.ends_on = term.starts_on, term.ends_on
    return line
