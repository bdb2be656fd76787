"""The first step of an automatic charge: place the order for one contract end, and commit one attempt to pay it.

What is to be charged is decided for each account; the rows are then written for several accounts by as many statements as for one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from peewee import Query

from models import Account, Consent, Order, OrderLine, Payment, PaymentMethod, RenewalSetting, created_all, created_with_numbers
from portal import clock
from portal.actions import history
from portal.actions.orders.drafts import cancel
from portal.actions.orders.placement import ANSWER_EXPECTED_WITHIN, as_row
from portal.actions.payments.company_calls import MoneyCompany
from portal.actions.payments.pay import CommittedAttempt
from portal.actions.renewals import skipped_charges
from portal.actions.renewals.billing_context import BillingContext
from portal.actions.renewals.reserved_lines import documents_of
from portal.enums import OrderKind, OrderState, PaymentState
from portal.rules.orders.tax import tax_inside
from portal.rules.renewals.charge_skips import METHOD_REMOVED, NO_COMPANY, Skipped, waiting_for, why_not_charged
from portal.rules.renewals.renewal_group import RenewalGroup, renewal_group
from portal.rules.renewals.scheduled_event import ScheduledEvent
from portal.rules.renewals.snapshot import Snapshot
from portal.store.inserts import insert
from portal.store.prepared import Prepared


@dataclass(frozen=True)
class PlannedCharge:
    """A charge that `begin_all` begins in the same transaction. `order`: the open one, whose charge was declined; None: one is placed."""

    account: Account
    snapshot: Snapshot
    group: RenewalGroup
    found: PaymentMethod
    company: MoneyCompany
    tax_percent: int
    order: Order | None


def plan(account: Account, snapshot: Snapshot, found: ScheduledEvent, context: BillingContext) -> PlannedCharge | bool:
    """What is charged now. An open order that differs from it is cancelled. Call it with the account locked.

    False if nothing can be charged now; the reason is in the history (entity `auto LOGIN ENDS_ON`).
    """
    group = renewal_group(snapshot, found.ends_on, clock.today(), context.catalog)
    charged = _charge(account, snapshot, group, context)
    if isinstance(charged, Skipped):
        skipped_charges.record(account, found.ends_on, charged)
        return False
    return charged


def begin_all(planned: Sequence[PlannedCharge], installation_id: str) -> list[CommittedAttempt]:
    """Place their orders, and create one attempt for each: the first of the three steps of every payment."""
    placed = iter(_place([each for each in planned if each.order is None]))
    orders = [each.order or next(placed) for each in planned]
    attempts = [
        _NewAttempt(order, order.payments.count() + 1 if each.order else 1, each.found) for order, each in zip(orders, planned, strict=True)
    ]
    payments = _create_attempts(attempts, installation_id)
    return [CommittedAttempt(payment, each.company) for payment, each in zip(payments, planned, strict=True)]


def _charge(account: Account, snapshot: Snapshot, group: RenewalGroup, context: BillingContext) -> PlannedCharge | Skipped:
    company, found = context.companies.get(snapshot.renewal_method.method), _payment_method(account, context)
    skipped = why_not_charged(snapshot, group, clock.today()) or _why_not_with(found, company)
    if skipped:
        return skipped
    order = _reused(account, snapshot, group) if snapshot.open_order else None
    if isinstance(order, Skipped):
        return order
    return PlannedCharge(account, snapshot, group, found, company, context.catalog.tax_percent, order)


def _why_not_with(found: PaymentMethod | None, company: MoneyCompany | None) -> Skipped | None:
    """Why the stored card or wallet cannot be charged."""
    if found is None:
        return METHOD_REMOVED
    return None if company and found.company == company.name else NO_COMPANY


def _payment_method(account: Account, context: BillingContext) -> PaymentMethod | None:
    """The card or wallet of the renewal setting; None if it was dropped."""
    found = context.renewing_with() if context.renewing_with else renewing_with([account])
    method = found.get(account.id)
    return method if method and method.is_kept else None


def renewing_with(accounts: Sequence[Account]) -> dict[int, PaymentMethod]:
    """By account. Called with them locked."""
    return {method.account_id: method for method in _renewing_with([account.id for account in accounts])}


@Prepared
def _renewing_with(accounts: list[Any]) -> Query:
    return PaymentMethod.select().join(RenewalSetting).where(RenewalSetting.account.in_(accounts))


def _reused(account: Account, snapshot: Snapshot, group: RenewalGroup) -> Order | Skipped | None:
    """The open order, if it is the one for this end. None if it differs or was placed by hand, and is cancelled now: another is placed.

    Skipped if it cannot be cancelled.
    """
    open_order = account.placed_order
    if open_order and _is_the_same(open_order, group):
        Order.update(method=snapshot.renewal_method.method, due_on=None).where(Order.id == open_order.id).execute()
        return Order.get_by_id(open_order.id)
    if open_order and not cancel(open_order, history.WORKER, "自動更新に置き換え"):
        return waiting_for(snapshot.open_order)
    return None


def _is_the_same(order: Order, group: RenewalGroup) -> bool:
    if not order.is_automatic or order.renews_end != group.ends_on:
        return False
    names = ("subscription_id", "product", "quantity", "months", "yen", "starts_on")
    placed = {tuple(getattr(line, name) for name in names) for line in order.lines}
    return placed == {(line.subscription, line.product, line.quantity, line.months, line.yen, line.starts_on) for line in group.quote.lines}


def _place(planned: Sequence[PlannedCharge]) -> list[Order]:
    orders = created_with_numbers(Order, [_row(each) for each in planned])
    placed = list(zip(orders, planned, strict=True))
    insert(OrderLine, *[row for order, each in placed for row in _lines(order, each.group)])
    for order, each in placed:
        if each.snapshot.reserved:
            _keep_consents(each.account, order, each.group)
    about = (OrderState.DRAFT, OrderState.PLACED, history.WORKER)
    history.record_all(
        [history.Change("order", order.number, *about, f"自動更新 {order.total_yen}円", order.account_id) for order, _ in placed]
    )
    return orders


def _row(planned: PlannedCharge) -> dict[str, Any]:
    account, group, percent, how = planned.account, planned.group, planned.tax_percent, planned.snapshot.renewal_method
    sums = {"total_yen": group.quote.yen, "tax_yen": tax_inside(group.quote.yen, percent), "tax_percent": percent}
    about = {"kind": OrderKind.AUTO, "state": OrderState.PLACED, "renews_end": group.ends_on, "plan": account.plan}
    paid = {"method": how.method, "wallet_day": how.wallet_day, "created_at": clock.now(), "placed_at": clock.now()}
    return {"account": account, **about, **sums, **paid}


def _lines(order: Order, group: RenewalGroup) -> list[dict[str, Any]]:
    return [OrderLine(**as_row(order, position, line)).__data__ for position, line in enumerate(group.quote.lines, 1)]


def _keep_consents(account: Account, order: Order, group: RenewalGroup) -> None:
    """Copy the customer's consents from the reservation to the order."""
    reservation = account.reservation
    documents = documents_of(reservation) if reservation and reservation.ends_on == group.ends_on else []
    if documents:
        Consent.insert_many([{"order": order} | document for document in documents]).execute()


