"""What the portal will do next and when: the days to turn the clock to."""

from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import date, timedelta

from models import Account, Order, Schedule
from portal import clock
from portal.actions.payments.abandoned import UNPAID_FOR
from portal.actions.renewals.due_events import NEVER
from portal.demo.hosting_side import awaited, issue_day
from portal.enums import Method, OrderState
from portal.rules.payments.methods import WITH_COMPANY
from portal.rules.transfers.due_dates import expiry_day

MOST = 10


@dataclass(frozen=True)
class Coming:
    """Something planned, about an order (its number) or a whole account (its login)."""

    day: date
    what: str
    order: str = ""
    login: str = ""


def next_event_day(today: date, closed: Set[date]) -> date | None:
    """The first day after `today` with something planned. None if there is none."""
    return min((each.day for each in coming(today, closed)), default=None)


def coming(today: date, closed: Set[date]) -> list[Coming]:
    """What is planned after `today`, the earliest first. `closed`: the company's closed days."""
    planned = [*_transfers(closed), *_abandoned(), *_contracts(today), *_certificates()]
    return sorted((each for each in planned if each.day > today), key=lambda each: (each.day, each.order, each.login))[:MOST]


def _transfers(closed: Set[date]) -> Iterator[Coming]:
    for order in _placed(Order.method == Method.BANK, Order.due_on.is_null(False)):
        yield Coming(order.due_on, "お振込の期限", order.number)
        yield Coming(expiry_day(order.due_on, closed), "全額の入金がなければ期限切れ", order.number)


def _abandoned() -> Iterator[Coming]:
    """Unpaid card and wallet orders: cancelled 24 hours after placement, but not before an earlier transfer due date is over."""
    for order in _placed(Order.method.in_(WITH_COMPANY)):
        cancelled = clock.day_of(order.placed_at + UNPAID_FOR)
        after_the_transfer = order.due_on + timedelta(days=1) if order.due_on else cancelled
        yield Coming(max(cancelled, after_the_transfer), "お支払いがなければ取消", order.number)


def _placed(*conditions: object) -> list[Order]:
    return list(Order.select().where(Order.state == OrderState.PLACED, *conditions).order_by(Order.due_on, Order.id).limit(500))


def _certificates() -> Iterator[Coming]:
    """The day on which the pretend authority answers."""
    for certificate in awaited():
        account = certificate.subscription.account
        yield Coming(issue_day(certificate), f"独自SSLの発行の返事（{certificate.shown}）", login=account.login)


def _contracts(today: date) -> Iterator[Coming]:
    """The next day on which the worker processes each account."""
    rows = Schedule.select(Schedule, Account).join(Account).where(Schedule.due_on > today, Schedule.due_on < NEVER)
    for row in rows.order_by(Schedule.due_on, Schedule.account).limit(MOST):
        yield Coming(row.due_on, "契約の予定（お知らせ、お支払い、期限、終了）", login=row.account.login)
