"""Terms begin when an order is paid, and the hosting side is told. Called inside the transaction that makes the order paid."""

from datetime import date

from models import Account, Order, OrderLine, Subscription, Term
from portal import clock
from portal.actions.hosting import events
from portal.enums import HostingEventKind
from portal.rules.orders.terms import Span, following, span

BOUGHT = ("product", "kind", "variant", "name", "quantity")


def begin_term(order: Order, account: Account, line: OrderLine, begins_on: date | None, *, renews: bool) -> Term:
    """The term of one paid line. A renewal follows what there was, whenever it was paid; what is new begins on that day.

    `begins_on` None: on the day that was planned, with the term that the order renews. `renews`: the payment turns renewal on.
    """
    if line.subscription_id:
        return _renew(order, line, renews)
    bought = {name: getattr(line, name) for name in BOUGHT}
    by_itself = renews and line.renews_by_default
    subscription = Subscription.create(account=account, renews=by_itself, created_at=clock.now(), **bought)
    term = _create(order, line, subscription, span(begins_on or line.starts_on, line.months), None)
    _tell(HostingEventKind.START, term, line)
    return term


def _renew(order: Order, line: OrderLine, renews: bool) -> Term:
    """A product that does not renew by default keeps its own switch; a stop ends with the payment."""
    subscription = line.subscription
    kind = HostingEventKind.RESUME if subscription.stopped_on else HostingEventKind.EXTENSION
    previous = subscription.last_term
    values: dict = {name: getattr(line, name) for name in ("variant", "name", "quantity")} | {"stopped_on": None, "stopped_until": None}
    if renews and line.renews_by_default:
        values["renews"] = True
    Subscription.update(values).where(Subscription.id == subscription.id).execute()
    term = _create(order, line, subscription, following(previous.ends_on, line.months), previous)
    _tell(kind, term, line)
    return term


def _tell(kind: HostingEventKind, term: Term, line: OrderLine) -> None:
    days = {"starts_on": term.starts_on, "ends_on": term.ends_on, "order_number": term.order.number, "quantity": line.quantity}
    events.tell(kind, term.subscription, key=f"{kind} term {term.id}", **days)


def _create(order: Order, line: OrderLine, subscription: Subscription, days: Span, previous: Term | None) -> Term:
    before = {"previous_term": previous, "previous_ends_on": previous and previous.ends_on}
    about = {"subscription": subscription, "order": order, "order_line": line}
    return Term.create(starts_on=days.starts_on, ends_on=days.ends_on, **about, **before)
