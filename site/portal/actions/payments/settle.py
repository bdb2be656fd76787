"""Settles payments. The return page, webhooks, the reconciler and staff's allocations all end in `settle()` or `decline()`.

The only payment module that calls the renewals: a paid order may renew automatically, a declined charge may be retried.
"""

from collections.abc import Callable
from contextlib import nullcontext
from functools import partial

from models import ASKED, LIVE, Account, Order, OrderLine, Payment
from portal import clock
from portal.actions import history
from portal.actions.documents import papers
from portal.actions.orders.can_take_money import takes_money
from portal.actions.orders.drafts import cancel, lock_account
from portal.actions.orders.terms import begin_term
from portal.actions.payments.money import Money, record_money, waive
from portal.actions.renewals import after_payment
from portal.catalog import Catalog
from portal.enums import Method, OrderState, PaymentState
from portal.gateways.wallet import Shortfall
from portal.store.database import database

Last = list[Callable[[], object]]


def settle(order: Order, money: Money, *, actor: str, catalog: Catalog, last: Last | None = None) -> bool:
    """Record money (yen) for the order; when it is covered, mark it paid: terms, renewal, mail, history, 領収書.

    False if this money was recorded before; then nothing changes. If the order cannot take money, it is recorded without an order,
    for staff. `last`: the caller settles several orders in its transaction, and issues what is put there (領収書) at the end of it.
    """
    with database.atomic() if last is None else nullcontext():
        account = lock_account(order.account_id)
        order = Order.locked(order.id)
        lines = order.lines_in_order
        takes_it = takes_money(order, account, lines, money.received_on)
        if not record_money(order if takes_it else None, money, account):
            return False
        if not takes_it:
            reason = f"要確認: 充当できない入金 {money.yen}円（{money.reference}）"
            history.record("order", order.number, order.state, order.state, actor, reason, account=order.account_id)
            _end_attempt(money, actor, reason)
            return True
        _finish_payment(money, actor)
        if money.yen >= order.total_yen or order.received_yen >= order.total_yen:
            receipt = _make_paid(order, account, lines, money, actor, catalog)
            receipt() if last is None else last.append(receipt)
        return True


def accept_difference(order: Order, account: Account, yen: int, *, actor: str, reason: str, catalog: Catalog) -> None:
    """Count `yen` that never came for the partly paid order, which makes it paid. Called with both locked, inside a transaction."""
    paid_on = max(part.received_on for part in order.allocations)
    waive(order, yen)
    reason = f"差額 {yen}円を了承：{reason}"
    history.record("order", order.number, order.state, order.state, actor, reason, account=account)
    money = Money(Method.BANK, order.number, yen, paid_on, clock.today())
    receipt = _make_paid(order, account, order.lines_in_order, money, actor, catalog, waived_yen=yen)
    receipt()


def decline(payment: Payment, code: str, *, is_final: bool, actor: str, catalog: Catalog, shortfall: Shortfall | None = None) -> None:
    """Record a decline. `is_final`: no retry with this card or wallet. Locks account, order, payment in this order to avoid deadlocks."""
    with database.atomic():
        account = lock_account(payment.order.account_id)
        order = Order.locked(payment.order_id)
        before = Payment.locked(payment.id).state
        if not payment.move(PaymentState.DECLINED, came_from=ASKED, at=clock.now(), code=code, is_final=is_final):
            return
        history.record("payment", payment.key, before, PaymentState.DECLINED, actor, f"不成立: {code}", account=account)
        after_payment.after_decline(account, order, payment, code, catalog, shortfall)


def _finish_payment(money: Money, actor: str) -> None:
    """Mark the attempt succeeded, even if it was declined or abandoned before: the company's answer counts. The history shows it."""
    payment = money.payment
    if payment is None:
        return
    before = Payment.locked(payment.id).state
    closed = (PaymentState.DECLINED, PaymentState.ABANDONED)
    if payment.move(PaymentState.SUCCEEDED, came_from=(*LIVE, *closed), at=clock.now(), company_reference=money.reference, code=None):
        reason = "訂正: 支払い済みだった" if before in closed else "支払いを確認"
        history.record("payment", payment.key, before, PaymentState.SUCCEEDED, actor, reason, account=payment.order.account_id)


def _end_attempt(money: Money, actor: str, reason: str) -> None:
    """Close the attempt of a charge that could not be allocated, so it is not looked up again. Staff finds the allocation."""
    payment = money.payment
    if payment is None:
        return
    before = Payment.locked(payment.id).state
    values = {"company_reference": money.reference, "code": "not_allocated"}
    if payment.move(PaymentState.DECLINED, came_from=LIVE, at=clock.now(), **values):
        history.record("payment", payment.key, before, PaymentState.DECLINED, actor, reason, account=payment.order.account_id)


def _make_paid(
    order: Order, account: Account, lines: list[OrderLine], money: Money, actor: str, catalog: Catalog, *, waived_yen: int = 0
) -> Callable[[], object]:
    """Returns what issues its 領収書."""
    before, values = order.state, {"paid_on": money.received_on, "method": money.source, "closed_on": clock.today()}
    if not order.move(OrderState.PAID, came_from=[OrderState.PLACED, OrderState.EXPIRED], **values):
        raise RuntimeError(f"order {order.number} can no longer become paid")
    order.state, order.paid_on, order.method, order.closed_on = OrderState.PAID, *values.values()
    history.record("order", order.number, before, OrderState.PAID, actor, f"{order.total_yen}円の入金を確認", account=order.account_id)
    if before == OrderState.EXPIRED:
        _cancel_newer_order(order, account, actor)
    renews = after_payment.renews_from_now_on(order, account, money.payment)
    begins_on = None if order.is_automatic else money.begins_on
    terms = [begin_term(order, account, line, begins_on, renews=renews) for line in lines]
    after_payment.after_paid(order, account, money.payment, terms, catalog, renews=renews, waived_yen=waived_yen)
    return partial(papers.issue_receipt, order, account, terms, money.received_on, waived_yen, catalog.company)


def _cancel_newer_order(order: Order, account: Account, actor: str) -> None:
    """An expired order was paid late: cancel the newer one in its place, so the customer does not pay twice."""
    other = account.placed_like(order)
    if other:
        cancel(other, actor, "別のお申し込みのお支払いを確認したため")
