"""Queries for staff lists: one page of rows with one or two queries, however many rows there are."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from peewee import JOIN, SQL, Expression, ModelSelect, fn

from models import (
    Account,
    Allocation,
    Deposit,
    Dispute,
    Event,
    HostingEvent,
    Mail,
    Order,
    Payment,
    Payout,
    Refund,
    Subscription,
    Term,
)
from portal.actions.staff.counts import is_reached_limit, is_stuck_refund, is_troubled, is_unchecked_refund, is_unclaimed
from portal.actions.staff.searching import SearchQuery, long_list, short_list
from portal.actions.transfers.order_rows import ROWS, OrderRow, any_of, named, order_row, orders_with_money
from portal.enums import HostingEventState, Method, OrderState
from portal.rules.transfers.order_numbers import half_width, order_numbers

T = TypeVar("T")


@dataclass(frozen=True)
class Listed(Generic[T]):
    """One page of a list."""

    rows: list[T]
    page: int
    has_more: bool


@dataclass(frozen=True)
class DepositRow:
    deposit: Deposit
    rest_yen: int


@dataclass(frozen=True)
class AccountRow:
    account: Account
    terms: list[Term]


def awaited(search: SearchQuery) -> Listed[OrderRow]:
    """Transfer orders that wait for money, the nearest due date first."""
    query = orders_with_money().where(Order.state == OrderState.PLACED, Order.method == Method.BANK)
    return page_of(short_list(query, search).order_by(Order.due_on, Order.id), search, order_row)


def orders(search: SearchQuery) -> Listed[OrderRow]:
    """Every confirmed order, the newest first."""
    query = orders_with_money().where(Order.state != SQL("'draft'"))  # as text, or SQLite does not see that its index fits
    return page_of(long_list(query, search).order_by(Order.placed_at.desc(), Order.id.desc()), search, order_row)


def deposits(search: SearchQuery, *, only_with_rest: bool = False) -> Listed[DepositRow]:
    used = fn.COALESCE(Deposit.used_of(Deposit.id), 0) + fn.COALESCE(Payout.kept_of(Deposit.id), 0)
    query = Deposit.select(Deposit, used.alias("used")).order_by(Deposit.booked_on.desc(), Deposit.id.desc())
    if only_with_rest:
        query = query.where(used < Deposit.yen)
    if search.text:
        fits = [
            Deposit.number.contains(half_width(search.text)),
            *named(Deposit.payer_key, search.text),
            *_is(Deposit.yen, search.yen),
        ]
        query = query.where(any_of(fits))
    return page_of(query, search, lambda row: DepositRow(row, row.yen - int(row.used)))


def accounts(search: SearchQuery) -> Listed[AccountRow]:
    """Accounts with all their terms."""
    query = Account.select().order_by(Account.id.desc())
    if search.text:
        text = half_width(search.text)
        query = query.where(any_of([Account.login.contains(text), Account.email.contains(text), *named(Account.name_key, text)]))
    found = page_of(query, search, lambda account: AccountRow(account, []))
    owners = {row.account.id: row for row in found.rows}
    mine = Subscription.with_terms().where(Subscription.account.in_(list(owners)), Subscription.ended_on.is_null())
    for row in mine.order_by(Subscription.id, Term.starts_on):
        owners[row.account_id].terms.append(row.joined_term)
    return found


def mails(search: SearchQuery) -> Listed[Mail]:
    """Every mail without its text, the newest first."""
    columns = (Mail.id, Mail.kind, Mail.entity, Mail.recipient, Mail.subject, Mail.state, Mail.tries, Mail.created_at, Mail.last_error)
    query = Mail.select(*columns).order_by(Mail.id.desc())
    if search.text:
        columns = (Mail.entity, Mail.recipient, Mail.subject)
        texts = (half_width(search.text), *order_numbers(search.text))
        query = query.where(any_of([column.contains(text) for column in columns for text in texts]))
    return page_of(query, search, lambda mail: mail)


def unsent_hosting_events(search: SearchQuery) -> Listed[HostingEvent]:
    """Events that the hosting side has not accepted yet, with their account, the oldest first."""
    query = HostingEvent.select(HostingEvent, Account).join(Account).where(HostingEvent.is_unsent()).order_by(HostingEvent.id)
    if search.text:
        by_text = [column.contains(half_width(search.text)) for column in (HostingEvent.order_number, Account.login)]
        query = query.where(any_of([HostingEvent.key.contains(search.text), *by_text, *named(Account.name_key, search.text)]))
    return page_of(query, search, lambda event: event)


def events(search: SearchQuery) -> Listed[Event]:
    query = Event.select().order_by(Event.id.desc())
    if search.text:
        query = query.where(any_of([column.contains(search.text) for column in (Event.entity, Event.actor, Event.reason)]))
    return page_of(query, search, lambda event: event)


def troubled_orders() -> list[Payment]:
    """The latest attempt of each order that has no result, or was declined and still waits for money. Those without a result first."""
    other = Payment.alias()
    latest = other.select(fn.MAX(other.attempt)).where(other.order == Order.id)
    query = Payment.select(Payment, Order, Account).join(Order).join(Account).where(is_troubled(), Payment.attempt == latest)
    return list(query.order_by(Payment.state.desc(), Payment.updated_at.desc()).limit(ROWS))


def unallocated_money() -> list[Allocation]:
    """Money that a company took and no order could take, with the attempt that took it (`payment`) and its order."""
    took = (Payment.company_reference == Allocation.company_reference) & (Payment.method == Allocation.source)
    query = (
        Allocation.select(Allocation, Payment, Order).join(Payment, JOIN.LEFT_OUTER, on=took, attr="payment").join(Order, JOIN.LEFT_OUTER)
    )
    return list(query.where(is_unclaimed()).order_by(Allocation.id.desc()).limit(ROWS))


def stuck_refunds() -> list[Refund]:
    """Refunds without an answer, or refused by the company, with their order and account."""
    query = Refund.select(Refund, Order, Account).join(Order).join(Account)
    return list(query.where(is_stuck_refund()).order_by(Refund.id).limit(ROWS))


def unchecked_refunds() -> list[Refund]:
    """Refunds that were made at the company and that staff have not seen, with their order and account."""
    query = Refund.select(Refund, Order, Account).join(Order).join(Account)
    return list(query.where(is_unchecked_refund()).order_by(Refund.id).limit(ROWS))


def unchecked_disputes() -> list[Dispute]:
    """Disputes that are open, or whose end staff have not seen, with their attempt, order and account. What has to be answered first."""
    query = Dispute.select(Dispute, Payment, Order, Account).join(Payment).join(Order).join(Account)
    return list(
        query.where(Dispute.checked_at.is_null()).order_by(Dispute.respond_by.is_null(), Dispute.respond_by, Dispute.id).limit(ROWS)
    )


def failed_hosting_events() -> list[HostingEvent]:
    """Events that have failed for a week, with their account."""
    query = HostingEvent.select(HostingEvent, Account).join(Account).where(HostingEvent.is_unsent())
    return list(query.where(HostingEvent.state == HostingEventState.FAILED).order_by(HostingEvent.id).limit(ROWS))


def reached_limits() -> list[Event]:
    """Limits that were reached within a day, with the account if one is concerned; one row for each kind and subject."""
    query = Event.select(Event, Account).join(Account, JOIN.LEFT_OUTER).where(is_reached_limit())
    return list(query.order_by(Event.id.desc()).limit(ROWS))


def _is(column: Any, yen: int | None) -> list[Expression]:
    return [] if yen is None else [column == yen]


def page_of(query: ModelSelect, search: SearchQuery, row: Any) -> Listed:
    found = list(query.limit(ROWS + 1).offset((search.page - 1) * ROWS))
    return Listed([row(each) for each in found[:ROWS]], search.page, len(found) > ROWS)
