"""Staff accept that a transfer was short by a little, so that the customer need not transfer 440 yen once more."""

from models import LIVE, Order, Payment, Staff
from portal.actions import history
from portal.actions.mail import money_mails
from portal.actions.orders.can_take_money import may_pay_terms
from portal.actions.orders.drafts import lock_account
from portal.actions.payments import settle
from portal.actions.transfers.deposits import NotPossible
from portal.catalog import Catalog
from portal.store.database import database


def accept_difference(order: Order, staff: Staff, reason: str, *, catalog: Catalog) -> None:
    """The order is paid although some yen are missing, at most the catalog's limit; the customer is mailed. Raises NotPossible."""
    with database.atomic():
        account = lock_account(order.account_id)
        order = Order.locked(order.id)
        if why_not := refusal(order, catalog.accepted_difference_yen):
            raise NotPossible(why_not)
        actor = history.by_staff(staff)
        money_mails.withdraw(order, account)
        settle.accept_difference(order, account, order.missing_yen, actor=actor, reason=reason, catalog=catalog)


def refusal(order: Order, limit_yen: int) -> str | None:
    """Why the difference cannot be accepted, in Japanese; None if it can. `limit_yen`: `accepted_difference_yen` of the catalog."""
    if not (order.is_placed and order.is_by_transfer and order.received_yen):
        return "差額を了承できるのは、一部入金の申し込みだけです。"
    if order.payments.where(Payment.state.in_(LIVE)).exists():
        return "カードまたはおさいぽ!のお支払いの結果を確認中です。"
    if order.is_automatic:
        return "自動更新の申し込みの差額は了承できません。"
    if not may_pay_terms(order, order.account, order.lines_in_order):
        return "この申し込みの契約期間は、すでに支払われているか、契約が終わっています。"
    if order.missing_yen > limit_yen:
        return f"了承できる差額は{limit_yen:,}円までです（不足は{order.missing_yen:,}円）。"
    return None
