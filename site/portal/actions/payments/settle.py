"""Settles payments. The return page, webhooks, the reconciler and staff's allocations all end in `settle()` or `decline()`.

The only payment module that calls the renewals: a paid order may renew automatically, a declined charge may be retried.
"""

from collections.abc import Sequence

from models import ASKED, LIVE, Account, Event, Order, Payment
from portal import clock
from portal.actions import history
from portal.actions.documents import papers
from portal.actions.orders.can_take_money import takes_money
from portal.actions.orders.drafts import cancel, lock_account
from portal.actions.orders.terms import begin_term
from portal.actions.payments.locked_orders import LockedOrder, PaidOrder, Received, lock_orders
from portal.actions.payments.money import Money, record_money, waive
from portal.actions.renewals import after_payment
from portal.catalog import Catalog
from portal.enums import Method, OrderState, PaymentState
from portal.gateways.wallet import Shortfall
from portal.store.database import database
from portal.store.inserts import written_together


def settle(order: Order, money: Money, *, actor: str, catalog: Catalog) -> bool:
    """Record money (yen) for the order; when it is covered, mark it paid: terms, renewal, mail, history, 領収書.

    False if this money was recorded before; then nothing changes. If the order cannot take money, it is recorded without an order,
    for staff.
    """
    with database.atomic():
        [is_new] = settle_all([Received(order, money, actor)], [lock_account(order.account_id)], catalog)
        return is_new


def settle_all(received: Sequence[Received], accounts: Sequence[Account], catalog: Catalog) -> list[bool]:
    """The same for orders of different accounts, which the caller has locked. The 領収書 come last: a paper's number lets others wait."""
    paid: list[PaidOrder] = []
    locked = lock_orders(received, {account.id: account for account in accounts})
    with written_together(Event):
        found = [_settle(each, of.money, of.actor, paid) for each, of in zip(locked, received, strict=True)]
        if paid:
            after_payment.tell(paid, catalog)
    _issue_receipts(paid, catalog)
    return found


def _settle(found: LockedOrder, money: Money, actor: str, paid: list[PaidOrder]) -> bool:
    """What became paid is added to `paid`."""
    order, account = found.order, found.account
    takes_it = takes_money(order, account, found.lines, money.received_on)
    if not record_money(order if takes_it else None, money, account):
        return False
    if not takes_it:
        reason = f"要確認: 充当できない入金 {money.yen}円（{money.reference}）"
        history.record("order", order.number, order.state, order.state, actor, reason, account=account)
        _end_attempt(found, money, actor, reason)
        return True
    finished = _finish_payment(found, money, actor)
    if money.yen >= order.total_yen or order.received_yen >= order.total_yen:
        paid.append(_make_paid(found, money, actor, with_payment=finished))
    else:
        history.record_all(finished)
    return True


def accept_difference(order: Order, account: Account, yen: int, *, actor: str, reason: str, catalog: Catalog) -> None:
    """Count `yen` that never came for the partly paid order, which makes it paid. Called with both locked, inside a transaction."""
    paid_on = max(part.received_on for part in order.allocations)
    waive(order, yen)
    reason = f"差額 {yen}円を了承：{reason}"
    history.record("order", order.number, order.state, order.state, actor, reason, account=account)
    money = Money(Method.BANK, order.number, yen, paid_on, clock.today())
    [found] = lock_orders([Received(order, money, actor)], {account.id: account})
    paid = [_make_paid(found, money, actor, waived_yen=yen)]
    after_payment.tell(paid, catalog)
    _issue_receipts(paid, catalog)


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


def _finish_payment(found: LockedOrder, money: Money, actor: str) -> list[history.Change]:
    """Mark the attempt succeeded, even if it was declined or abandoned before: the company's answer counts. The history shows it.

    Returns what the caller is to record.
    """
    payment, before = money.payment, found.payment_state
    closed = (PaymentState.DECLINED, PaymentState.ABANDONED)
    values = {"company_reference": money.reference, "code": None}
    if payment is None or not payment.move(PaymentState.SUCCEEDED, came_from=(*LIVE, *closed), at=clock.now(), **values):
        return []
    reason = "訂正: 支払い済みだった" if before in closed else "支払いを確認"
    return [history.Change("payment", payment.key, before, PaymentState.SUCCEEDED, actor, reason, found.account)]


def _end_attempt(found: LockedOrder, money: Money, actor: str, reason: str) -> None:
    """Close the attempt of a charge that could not be allocated, so it is not looked up again. Staff finds the allocation."""
    payment, before = money.payment, found.payment_state
    if payment is None:
        return
    values = {"company_reference": money.reference, "code": "not_allocated"}
    if payment.move(PaymentState.DECLINED, came_from=LIVE, at=clock.now(), **values):
        history.record("payment", payment.key, before, PaymentState.DECLINED, actor, reason, account=found.account)


def _make_paid(
    found: LockedOrder, money: Money, actor: str, *, waived_yen: int = 0, with_payment: Sequence[history.Change] = ()
) -> PaidOrder:
    """`with_payment`: what was changed of the payment, to be recorded together with the order."""
    order, account = found.order, found.account
    before, values = order.state, {"paid_on": money.received_on, "method": money.source, "closed_on": clock.today()}
    if not order.move(OrderState.PAID, came_from=[OrderState.PLACED, OrderState.EXPIRED], **values):
        raise RuntimeError(f"order {order.number} can no longer become paid")
    order.state, order.paid_on, order.method, order.closed_on = OrderState.PAID, *values.values()
    reason = f"{order.total_yen}円の入金を確認"
    history.record_all([*with_payment, history.Change("order", order.number, before, OrderState.PAID, actor, reason, account)])
    if before == OrderState.EXPIRED:
        _cancel_newer_order(order, account, actor)
    renews = after_payment.renews_from_now_on(order, account, money.payment, is_renewing=found.is_renewing)
    begins_on = None if order.is_automatic else money.begins_on
    terms = [begin_term(order, account, line, begins_on, renews=renews) for line in found.lines]
    after_payment.after_paid(found, money.payment, terms, renews=renews)
    return PaidOrder(account, order, terms, money.payment, money.received_on, waived_yen)


def _issue_receipts(paid: Sequence[PaidOrder], catalog: Catalog) -> None:
    bought = [papers.Bought(each.order, each.account, each.terms, each.received_on, each.waived_yen) for each in paid]
    papers.issue_receipts(bought, catalog.company)


def _cancel_newer_order(order: Order, account: Account, actor: str) -> None:
    """An expired order was paid late: cancel the newer one in its place, so the customer does not pay twice."""
    other = account.placed_like(order)
    if other:
        cancel(other, actor, "別のお申し込みのお支払いを確認したため")
