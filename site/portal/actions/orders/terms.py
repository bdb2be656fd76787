"""Creates the terms of a paid order, and their events for the hosting system. Called inside the transaction that marks it paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from models import Account, Certificate, Order, OrderLine, Subscription, Term, created_all
from portal import clock
from portal.actions.hosting import certificates, events
from portal.enums import HostingEventKind
from portal.rules.orders.terms import Span, following, span

BOUGHT = ("product", "kind", "variant", "name", "quantity")


@dataclass(frozen=True)
class PaidLine:
    """One line of a paid order. `begins_on`: the first day of a new purchase; None: its planned day (automatic orders). `renews`: the
    payment turns automatic renewal on.
    """

    order: Order
    account: Account
    line: OrderLine
    begins_on: date | None
    renews: bool


@dataclass(frozen=True)
class _Beginning:
    """What a paid line begins: the next term of this subscription, and the event that tells it. `previous`: the term before."""

    paid: PaidLine
    subscription: Subscription
    days: Span
    kind: HostingEventKind = HostingEventKind.START
    previous: Term | None = None


def begin_terms(paid: Sequence[PaidLine]) -> list[Term]:
    """Create the terms of paid lines, in their sequence. A renewal follows the last term, even if it is paid late.

    A new purchase whose payment was undone gets the days back that it had.
    """
    beginnings = [_begin(each) for each in paid]
    terms = created_all(Term, Term.order_line, [_row(each) for each in beginnings])
    for each, term in zip(beginnings, terms, strict=True):
        each.subscription.last_term = term
    events.queue_all([_event(each, term) for each, term in zip(beginnings, terms, strict=True)])
    for each in beginnings:
        _request_certificate(each)
    return terms


def _begin(paid: PaidLine) -> _Beginning:
    line = paid.line
    if line.continued:
        return _continue(paid, line.continued)
    if line.part_of_id:
        return _add(paid)
    bought, renews = {name: getattr(line, name) for name in BOUGHT}, paid.renews and line.renews_by_default
    subscription = Subscription.create(account=paid.account, renews=renews, created_at=clock.now(), **bought)
    return _Beginning(paid, subscription, span(paid.begins_on or line.starts_on, line.months))


def _add(paid: PaidLine) -> _Beginning:
    """Devices for the rest of a running term, as a part of its subscription: they end with it. What they cost was fixed at [OK]."""
    line = paid.line
    bought = {name: getattr(line, name) for name in BOUGHT}
    part = Subscription.create(account=paid.account, part_of=line.part_of_id, created_at=clock.now(), **bought)
    if paid.renews and line.renews_by_default:
        Subscription.update(renews=True).where(Subscription.id == line.part_of_id).execute()
    return _Beginning(paid, part, Span(paid.begins_on or line.starts_on, line.ends_on))


def _continue(paid: PaidLine, subscription: Subscription) -> _Beginning:
    """Add the next term and end 停止中. A product that does not renew by default keeps its renewal setting."""
    line, kind, previous = paid.line, _kind_of_event(subscription), subscription.last_term
    values: dict = {name: getattr(line, name) for name in ("variant", "name", "quantity")}
    values |= {"stopped_on": None, "stopped_until": None, "runs_until": None, "cancelled_on": None}
    if paid.renews and line.renews_by_default and not subscription.part_of_id:
        values["renews"] = True
    if any(getattr(subscription, name) != value for name, value in values.items()):
        Subscription.update(values).where(Subscription.id == subscription.id).execute()
    if subscription.runs_until:
        OrderLine.update(undone_subscription=None).where(OrderLine.undone_subscription == subscription).execute()
    days = following(previous.ends_on, line.months) if previous else Span(line.starts_on, line.ends_on)
    return _Beginning(paid, subscription, days, kind, previous)


def _row(begun: _Beginning) -> dict[str, object]:
    days, previous = begun.days, begun.previous
    before = {"previous_term": previous, "previous_ends_on": previous and previous.ends_on}
    about = {"subscription": begun.subscription, "order": begun.paid.order, "order_line": begun.paid.line}
    return {"starts_on": days.starts_on, "ends_on": days.ends_on, **about, **before}


def _event(begun: _Beginning, term: Term) -> events.NewEvent:
    days = {"starts_on": term.starts_on, "ends_on": term.ends_on}
    about = {"order_number": begun.paid.order.number, "quantity": begun.paid.line.quantity}
    return events.NewEvent(begun.kind, begun.subscription, f"{begun.kind} term {term.id}", begun.paid.account, **days, **about)


def _request_certificate(begun: _Beginning) -> None:
    order, subscription = begun.paid.order, begun.subscription
    if begun.paid.line.continued:
        certificates.request_again(subscription)
    elif order.common_name and not begun.paid.line.part_of_id:
        certificates.request_first(subscription, order.common_name)


def withdraw_terms(order: Order, runs_until: date, *, is_cancelled: bool = False) -> list[Term]:
    """Delete the terms of an order whose payment is undone, and return them. Their subscriptions run until `runs_until`, which is no term,
    or to the end of the term before, if that is later; what is 停止中 stays so. The order's lines keep the days of a first term.

    `is_cancelled`: the order will not be paid again; a term that has not begun leaves nothing behind.
    """
    terms = list(Term.select(Term, Subscription, OrderLine).join(Subscription).switch(Term).join(OrderLine).where(Term.order == order))
    Term.delete().where(Term.order == order).execute()
    for term in terms:
        term.subscription.cancelled_on = clock.today() if is_cancelled else None
        if is_cancelled and term.starts_on > clock.today():
            _vanish(term)
        else:
            _run_without(term, runs_until)
    return terms


def _vanish(term: Term) -> None:
    """The term never began: its subscription ends with the term before. Without one it never was, and the hosting side hears the end."""
    subscription, before = term.subscription, term.subscription.last_term
    if before:
        subscription.cancelled_on = None
        _run_without(term, before.ends_on)
        Subscription.update(runs_until=None).where(Subscription.id == subscription.id).execute()
        subscription.runs_until = None
        return
    subscription.ended_on = clock.today()
    subscription.save()
    events.queue_end(HostingEventKind.END, subscription.id, clock.today(), term.ends_on)
    Certificate.end(subscription.id)


def _run_without(term: Term, runs_until: date) -> None:
    """The subscription is again what it was before this term. The hosting side hears the corrected end."""
    subscription, line, before = term.subscription, term.order_line, term.subscription.last_term
    if subscription.stopped_on:
        runs_until = term.ends_on
    if subscription.part_of_id:
        runs_until = min(runs_until, term.ends_on)
    subscription.runs_until = max(runs_until, before.ends_on) if before else runs_until
    for name in BOUGHT:
        setattr(subscription, name, getattr(before.order_line if before else line, name))
    subscription.save()
    if before is None:
        days = {"starts_on": term.starts_on, "ends_on": term.ends_on}
        OrderLine.update(subscription=None, undone_subscription=subscription, **days).where(OrderLine.id == line.id).execute()
    key = f"{HostingEventKind.CORRECT} withdrawn term {term.id}"
    events.queue(HostingEventKind.CORRECT, subscription, key=key, ends_on=subscription.runs_until, order_number=term.order.number)


def run_longer(order: Order, runs_until: date) -> None:
    """An order whose payment was undone is awaited longer: what it had bought runs until `runs_until`. Never shorter than was told."""
    for line in order.lines:
        subscription = line.continued
        if subscription and subscription.runs_until and not subscription.stopped_on and subscription.runs_until < runs_until:
            Subscription.update(runs_until=runs_until).where(Subscription.id == subscription.id).execute()
            key = f"{HostingEventKind.CORRECT} subscription {subscription.id} again {subscription.hosting_events.count()}"
            events.queue(HostingEventKind.CORRECT, subscription, key=key, ends_on=runs_until, order_number=order.number)


def _kind_of_event(subscription: Subscription) -> HostingEventKind:
    if subscription.stopped_on:
        return HostingEventKind.RESUME
    return HostingEventKind.CORRECT if subscription.runs_until else HostingEventKind.EXTENSION
