"""Cancelling a customer's open order, by staff."""

from models import Order, Staff
from portal.actions import history
from portal.actions.mail import order_mails
from portal.actions.orders.drafts import cancel, lock_account
from portal.actions.transfers.deposits import NotPossible
from portal.actions.transfers.parts import release_parts
from portal.store.database import database


def cancel_order(order: Order, staff: Staff, reason: str) -> None:
    """Cancel the open order; mail and history. Parts that came become rests of their deposits (お預かり).

    Raises NotPossible while its payment may still arrive, for an automatic order, and if it is not open.
    """
    with database.atomic():
        account, order = lock_account(order.account_id), Order.locked(order.id)
        if order.is_automatic:
            raise NotPossible("自動更新の申し込みです。取り消すには、お客様のページで自動更新を止めてください。")
        if not order.is_placed:
            raise NotPossible("この申し込みは、お支払いを待っていません。")
        held_yen = release_parts(order, account, history.by_staff(staff), "申し込みの取消")
        if not cancel(order, history.by_staff(staff), f"担当者による取消：{reason}"):
            raise NotPossible("カードまたはおさいぽ!のお支払いの結果を確認中です。結果が出てから取り消してください。")
        order_mails.order_cancelled(order, account, reason, held_yen)
