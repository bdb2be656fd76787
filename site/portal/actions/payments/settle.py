"""Settles payments. The return page, webhooks, the reconciler and staff's allocations all end in `settle()` or `decline()`.

The only payment module that calls the renewals: a paid order may renew automatically, a declined charge may be retried.
"""

from collections import defaultdict
from collections.abc import Sequence

from models import ASKED, LIVE, Account, Event, Order, Payment, Term
from portal import clock
from portal.actions import history
from portal.actions.documents import papers
from portal.actions.orders.can_take_money import takes_money
from portal.actions.orders.drafts import cancel, lock_account
from portal.actions.orders.terms import PaidLine, begin_terms
from portal.actions.payments.locked_orders import LockedOrder, PaidOrder, Received, lock_orders
from portal.actions.payments.money import Money, record_all, waive
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
    """The same for orders of different accounts, which the caller has locked: each step for all of them, by as many statements as for one.

    The 領収書 come last: a paper's number lets others wait.
    """
    locked = lock_orders(received, {account.id: account for account in accounts})
    with written_together(Event):
        takes_it = [takes_money(each.order, each.account, each.lines, each.money.received_on) for each in locked]
        is_new = record_all([(of.order if takes else None, of.money, of.account) for of, takes in zip(locked, takes_it, strict=True)])
        new = [(each, takes) for each, takes, is_it in zip(locked, takes_it, is_new, strict=True) if is_it]
        for each in [each for each, takes in new if not takes]:
            _leave_to_staff(each)
        paid = _settle([each for each, takes in new if takes])
        after_payment.tell(paid, catalog)
    _issue_receipts(paid, catalog)
    return is_new


def _settle(found: Sequence[LockedOrder]) -> list[PaidOrder]:
    """Their money is recorded. Returns those that it makes paid."""
    _finish_payments(found)
    return _make_paid([each for each in found if each.money.yen >= each.order.total_yen or each.order.received_yen >= each.order.total_yen])


def _leave_to_staff(found: LockedOrder) -> None:
    order, money = found.order, found.money
    reason = f"要確認: 充当できない入金 {money.yen}円（{money.reference}）"
    history.record("order", order.number, order.state, order.state, found.actor, reason, account=found.account)
    _end_attempt(found, reason)


def accept_difference(order: Order, account: Account, yen: int, *, actor: str, reason: str, catalog: Catalog) -> None:
    """Count `yen` that never came for the partly paid order, which makes it paid. Called with both locked, inside a transaction."""
    paid_on = max(part.received_on for part in order.allocations)
    waive(order, yen)
    reason = f"差額 {yen}円を了承：{reason}"
    history.record("order", order.number, order.state, order.state, actor, reason, account=account)
    money = Money(Method.BANK, order.number, yen, paid_on, clock.today())
    paid = _make_paid(lock_orders([Received(order, money, actor)], {account.id: account}), waived_yen=yen)
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


def _finish_payments(found: Sequence[LockedOrder]) -> None:
    """Mark the attempts succeeded, even if one was declined or abandoned before: the company's answer counts. The history shows it."""
    closed = (PaymentState.DECLINED, PaymentState.ABANDONED)
    references = {each.money.payment.id: each.money.reference for each in found if each.money.payment}
    moved = Payment.move_each(references, PaymentState.SUCCEEDED, came_from=(*LIVE, *closed), at=clock.now(), code=None)
    for each in [each for each in found if each.money.payment and each.money.payment.id in moved]:
        reason = "訂正: 支払い済みだった" if each.payment_state in closed else "支払いを確認"
        states = (each.payment_state, PaymentState.SUCCEEDED)
        history.record("payment", each.money.payment.key, *states, each.actor, reason, account=each.account)


def _end_attempt(found: LockedOrder, reason: str) -> None:
    """Close the attempt of a charge that could not be allocated, so it is not looked up again. Staff finds the allocation."""
    payment, before = found.money.payment, found.payment_state
    if payment is None:
        return
    values = {"company_reference": found.money.reference, "code": "not_allocated"}
    if payment.move(PaymentState.DECLINED, came_from=LIVE, at=clock.now(), **values):
        history.record("payment", payment.key, before, PaymentState.DECLINED, found.actor, reason, account=found.account)


def _make_paid(found: Sequence[LockedOrder], *, waived_yen: int = 0) -> list[PaidOrder]:
    """`waived_yen`: what staff accepted as missing."""
    expired = [each for each in found if each.order.state == OrderState.EXPIRED]
    _mark_paid(found, waived_yen)
    for each in expired:
        _cancel_newer_order(each.order, each.account, each.actor)
    renewing = {each.order.id for each in found if after_payment.renews_from_now_on(each)}
    terms = _begin_terms(found, renewing)
    for each in found:
        after_payment.after_paid(each, terms[each.order.id], renews=each.order.id in renewing)
    return [
        PaidOrder(each.account, each.order, terms[each.order.id], each.money.payment, each.money.received_on, waived_yen) for each in found
    ]


def _begin_terms(found: Sequence[LockedOrder], renewing: set[int]) -> dict[int, list[Term]]:
    """By order. `renewing`: those whose payment turns automatic renewal on."""
    lines, terms = [], defaultdict(list)
    for each in found:
        begins_on = None if each.order.is_automatic else each.money.begins_on
        lines += [PaidLine(each.order, each.account, line, begins_on, renews=each.order.id in renewing) for line in each.lines]
    for term in begin_terms(lines):
        terms[term.order_id].append(term)
    return terms


def _mark_paid(found: Sequence[LockedOrder], waived_yen: int) -> None:
    values = {each.order.id: {"paid_on": each.money.received_on, "method": each.money.source} for each in found}
    came_from = (OrderState.PLACED, OrderState.EXPIRED)
    moved = Order.move_each(values, OrderState.PAID, came_from=came_from, closed_on=clock.today())
    for each in found:
        order, before = each.order, each.order.state
        if order.id not in moved:
            raise RuntimeError(f"order {order.number} can no longer become paid")
        order.state, order.closed_on, order.paid_on, order.method = OrderState.PAID, clock.today(), *values[order.id].values()
        reason = f"{order.total_yen - waived_yen}円の入金を確認"
        history.record("order", order.number, before, OrderState.PAID, each.actor, reason, account=each.account)


def _issue_receipts(paid: Sequence[PaidOrder], catalog: Catalog) -> None:
    bought = [papers.Bought(each.order, each.account, each.terms, each.received_on, each.waived_yen) for each in paid]
    papers.issue_receipts(bought, catalog.company)


def _cancel_newer_order(order: Order, account: Account, actor: str) -> None:
    """An expired order was paid late: cancel the newer one in its place, so the customer does not pay twice."""
    other = account.placed_like(order)
    if other:
        cancel(other, actor, "別のお申し込みのお支払いを確認したため")
