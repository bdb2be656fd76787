"""What is charged next by itself, end by end, as a mail about a payment or a change says it."""

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
    """What of a paid order renews by itself, by its end, and what does not. The `lines` have the days that were paid for."""

    lines: tuple[OrderLine, ...]
    renewals: tuple[Renewal, ...]
    by_hand: tuple[OrderLine, ...]


def renewals_of(snapshot: Snapshot, numbers: RenewalNumbers) -> tuple[Renewal, ...]:
    """Of everything that the account has; `charge` is None where the customer has to act."""
    found = {end: [entitlement for entitlement in snapshot.ending(end) if entitlement.renews] for end in snapshot.ends}
    return tuple(
        Renewal(end, tuple(entitlements), charge_plan(snapshot, end, numbers).charge) for end, entitlements in found.items() if entitlements
    )


def paid_order(account: Account, order: Order, numbers: RenewalNumbers) -> PaidOrder:
    """Call it once the terms exist."""
    terms = {term.order_line_id: term for term in order.terms}
    lines = tuple(_as_begun(line, terms[line.id]) for line in order.lines.order_by(OrderLine.position))
    snapshot = snapshot_of(account)
    bought = {entitlement.subscription for entitlement in snapshot.entitlements if entitlement.renews and snapshot.renewal_method}
    going_on = [line for line in lines if terms[line.id].subscription_id in bought]
    by_end = groupby(sorted(going_on, key=lambda line: line.ends_on), key=lambda line: line.ends_on)
    renewals = tuple(Renewal(ends_on, tuple(found), charge_plan(snapshot, ends_on, numbers).charge) for ends_on, found in by_end)
    return PaidOrder(lines, renewals, tuple(line for line in lines if line not in going_on))


def _as_begun(line: OrderLine, term: Term) -> OrderLine:
    """Its planned days may have passed before it was paid."""
    line.starts_on, line.ends_on = term.starts_on, term.ends_on
    return line
