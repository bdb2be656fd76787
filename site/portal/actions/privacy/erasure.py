"""Erasure of one customer at the press of staff: when it may be done, what goes, and what stays. The job does the same by itself."""

from dataclasses import dataclass
from datetime import date, datetime

from peewee import SQL, Field, fn

from models import Account, Allocation, Event, Mail, Order, Payout, Refund, Subscription, Term
from portal import clock
from portal.actions.privacy import erasing
from portal.actions.refusals import NotPossible
from portal.catalog import RetentionNumbers
from portal.enums import OrderState
from portal.rules.privacy.retention import erased_from, records_since
from portal.store.database import database

RUNS = "契約が続いているか、停止中です。"
WAITS = "お支払いを待っている申し込みがあります。"
HELD = "お預かりしている金額があります。返金するか、充当してください。"
STAYS = "アカウントが閉じられておらず、終わった契約もありません。"
UNDER_WAY = "終わっていない手続きか、ログイン中の端末があります。"
TOO_EARLY = "税法が求める保存期間が、まだ終わっていません。"
HAS_METHOD = "カード・おさいぽ!の削除を、その会社に依頼しました。済んでから、もう一度お手続きください。"


@dataclass(frozen=True)
class Standing:
    """`why_not`: in Japanese; empty if it can be erased now. `from_on`: the first day on which its last record is old enough, if
    nothing more is recorded.
    """

    last_record_on: date
    from_on: date
    why_not: str
    orders: int
    mails: int
    papers: int


def standing(account: Account, numbers: RetentionNumbers) -> Standing:
    facts = _facts(account)
    last = facts.last_record_on
    why_not = _why_not(account, facts, numbers)
    return Standing(last, erased_from(last, numbers), why_not, facts.orders, facts.mails, facts.papers)


def erase(account: Account, numbers: RetentionNumbers, actor: str) -> bool:
    """As the job erases it. False if a card or wallet had to be given to its company for removal first. Raises NotPossible."""
    with database.atomic():
        account = Account.locked(account.id)
        if why_not := _why_not(account, _facts(account), numbers):
            raise NotPossible(why_not)
        return erasing.erase(account, actor)


@dataclass(frozen=True)
class _Facts:
    """`running`: subscriptions that have not ended; `waiting`: placed orders."""

    last_record_on: date
    orders: int
    mails: int
    papers: int
    subscriptions: int
    running: int
    waiting: int


def _why_not(account: Account, facts: _Facts, numbers: RetentionNumbers) -> str:
    since = records_since(clock.today(), numbers)
    if erasing.over(since).where(Account.id == account.id).exists():
        return ""
    if facts.running or facts.waiting:
        return RUNS if facts.running else WAITS
    if account.held_yen:
        return HELD
    if not account.is_closed and not facts.subscriptions:
        return STAYS
    return TOO_EARLY if facts.last_record_on >= since else UNDER_WAY


def _facts(account: Account) -> _Facts:
    """One query. The newest record is that of all that `erasing.over` looks at."""
    mine, ordered = Subscription.account == account, Order.account == account
    days = {
        Subscription.ended_on: Subscription.select(fn.MAX(Subscription.ended_on)).where(mine),
        Term.ends_on: Term.select(fn.MAX(Term.ends_on)).join(Subscription).where(mine),
        Allocation.received_on: Allocation.select(fn.MAX(Allocation.received_on)).join(Order).where(ordered),
        Order.created_at: Order.select(fn.MAX(Order.created_at)).where(ordered),
        Order.placed_at: Order.select(fn.MAX(Order.placed_at)).where(ordered),
        Refund.updated_at: Refund.select(fn.MAX(Refund.updated_at)).where(Refund.account == account),
        Payout.updated_at: Payout.select(fn.MAX(Payout.updated_at)).where(Payout.account == account),
        Event.at: Event.select(fn.MAX(Event.at)).where(Event.account == account),
        Mail.created_at: Mail.select(fn.MAX(Mail.created_at)).where(Mail.account == account),
    }
    counts = (
        account.orders,
        account.mails,
        account.invoices,
        account.subscriptions,
        account.subscriptions.where(Subscription.ended_on.is_null()),
        account.orders.where(Order.state == OrderState.PLACED),
    )
    numbers = [query.select(fn.COUNT(SQL("*"))) for query in counts]
    row = Account.select(*days.values(), *numbers).where(Account.id == account.id).tuples().get()
    newest = [_day(field, value) for field, value in zip(days, row, strict=False) if value]
    return _Facts(max([clock.day_of(account.created_at), *newest]), *row[len(days) :])


def _day(field: Field, value: object) -> date:
    found = field.python_value(value)
    return clock.day_of(found) if isinstance(found, datetime) else found
