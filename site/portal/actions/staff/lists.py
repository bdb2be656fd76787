"""Queries for staff lists: one page of rows with one or two queries, however many rows there are."""

from dataclasses import dataclass

from peewee import JOIN, SQL, fn

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
from portal.actions.staff import places
from portal.actions.staff.counts import is_reached_limit, is_rest, is_stuck_refund, is_troubled, is_unchecked_refund, is_unclaimed
from portal.actions.staff.figures import AWAITED
from portal.actions.staff.paging import Listed, newest_first, page_of, rows_of_page
from portal.actions.staff.searching import SearchQuery
from portal.actions.transfers.order_rows import ROWS, OrderRow, any_of, named, order_row, orders_with_money
from portal.enums import HostingEventState
from portal.rules.transfers.order_numbers import half_width


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
    keys = (Order.due_on, Order.id)
    ids = places.awaited(Order.select(*keys).where(*AWAITED), search)
    return rows_of_page(orders_with_money().where(*AWAITED), ids, keys, search, order_row)


def orders(search: SearchQuery) -> Listed[OrderRow]:
    """Every confirmed order, the newest first."""
    confirmed = orders_with_money().where(Order.state != SQL("'draft'"))
    return newest_first(confirmed, (Order.placed_at, Order.id), search, places.orders(search), order_row)


def deposits(search: SearchQuery, *, only_with_rest: bool = False) -> Listed[DepositRow]:
    used = fn.COALESCE(Deposit.used_of(Deposit.id), 0) + fn.COALESCE(Payout.kept_of(Deposit.id), 0)
    query, keys = Deposit.select(Deposit, used.alias("used")), (Deposit.booked_on, Deposit.id)
    if only_with_rest:
        rests = Deposit.select(*keys).where(Deposit.id.in_(Allocation.select(Allocation.deposit).where(is_rest())))
        return rows_of_page(query, places.rests(rests, search), [key.desc() for key in keys], search, _deposit_row)
    return newest_first(query, keys, search, places.deposits(search), _deposit_row)


def _deposit_row(deposit: Deposit) -> DepositRow:
    return DepositRow(deposit, deposit.yen - int(deposit.used))


def accounts(search: SearchQuery) -> Listed[AccountRow]:
    """Accounts with all their terms."""
    page = newest_first(Account.select(), (Account.id,), search, places.accounts(search), lambda account: AccountRow(account, []))
    owners = {row.account.id: row for row in page.rows}
    mine = Subscription.with_terms().where(Subscription.account.in_(list(owners)), Subscription.ended_on.is_null())
    for row in mine.order_by(Subscription.id, Term.starts_on):
        owners[row.account_id].terms.append(row.joined_term)
    return page


def mails(search: SearchQuery) -> Listed[Mail]:
    """Every mail without its text, the newest first."""
    columns = (Mail.id, Mail.kind, Mail.entity, Mail.recipient, Mail.subject, Mail.state, Mail.tries, Mail.created_at, Mail.last_error)
    return newest_first(Mail.select(*columns), (Mail.id,), search, places.mails(search), lambda mail: mail)


def unsent_hosting_events(search: SearchQuery) -> Listed[HostingEvent]:
    """Events that the hosting side has not accepted yet, with their account, the oldest first."""
    query = HostingEvent.select(HostingEvent, Account).join(Account).where(HostingEvent.is_unsent()).order_by(HostingEvent.id)
    if search.text:
        by_text = [column.contains(half_width(search.text)) for column in (HostingEvent.order_number, Account.login)]
        query = query.where(any_of([HostingEvent.key.contains(search.text), *by_text, *named(Account.name_key, search.text)]))
    return page_of(query, search, lambda event: event)


def events(search: SearchQuery) -> Listed[Event]:
    return newest_first(Event.select(), (Event.id,), search, places.events(search), lambda event: event)


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
    return list(query.order_by(Event.at.desc(), Event.id.desc()).limit(ROWS))  # as in an index: by id alone SQLite reads every event
