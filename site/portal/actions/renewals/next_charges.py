"""The lines of a paid order and what renews next, for the completion mail."""

from collections.abc import Iterable
from dataclasses import replace

from models import Account, Order, OrderLine, Term
from portal import clock
from portal.actions.renewals.snapshot import snapshot_of
from portal.catalog import Catalog
from portal.rules.renewals.next_renewals import NextRenewals, next_renewals
from portal.rules.renewals.snapshot import Snapshot


def paid_lines(terms: Iterable[Term]) -> tuple[OrderLine, ...]:
    """The paid lines with the days of their terms, which may be later than planned."""
    return tuple(_with_term(term.order_line, term) for term in terms)


def after_order(snapshot: Snapshot, order: Order, terms: Iterable[Term], catalog: Catalog) -> NextRenewals:
    """All next charges of the account; of what does not renew, only the order's. The snapshot was read after the terms were created.

    After an addition, without charges that wait for the contract's open order: that one's own mail says what comes then.
    """
    paid = {term.subscription.part_of_id or term.subscription_id for term in terms}
    found = next_renewals(snapshot, clock.today(), catalog, paid)
    if not order.is_addition:
        return found
    return replace(found, charged=tuple(renewal for renewal in found.charged if not renewal.is_on_hold))


def upcoming(account: Account, catalog: Catalog) -> NextRenewals:
    """The same for the whole account: of what does not renew, only where automatic renewal is on."""
    snapshot = snapshot_of(account)
    renewing = {entitlement.subscription for entitlement in snapshot.entitlements if entitlement.renews}
    return next_renewals(snapshot, clock.today(), catalog, renewing)


def _with_term(line: OrderLine, term: Term) -> OrderLine:
    line.starts_on, line.ends_on = term.starts_on, term.ends_on
    return line
