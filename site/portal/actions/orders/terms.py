"""Creates the terms of a paid order, and their events for the hosting system. Called inside the transaction that marks it paid."""

from datetime import date

from models import Account, Order, OrderLine, Subscription, Term
from portal import clock
from portal.actions.hosting import events
from portal.enums import HostingEventKind
from portal.rules.orders.terms import Span, following, span

BOUGHT = ("product", "kind", "variant", "name", "quantity")


def begin_term(order: Order, account: Account, line: OrderLine, begins_on: date | None, *, renews: bool) -> Term:
    """Create the term of one paid line. A renewal follows the last term, even if it is paid late; a new purchase starts on `begins_on`.

    `begins_on` None: a new purchase starts on its planned day (automatic orders). `renews`: the payment turns automatic renewal on.
    """
    if line.subscription_id:
        return _renew(order, line, renews)
    bought = {name: getattr(line, name) for name in BOUGHT}
    auto_renews = renews and line.renews_by_default
    subscription = Subscription.create(account=account, renews=auto_renews, created_at=clock.now(), **bought)
    term = _create(order, line, subscription, span(begins_on or line.starts_on, line.months), None)
    _add_hosting_event(HostingEventKind.START, term, line)
    return term


def _renew(order: Order, line: OrderLine, renews: bool) -> Term:
    """Add the next term and end 停止中. A product that does not renew by default keeps its renewal setting."""
    subscription = line.subscription
    kind = HostingEventKind.RESUME if subscription.stopped_on else HostingEventKind.EXTENSION
    previous = subscription.last_term
    values: dict = {name: getattr(line, name) for name in ("variant", "name", "quantity")} | {"stopped_on": None, "stopped_until": None}
    if renews and line.renews_by_default:
        values["renews"] = True
    Subscription.update(values).where(Subscription.id == subscription.id).execute()
    term = _create(order, line, subscription, following(previous.ends_on, line.months), previous)
    _add_hosting_event(kind, term, line)
    return term


def _add_hosting_event(kind: HostingEventKind, term: Term, line: OrderLine) -> None:
    values = {"starts_on": term.starts_on, "ends_on": term.ends_on, "order_number": term.order.number, "quantity": line.quantity}
    events.queue(kind, term.subscription, key=f"{kind} term {term.id}", **values)


def _create(order: Order, line: OrderLine, subscription: Subscription, days: Span, previous: Term | None) -> Term:
    before = {"previous_term": previous, "previous_ends_on": previous and previous.ends_on}
    about = {"subscription": subscription, "order": order, "order_line": line}
    return Term.create(starts_on=days.starts_on, ends_on=days.ends_on, **about, **before)
