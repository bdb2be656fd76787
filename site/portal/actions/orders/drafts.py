"""Orders before any money moves: the draft that remembers what was typed."""

from peewee import IntegrityError

from models import LIVE, Account, Order, Payment, Schedule, created_with_number
from portal import clock
from portal.actions import history
from portal.enums import Method, OrderKind, OrderState
from portal.store.database import database
from portal.store.row_locks import take


class OutOfStep(Exception):
    """The order is not where this step expects it; the page shows where it is instead."""


def open_draft(account: Account, kind: OrderKind) -> Order:
    """The account's one draft of that kind, made if there is none, however often and from how many tabs it is asked for."""
    return account.draft(kind) or _new_draft(account, kind)


def remember(order: Order, choices: dict[str, str]) -> None:
    """Keep the customer's choices with the draft. Raises OutOfStep once the order is no draft any more."""
    if order.choices != choices and not order.remember(choices):
        raise OutOfStep


def choose_method(order: Order, method: Method, wallet_day: int | None) -> None:
    """Keep how the customer means to pay; what is paid and how is fixed only when OK is pressed."""
    if order.is_draft and (order.method, order.wallet_day) != (method, wallet_day):
        Order.update(method=method, wallet_day=wallet_day).where(Order.id == order.id, Order.state == OrderState.DRAFT).execute()


def hold(account_id: int) -> Account:
    """Keep everything of this account to ourselves until the transaction ends."""
    return Account.locked(account_id)


def hold_if_free(account_id: int) -> Account:
    """The same for a job. Raises RowIsLocked where somebody else holds it: a job waits for nobody."""
    account = take(Account.select().where(Account.id == account_id))
    assert account is not None
    return account


def cancel(order: Order, actor: str, reason: str) -> bool:
    """Cancel a placed order, unless a payment of it may still succeed. Call it while the account is held."""
    if order.payments.where(Payment.state.in_(LIVE)).exists() or order.received_yen:
        return False
    if not order.move(OrderState.CANCELLED, came_from=[OrderState.PLACED], closed_on=clock.today()):
        return False
    Schedule.wake(order.account_id, clock.today())
    history.record("order", order.number, OrderState.PLACED, OrderState.CANCELLED, actor, reason, account=order.account_id)
    return True


def _new_draft(account: Account, kind: OrderKind) -> Order:
    try:
        with database.atomic():
            return created_with_number(Order, account=account, kind=kind, created_at=clock.now())
    except IntegrityError:
        draft = account.draft(kind)  # another tab was faster
        if draft is None:
            raise
        return draft
