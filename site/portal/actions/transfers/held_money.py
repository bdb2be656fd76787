"""お預かり: money of a customer that is for no order, until staff have allocated or returned it. Never used by itself."""

from models import Account, Deposit, Order, Staff
from portal.actions import history
from portal.actions.mail import money_mails
from portal.actions.orders.drafts import lock_account
from portal.actions.payments.money import assign_rest
from portal.actions.transfers.deposits import NotPossible
from portal.enums import HeldBecause, OrderState
from portal.store.database import database

ERASED = "このお客様の個人データは消去済みのため、お預かりをお知らせできません。入金のページから返金してください。"


def hold_for_customer(deposit: Deposit, order: Order, staff: Staff, reason: str) -> None:
    """The rest of the deposit is the customer's: it was meant for the order, which cannot take it. Mail, history, お預かり on the page.

    Raises NotPossible if there is no rest, it is this customer's already, or nobody is there to read of it.
    """
    with database.atomic():
        account = lock_account(order.account_id)
        order, deposit = Order.locked(order.id), Deposit.locked(deposit.id)
        rest_yen = deposit.rest_yen
        if account.erased_at:
            raise NotPossible(ERASED)
        if rest_yen <= 0 or deposit.rest_owner == account:
            raise NotPossible("この入金に残りがないか、すでにこのお客様のお預かりです。")
        assign_rest(deposit, account)
        why = f"申し込み {order.number} のお客様の {rest_yen}円をお預かり：{reason}"
        history.record("deposit", deposit.number, "entered", "entered", history.by_staff(staff), why, account=account)
        money_mails.money_held(account, deposit, order, rest_yen, because(order))


def write_to(deposit: Deposit, account: Account, staff: Staff, text: str) -> None:
    """Mail the customer about the money that is held of this deposit, and keep that in the history. Raises NotPossible if none is held."""
    with database.atomic():
        account, deposit = lock_account(account.id), Deposit.locked(deposit.id)
        rest_yen = deposit.rest_yen
        if rest_yen <= 0 or deposit.rest_owner != account:
            raise NotPossible("この入金からお預かりしている金額は、もうありません。")
        if was_written(deposit, staff, text):
            raise NotPossible("同じ文のメールを送ったばかりです。")
        history.record("deposit", deposit.number, "entered", "entered", history.by_staff(staff), _written(text), account=account)
        money_mails.held_letter(account, deposit, rest_yen, text)


def was_written(deposit: Deposit, staff: Staff, text: str) -> bool:
    """True if the last that happened to the deposit is that this member of staff wrote this: the button was pressed twice."""
    last = history.newest(f"deposit {deposit.number}")
    return last is not None and (last.actor, last.reason) == (history.by_staff(staff), _written(text))


def _written(text: str) -> str:
    return f"お客様へのご連絡：{text}"


def because(order: Order) -> HeldBecause:
    """Why the order cannot take the money, for the customer."""
    found = {
        OrderState.CANCELLED: HeldBecause.CANCELLED,
        OrderState.PAID: HeldBecause.PAID,
        OrderState.EXPIRED: HeldBecause.LATE,
    }
    return found.get(OrderState(order.state), HeldBecause.NOT_PAYABLE)
