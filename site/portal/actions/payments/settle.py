"""Where all money ends: the return page, the company's webhook, the reconciler and staff's allocation call `settle()`.

The only module below the renewals that calls them: what was paid may renew by itself, what was declined may be tried again.
"""

from models import ASKED, LIVE, Account, Order, OrderLine, Payment
from portal import clock
from portal.actions import history
from portal.actions.orders.can_take_money import takes_money
from portal.actions.orders.drafts import cancel, hold
from portal.actions.orders.terms import begin_term
from portal.actions.payments.money import Money, count
from portal.actions.renewals import after_payment
from portal.catalog import Catalog
from portal.enums import OrderState, PaymentState
from portal.store.database import database


def settle(order: Order, money: Money, *, actor: str, catalog: Catalog) -> bool:
    """Record money for the order; when it is covered, make it paid: terms, renewal, history.

    False when this money was known already: then nothing changes. Money for an order that can take none is kept
    without an order, for staff.
    """
    with database.atomic():
        account = hold(order.account_id)
        order = Order.locked(order.id)
        takes_it = takes_money(order, account, money.received_on)
        if not count(order if takes_it else None, money):
            return False
        if not takes_it:
            reason = f"要確認: 充当できない入金 {money.yen}円（{money.reference}）"
            history.record("order", order.number, order.state, order.state, actor, reason, account=order.account_id)
            _end_attempt(money, actor, reason)
            return True
        _finish_payment(money, actor)
        if order.received_yen >= order.total_yen:
            _make_paid(order, account, money, actor, catalog)
        return True


def decline(payment: Payment, code: str, *, is_final: bool, actor: str, catalog: Catalog) -> None:
    """The company took nothing. Account, order, payment: everybody locks them in this order, or two with contradictory words deadlock."""
    with database.atomic():
        account = hold(payment.order.account_id)
        order = Order.locked(payment.order_id)
        before = Payment.locked(payment.id).state
        if not payment.move(PaymentState.DECLINED, came_from=ASKED, at=clock.now(), code=code, is_final=is_final):
            return
        history.record("payment", payment.key, before, PaymentState.DECLINED, actor, f"不成立: {code}", account=account)
        after_payment.after_decline(account, order, payment, code, catalog.renewal)


def _finish_payment(money: Money, actor: str) -> None:
    """The company's word counts, even where the attempt had been given up: that correction is in the history too."""
    payment = money.payment
    if payment is None:
        return
    before = Payment.locked(payment.id).state
    given_up = (PaymentState.DECLINED, PaymentState.ABANDONED)
    if payment.move(PaymentState.SUCCEEDED, came_from=(*LIVE, *given_up), at=clock.now(), company_reference=money.reference, code=None):
        reason = "訂正: 決済会社では支払い済み" if before in given_up else "決済会社が支払いを確認"
        history.record("payment", payment.key, before, PaymentState.SUCCEEDED, actor, reason, account=payment.order.account_id)


def _end_attempt(money: Money, actor: str, reason: str) -> None:
    """The order has no use for this money; nobody needs to ask about the attempt any more. Staff finds the receipt."""
    payment = money.payment
    if payment is None:
        return
    before = Payment.locked(payment.id).state
    values = {"company_reference": money.reference, "code": "not_allocated"}
    if payment.move(PaymentState.DECLINED, came_from=LIVE, at=clock.now(), **values):
        history.record("payment", payment.key, before, PaymentState.DECLINED, actor, reason, account=payment.order.account_id)


def _make_paid(order: Order, account: Account, money: Money, actor: str, catalog: Catalog) -> None:
    values = {"paid_on": money.received_on, "method": money.source, "closed_on": clock.today()}
    if not order.move(OrderState.PAID, came_from=[OrderState.PLACED, OrderState.EXPIRED], **values):
        raise RuntimeError(f"order {order.number} could take money a moment ago and cannot now")
    history.record("order", order.number, order.state, OrderState.PAID, actor, f"{order.total_yen}円の入金を確認", account=order.account_id)
    _end_the_other_order(account, actor)
    renews = after_payment.renews_from_now_on(account, money.payment)
    begins_on = None if order.is_automatic else money.begins_on
    for line in order.lines.order_by(OrderLine.position):
        begin_term(order, account, line, begins_on, renews=renews)
    after_payment.after_paid(Order.get_by_id(order.id), account, money.payment, catalog.renewal, renews=renews)


def _end_the_other_order(account: Account, actor: str) -> None:
    """An expired order that is paid after all leaves a newer one without a term to pay for: nobody is to pay that as well."""
    other = account.placed_order
    if other:
        cancel(other, actor, "別のお申し込みのお支払いを確認したため")