@dataclass(frozen=True)
class _NewAttempt:
    """`number`: how many attempts to pay the order there are with it."""

    order: Order
    number: int
    found: PaymentMethod

    def key(self, installation_id: str) -> str:
        return f"{installation_id}-o{self.order.number}-a{self.number}"


def new_attempt(order: Order, found: PaymentMethod, installation_id: str) -> Payment:
    """The first of the three steps: one attempt, committed before the company is asked. Called with the account locked."""
    return _create_attempts([_NewAttempt(order, order.payments.count() + 1, found)], installation_id)[0]


def _create_attempts(attempts: Sequence[_NewAttempt], installation_id: str) -> list[Payment]:
    now = clock.now()
    times = {"next_lookup_at": now + ANSWER_EXPECTED_WITHIN, "created_at": now, "updated_at": now}
    rows = [
        {"order": each.order, "attempt": each.number, "method": each.found.method, "key": each.key(installation_id)}
        | {"yen": each.order.total_yen, "payment_method": each.found, **times}
        for each in attempts
    ]
    payments, about = created_all(Payment, Payment.key, rows), (None, PaymentState.CREATED, history.WORKER)
    history.record_all(
        [
            history.Change("payment", payment.key, *about, f"{payment.yen}円の自動更新の支払いを開始", payment.order.account_id)
            for payment in payments
        ]
    )
    return payments
