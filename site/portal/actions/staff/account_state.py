"""An account and a deposit as plain values, so that two moments can be compared. Reads only; yen; dates are inclusive, in Japan."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from peewee import JOIN, SQL

from models import (
    Account,
    Deposit,
    HostingEvent,
    Invoice,
    InvoiceVoid,
    Mail,
    Order,
    OrderLine,
    Payout,
    Refund,
    RenewalSetting,
    Subscription,
    Term,
)
from portal import clock
from portal.actions.payments.money import held_of_others
from portal.actions.renewals.snapshot import snapshot_of
from portal.actions.transfers.order_rows import order_row, orders_with_money
from portal.catalog import Catalog
from portal.enums import HostingEventState, MailKind, MailState, Method, MoneyStatus, OrderState, PayoutState, RefundState
from portal.rules.renewals.forecast import forecasts
from portal.rules.renewals.scheduled_event import EventKind, OnlyIf
from portal.rules.renewals.timeline import timeline
from portal.rules.transfers.due_dates import expiry_day

SHOWN = (EventKind.CHARGE, EventKind.RETRY, EventKind.STOP, EventKind.DELETION)


@dataclass(frozen=True)
class OrderFacts:
    """`due_on` and `expires_on`: only while a transfer is awaited."""

    number: str
    status: MoneyStatus
    missing_yen: int
    method: Method
    due_on: date | None
    expires_on: date | None


@dataclass(frozen=True, order=True)
class TermFacts:
    name: str
    quantity: int
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class SubscriptionFacts:
    name: str
    renews: bool
    stopped_on: date | None
    ended_on: date | None
    runs_until: date | None


@dataclass(frozen=True)
class RefundFacts:
    method: Method
    yen: int
    state: RefundState | PayoutState


@dataclass(frozen=True)
class PaperFacts:
    """領収書 and the like. `what`: its kind, with its number if it is void: a new one gets its number when it is written."""

    what: str
    is_void: bool


@dataclass(frozen=True)
class Coming:
    """What will happen by itself: a charge, its retries, 停止中 or 解約済. `only_if`: what it depends on."""

    kind: EventKind
    names: tuple[str, ...]
    only_if: OnlyIf | None


@dataclass(frozen=True)
class Planned:
    """The days of a `Coming`, and the yen of a charge."""

    days: tuple[date, ...]
    yen: int | None = None


@dataclass(frozen=True)
class Message:
    """A mail, by its subject and recipient, or a hosting event, by its kind and product. `ends_on`: the day in a hosting event."""

    what: str
    about: str
    state: str
    ends_on: date | None = None


@dataclass(frozen=True)
class AccountState:
    """Everything of one moment. Without an account only `rest_yen`, that of the deposit."""

    rest_yen: int | None = None
    orders: dict[str, OrderFacts] = field(default_factory=dict)
    terms: frozenset[TermFacts] = frozenset()
    subscriptions: dict[int, SubscriptionFacts] = field(default_factory=dict)
    renewal_method: str | None = None
    reserved_for: date | None = None
    coming: dict[Coming, Planned] = field(default_factory=dict)
    mails: dict[int, Message] = field(default_factory=dict)
    hosting_events: dict[int, Message] = field(default_factory=dict)
    held_yen: int = 0
    refunds: dict[str, RefundFacts] = field(default_factory=dict)
    is_closed: bool = False
    papers: dict[int, PaperFacts] = field(default_factory=dict)
    held_of_others: dict[str, int] = field(default_factory=dict)


def account_state(account: Account | None, deposit: Deposit | None, catalog: Catalog) -> AccountState:
    rest_yen = Deposit.get_by_id(deposit.id).rest_yen if deposit else None
    refunds = _refunds(account, deposit)
    if account is None:
        return AccountState(rest_yen, refunds=refunds)
    setting, reservation = account.renewal_setting, account.reservation
    return AccountState(
        rest_yen,
        _orders(account, catalog),
        _terms(account),
        {row.id: _subscription(row) for row in account.subscriptions},
        _renewal_method(setting),
        reservation and reservation.ends_on,
        _coming(account, catalog),
        _mails(account) | _mails_of_others(deposit, account),
        _hosting_events(account),
        account.held_yen,
        refunds,
        account.is_closed,
        _papers(account),
        _held_of_others(deposit, account),
    )


def _refunds(account: Account | None, deposit: Deposit | None) -> dict[str, RefundFacts]:
    """What went back, and what is planned to go back by a file for the bank. One query."""
    refunds = Refund.select(SQL("0"), Refund.key, Refund.method, Refund.yen, Refund.state)
    payouts = Payout.select(SQL("1"), Payout.number, SQL(f"'{Method.BANK}'"), Payout.yen, Payout.state)
    mine = [
        query.where((table.account == account) if account else (table.deposit == deposit))
        for table, query in ((Refund, refunds), (Payout, payouts))
    ]
    rows = mine[0].union_all(mine[1]).tuples()
    return {
        key: RefundFacts(Method(method), yen, (PayoutState if planned else RefundState)(state)) for planned, key, method, yen, state in rows
    }


def _orders(account: Account, catalog: Catalog) -> dict[str, OrderFacts]:
    rows = orders_with_money().where(Order.account == account, Order.state != OrderState.DRAFT)
    return {order.number: _order(order, catalog) for order in rows}


def _order(order: Order, catalog: Catalog) -> OrderFacts:
    row, due_on = order_row(order), order.due_on if order.is_placed and order.is_by_transfer else None
    expires_on = due_on and expiry_day(due_on, catalog.closed_days)
    return OrderFacts(order.number, row.money, row.missing_yen, Method(order.method), due_on, expires_on)


def _terms(account: Account) -> frozenset[TermFacts]:
    query = Term.select(Term, OrderLine).join(Subscription).switch(Term).join(OrderLine).where(Subscription.account == account)
    return frozenset(TermFacts(term.order_line.name, term.order_line.quantity, term.starts_on, term.ends_on) for term in query)


def _subscription(row: Subscription) -> SubscriptionFacts:
    return SubscriptionFacts(row.name, row.renews, row.stopped_on, row.ended_on, row.runs_until)


def _renewal_method(setting: RenewalSetting | None) -> str | None:
    if setting is None:
        return None
    day = f"（毎月{setting.wallet_day}日）" if setting.wallet_day else ""
    return f"{Method(setting.method).label} {setting.payment_method.paid_with}{day}"


def _coming(account: Account, catalog: Catalog) -> dict[Coming, Planned]:
    snapshot, today = snapshot_of(account, with_sent_notices=True), clock.today()
    yen = {found.ends_on: found.yen for found in forecasts(snapshot, today, catalog) if found.charge}
    days, prices = defaultdict(list), {}
    for scheduled in timeline(snapshot, today, catalog):
        if scheduled.kind in SHOWN:
            key = Coming(scheduled.kind, scheduled.names, scheduled.only_if)
            days[key].append(scheduled.on)
            prices[key] = yen.get(scheduled.ends_on) if scheduled.kind in (EventKind.CHARGE, EventKind.RETRY) else None
    return {key: Planned(tuple(found), prices[key]) for key, found in days.items()}


def _mails(account: Account) -> dict[int, Message]:
    """Those that wait, and those that were withdrawn."""
    rows = account.mails.where(Mail.state.in_([MailState.WAITING, MailState.WITHDRAWN]))
    return {row.id: Message(row.subject, row.recipient, row.state) for row in rows}


def _mails_of_others(deposit: Deposit | None, account: Account) -> dict[int, Message]:
    """To a customer who has had money of the deposit until now."""
    if deposit is None:
        return {}
    about_it = (Mail.kind == MailKind.HELD_MOVED) & Mail.entity.startswith(f"deposit {deposit.number} ")
    rows = Mail.select().where(about_it, Mail.account != account, Mail.state == MailState.WAITING)
    return {row.id: Message(row.subject, row.recipient, row.state) for row in rows}


def _held_of_others(deposit: Deposit | None, account: Account) -> dict[str, int]:
    """Yen of the deposit that are another customer's お預かり, by name and login."""
    return {f"{owner.name}（{owner.login}）": yen for owner, yen in held_of_others(deposit, account)} if deposit else {}


def _papers(account: Account) -> dict[int, PaperFacts]:
    query = Invoice.select(Invoice, InvoiceVoid.voided_on.alias("voided_on")).join(InvoiceVoid, JOIN.LEFT_OUTER)
    rows = query.where(Invoice.account == account).objects()
    return {row.id: PaperFacts(f"{row.kind_label} {row.number}" if row.voided_on else row.kind_label, bool(row.voided_on)) for row in rows}


def _hosting_events(account: Account) -> dict[int, Message]:
    query = HostingEvent.select(HostingEvent, Subscription).join(Subscription)
    rows = query.where(HostingEvent.account == account, HostingEvent.state == HostingEventState.WAITING)
    return {row.id: Message(row.kind_label, row.subscription.name, row.state, row.ends_on) for row in rows}
