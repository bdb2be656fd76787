"""What then happened, read from rows that the jobs left: attempts to charge, notices sent, stops, ends, expired orders."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from models import Account, Event, Order, Payment, SentNotice, Subscription, Term
from portal import clock
from portal.enums import NoticeKind, OrderKind, OrderState, PaymentState
from portal.rules.renewals.scheduled_event import EventKind

# How a notice's kind is called in the timeline.
NOTICES = {
    NoticeKind.NOTICE: EventKind.NOTICE, NoticeKind.MOVED: EventKind.MOVED, NoticeKind.CARD_EXPIRES: EventKind.CARD_EXPIRES,
    NoticeKind.BY_HAND: EventKind.BY_HAND, NoticeKind.END: EventKind.END, NoticeKind.DELETION_AHEAD: EventKind.DELETION_AHEAD,
}  # fmt: skip
STATES = {"stopped": EventKind.STOP, "ended": EventKind.DELETION}
EXPIRY = "expiry"


@dataclass(frozen=True)
class Happening:
    """`what`: the value of an EventKind, or `expiry`. `is_paid`, `is_final`: the result of a charge."""

    login: str
    what: str
    on: date
    ends_on: date | None
    subscription: int | None = None
    which: str = ""
    lines: frozenset[tuple[int | None, int]] = frozenset()
    is_paid: bool = False
    is_final: bool = False

    @property
    def about(self) -> tuple[str, date | None, int | None, str]:
        return self.what, self.ends_on, self.subscription, self.which


def happenings(since: date) -> list[Happening]:
    """Everything after `since`, in the order of days."""
    found = [happening for account in Account.select() for happening in _of(account) if happening.on > since]
    return sorted(found, key=lambda happening: (happening.on, happening.login))


def _of(account: Account) -> Iterator[Happening]:
    yield from _charges(account)
    yield from _notices(account)
    yield from _ends(account)
    expired = Event.select().where(Event.account == account, Event.to_state == OrderState.EXPIRED)
    for event in expired:
        yield Happening(account.login, EXPIRY, clock.day_of(event.at), None, which=event.entity.removeprefix("order "))


def _charges(account: Account) -> Iterator[Happening]:
    query = (
        Payment.select(Payment, Order).join(Order).where(Order.account == account, Order.kind == OrderKind.AUTO, Payment.setup.is_null())
    )
    for payment in query.order_by(Payment.id):
        is_paid = payment.state == PaymentState.SUCCEEDED
        lines = frozenset((line.subscription_id, line.yen) for line in payment.order.lines)
        about = {"lines": lines, "is_paid": is_paid, "is_final": payment.is_final or payment.state == PaymentState.ABANDONED}
        yield Happening(account.login, EventKind.CHARGE.value, clock.day_of(payment.created_at), payment.order.renews_end, **about)


def _notices(account: Account) -> Iterator[Happening]:
    for row in SentNotice.select().where(SentNotice.account == account, SentNotice.kind != NoticeKind.RESET):
        kind, on = NOTICES[NoticeKind(row.kind)], clock.day_of(row.written_at)
        yield Happening(account.login, kind.value, on, row.ends_on, row.subscription_id, row.which)


def _ends(account: Account) -> Iterator[Happening]:
    """Stops and ends. The end of the term is the one that was the newest on that day; without a term, the day until which it ran.

    What has ended gets no more terms: an option that ends with its server may have one that is longer. Devices that were added to a term
    end with it, and go on in the next one.
    """
    for bought in account.subscriptions.where(Subscription.part_of.is_null()):
        ends = sorted(term.ends_on for term in Term.select().where(Term.subscription == bought)) or [bought.runs_until]
        for event in Event.select().where(Event.entity == f"subscription {bought.id}", Event.to_state.in_(list(STATES))):
            on = clock.day_of(event.at)
            yield Happening(
                account.login, STATES[event.to_state].value, on, ends[-1] if event.to_state == "ended" else _newest(ends, on), bought.id
            )


def _newest(ends: list[date | None], on: date) -> date | None:
    return max((end for end in ends if end and end < on), default=ends[-1])


def renewed(subscription: int, ends_on: date) -> date | None:
    """The day on which the term after `ends_on` was paid; None if it never was."""
    after = Term.select().where(Term.subscription == subscription, Term.starts_on > ends_on).order_by(Term.starts_on).first()
    return after and after.order.closed_on
