"""Drafts of orders, the lock of an account, and the cancellation of an unpaid order."""

from peewee import IntegrityError

from models import LIVE, Account, Order, Payment, Schedule, created_with_number
from portal import clock
from portal.actions import history
from portal.actions.documents.papers import void_papers
from portal.enums import Method, OrderKind, OrderState
from portal.rules.orders.sent_form import SentForm
from portal.store.database import database
from portal.store.row_locks import take


class OutOfStep(Exception):
    """The order's state does not allow this step. The page shows its true state instead."""


def open_draft(account: Account, kind: OrderKind, adds: str = "") -> Order:
    """The account's one draft of that kind; created if there is none. Safe to call from several tabs.

    `adds`: for kind `add`, of which there is one for each product or certificate: see `Order.adds`.
    """
    return account.draft(kind, adds) or _new_draft(account, kind, adds)


def remember(order: Order, choices: dict[str, str], sent: SentForm | None = None) -> bool:
    """Store the customer's choices in the draft: the last thing that was sent counts. False if this was not it; then the draft stays.

    Raises OutOfStep if the order is no longer a draft.
    """
    with database.atomic():
        draft = Order.locked(order.id)
        if not draft.is_draft:
            raise OutOfStep
        counts, is_new = sent is None or sent.counts(draft.revision, draft.typed_page, draft.typed_sent), draft.choices != choices
        if counts and (is_new or sent):
            draft.remember(choices, **({"typed_page": sent.page, "typed_sent": max(sent.at, draft.typed_sent)} if sent else {}))
        order.revision = draft.revision + (counts and is_new)
        return counts or not is_new


def choose_method(order: Order, method: Method, wallet_day: int | None, *, keeps_method: bool = False) -> None:
    """Store the chosen payment method. It becomes fixed when the customer presses OK.

    `keeps_method`: for kind `add`, whether it pays automatic renewals from now on; it can be chosen anew for each attempt.
    """
    if order.is_draft and (order.method, order.wallet_day) != (method, wallet_day):
        Order.update(method=method, wallet_day=wallet_day).where(Order.id == order.id, Order.state == OrderState.DRAFT).execute()
    if order.is_addition and order.keeps_method != keeps_method:
        open_states = [OrderState.DRAFT, OrderState.PLACED]
        Order.update(keeps_method=keeps_method).where(Order.id == order.id, Order.state.in_(open_states)).execute()


def lock_account(account_id: int) -> Account:
    """Lock the account, and with it all its orders and settings, until the transaction ends."""
    return Account.locked(account_id)


def lock_account_if_free(account_id: int) -> Account:
    """Lock the account for a background job, without waiting. Raises RowIsLocked if another transaction has locked it."""
    account = take(Account.select().where(Account.id == account_id))
    assert account is not None
    return account


def cancel(order: Order, actor: str, reason: str) -> bool:
    """Cancel a placed order. False if it has received money, an attempt may still succeed, or it is not placed. Lock the account first."""
    if not may_be_cancelled(order) or not order.move(OrderState.CANCELLED, came_from=[OrderState.PLACED], closed_on=clock.today()):
        return False
    Schedule.wake(order.account_id, clock.today())
    void_papers(order, reason)
    history.record("order", order.number, OrderState.PLACED, OrderState.CANCELLED, actor, reason, account=order.account_id)
    return True


def may_be_cancelled(order: Order) -> bool:
    """False if a placed order has received money, or an attempt may still succeed."""
    return not order.payments.where(Payment.state.in_(LIVE)).exists() and not order.received_yen


def _new_draft(account: Account, kind: OrderKind, adds: str = "") -> Order:
    try:
        with database.atomic():
            return created_with_number(Order, account=account, kind=kind, adds=adds, created_at=clock.now())
    except IntegrityError:
        draft = account.draft(kind, adds)  # another tab created it first
        if draft is None:
            raise
        return draft
