"""Allocating a part of a deposit to an order. Whole yen."""

from dataclasses import dataclass

from models import LIVE, Deposit, Order, Payment, Staff
from portal import clock
from portal.actions import history
from portal.actions.orders.can_take_money import takes_money
from portal.actions.orders.drafts import lock_account
from portal.actions.payments.money import Money, reference_of
from portal.actions.payments.settle import settle
from portal.actions.transfers.deposits import NotPossible
from portal.catalog import Catalog
from portal.enums import Method
from portal.rules.transfers.due_dates import due_day
from portal.store.database import database


@dataclass(frozen=True)
class Seen:
    """The yen on the screen when staff pressed OK: unallocated in the deposit, and missing in the order."""

    rest_yen: int
    missing_yen: int


def allocate(deposit: Deposit, order: Order, yen: int, staff: Staff, reason: str, seen: Seen | None = None, *, catalog: Catalog) -> None:
    """Allocate `yen` of the deposit to the order; the order becomes paid once it is covered.

    Raises NotPossible if the deposit or the order's missing amount is too small, the order takes no money, or `seen` no longer matches.
    """
    with database.atomic():
        account = lock_account(order.account_id)
        order, deposit = Order.locked(order.id), Deposit.locked(deposit.id)
        _refuse_unless_possible(order, deposit, yen)
        if seen and seen != Seen(deposit.rest_yen, order.missing_yen):
            raise NotPossible("表示したあとで、入金の残りか申し込みの不足額が変わりました。")
        if not takes_money(order, account, deposit.counts_on):
            raise NotPossible("この申し込みには充当できません。状態が変わったか、期限までの入金ではありません。")
        due_on = order.due_on or due_day(clock.today())
        Order.update(method=Method.BANK, due_on=due_on).where(Order.id == order.id).execute()
        history.record(
            "deposit",
            deposit.number,
            "entered",
            "allocated",
            history.by_staff(staff),
            f"申し込み {order.number} に {yen}円：{reason}",
            account=order.account_id,
        )
        money = Money(Method.BANK, reference_of(deposit), yen, deposit.counts_on, clock.today(), deposit=deposit)
        if not settle(order, money, actor=history.by_staff(staff), catalog=catalog):
            raise NotPossible("この入金は、すでにこの申し込みに充当されています。")


def _refuse_unless_possible(order: Order, deposit: Deposit, yen: int) -> None:
    in_progress = Payment.select().join(Order).where(Order.account == order.account_id, Payment.state.in_(LIVE))
    if in_progress.exists():
        raise NotPossible("カードまたはおさいぽ!のお支払いの結果を確認中です。結果が出てから充当してください。")
    if not 0 < yen <= deposit.rest_yen:
        raise NotPossible(f"この入金の残りは {deposit.rest_yen:,}円です。")
    if order.total_yen is None or yen > order.missing_yen:
        raise NotPossible("申し込みの不足額を超えて充当することはできません。")
