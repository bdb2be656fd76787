"""Undoes an allocation, as a correction: its yen are unallocated again, its order is awaited again, and the service runs on."""

from datetime import date, timedelta

from peewee import Query, fn

from models import LIVE, Account, Allocation, Deposit, Order, Payment, Payout, Staff, Subscription, Term
from portal import clock
from portal.actions import history
from portal.actions.documents.papers import void_papers
from portal.actions.mail import money_mails, order_mails
from portal.actions.mail.rendering import Undone
from portal.actions.orders.drafts import lock_account
from portal.actions.orders.terms import withdraw_terms
from portal.actions.payments.money import add_unallocated, take_off, withdraw_difference
from portal.actions.renewals.after_undo import after_undo
from portal.actions.transfers.deposits import NotPossible
from portal.actions.transfers.reopening import new_due_day
from portal.catalog import Catalog
from portal.enums import AllocationSource, Method, OrderKind, OrderState
from portal.rules.transfers.due_dates import due_day, expiry_day
from portal.store.database import database

ANOTHER_ORDER = "お客様の別の申し込みが進行中のため、取り消せません。先にその申し込みを終わらせてください。"
LATER_TERM = "この申し込みのあとの契約期間がすでに支払われているため、取り消せません。"
UNDECIDED = "お客様のカードまたはおさいぽ!のお支払いの結果を確認中のため、取り消せません。結果が出てから、もう一度お試しください。"
ENDED = "この申し込みの契約は、すでに解約済のため、取り消せません。"
RETURNED = "この申し込みのお金は、お客様に返金したため、取り消せません。"
PLANNED = "この申し込みのお金は、お客様に返金する予定のため、取り消せません。先に、その予定を取りやめてください。"


def undo_allocation(allocation: Allocation, staff: Staff, reason: str, *, catalog: Catalog) -> None:
    """Undo an allocation: its yen are unallocated again, and the customer gets a mail with the reason. Source: the company's rules.

    A paid order is awaited again for at least 14 days, and its terms are withdrawn. Its subscriptions run on until the day before the
    order would expire. Raises NotPossible if it was undone before, or the order cannot become unpaid any more.
    """
    with database.atomic():
        order = allocation.order
        account = lock_account(order.account_id)
        order, deposit = Order.locked(order.id), Deposit.locked(allocation.deposit_id)
        if not take_off(allocation):
            raise NotPossible("この充当は、すでに取り消されています。")
        add_unallocated(deposit, allocation.yen, account)
        withdraw_difference(order)
        money_mails.withdraw(order, account)
        about = _what(order.number, allocation.yen, reason)
        history.record("deposit", deposit.number, "allocated", "entered", history.by_staff(staff), about, account=account)
        undone = _make_unpaid(order, account, staff, about, catalog) if order.is_paid else _await_longer(order, catalog)
        order_mails.allocation_undone(Order.get_by_id(order.id), account, allocation, reason, undone, catalog)


def was_undone(deposit: Deposit, order_number: str, yen: int, staff: Staff, reason: str) -> bool:
    """True if the last that happened to the deposit is that this member of staff has undone this: the button was pressed twice."""
    last = history.newest(f"deposit {deposit.number}")
    done = ("entered", history.by_staff(staff), _what(order_number, yen, reason))
    return last is not None and (last.to_state, last.actor, last.reason) == done


def _what(order_number: str, yen: int, reason: str) -> str:
    return f"申し込み {order_number} から {yen}円：{reason}"


def _make_unpaid(order: Order, account: Account, staff: Staff, reason: str, catalog: Catalog) -> tuple[Undone, ...]:
    """paid -> placed, the terms are withdrawn, and the 領収書 is void."""
    reason_against = obstacle(order)
    if reason_against:
        raise NotPossible(reason_against)
    due_on = max(due_day(clock.today()), order.due_on or clock.today())
    runs_until = expiry_day(due_on, catalog.closed_days) - timedelta(days=1)
    terms = withdraw_terms(order, runs_until)
    values = {"method": Method.BANK, "due_on": due_on, "paid_on": None, "closed_on": None}
    if not order.move(OrderState.PLACED, came_from=[OrderState.PAID], **values):
        raise NotPossible("この申し込みの状態が変わりました。")
    void_papers(order, reason)
    history.record("order", order.number, OrderState.PAID, OrderState.PLACED, history.by_staff(staff), reason, account=account)
    for term in terms:
        _record_withdrawal(term, staff, reason)
    after_undo(account, [term.subscription for term in terms])
    return tuple(Undone(term.order_line.name, term.starts_on, term.ends_on, _runs_until(term)) for term in terms)


def obstacle(order: Order, *, unless: str = "") -> str | None:
    """Why a paid order cannot become unpaid, in Japanese; None if it can. `unless`: this is no reason against it. One query."""
    bought, account = Term.select(Term.id).where(Term.order == order), order.account_id
    reasons = {
        ANOTHER_ORDER: _other_orders(order),
        LATER_TERM: Term.select().where(Term.previous_term.in_(bought), Term.order != order),
        UNDECIDED: Payment.select().join(Order).where(Order.account == account, Payment.state.in_(LIVE)),
        ENDED: Term.select().join(Subscription).where(Term.order == order, Subscription.ended_on.is_null(False)),
        RETURNED: Allocation.select().where(Allocation.order == order, Allocation.source == AllocationSource.RETURNED),
        PLANNED: Payout.select().where(Payout.order == order, Payout.is_live()),
    }
    found = Order.select(*(fn.EXISTS(obstacles) for obstacles in reasons.values())).where(Order.id == order.id).tuples().get()
    return next((reason for reason, exists in zip(reasons, found, strict=True) if exists and reason != unless), None)


def _other_orders(order: Order) -> Query:
    """Placed orders of the contract, and of kind `add` for the same thing."""
    other = Order.alias()
    placed = other.select().where(other.account == order.account_id, other.state == OrderState.PLACED)
    return placed.where((other.kind != OrderKind.ADD) | (other.adds == order.adds))


def _record_withdrawal(term: Term, staff: Staff, reason: str) -> None:
    bought, until = term.subscription, _runs_until(term)
    what = f"契約期間 {term.starts_on}〜{term.ends_on} を取り消し。{f'{until}まで利用できます' if until else '停止中のままです'}。{reason}"
    history.record("subscription", bought.id, "paid", "undone", history.by_staff(staff), what, account=bought.account_id)


def _runs_until(term: Term) -> date | None:
    """The last usable day; None for what is 停止中."""
    return None if term.subscription.stopped_on else term.subscription.runs_until


def _await_longer(order: Order, catalog: Catalog) -> tuple[Undone, ...]:
    """An order that waits for the rest of its money must not expire at once without this part: it has 14 days again."""
    if order.is_placed and order.is_by_transfer and order.due_on:
        due_on = max(order.due_on, new_due_day(order, catalog.renewal))
        Order.update(due_on=due_on).where(Order.id == order.id).execute()
    return ()
