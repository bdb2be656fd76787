"""The first step of an automatic charge: place the order for one contract end, and commit one attempt to pay it."""

from collections.abc import Sequence
from typing import Any

from peewee import Query

from models import Account, Consent, Order, OrderLine, Payment, PaymentMethod, RenewalSetting, created, created_with_number
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


def begin(account: Account, snapshot: Snapshot, found: ScheduledEvent, context: BillingContext) -> CommittedAttempt | bool:
    """Place the order, or reuse the one whose charge was declined, and create one attempt. Call it with the account locked.

    False if nothing can be charged now; the reason is in the history (entity `auto LOGIN ENDS_ON`).
    """
    group = renewal_group(snapshot, found.ends_on, clock.today(), context.catalog)
    charged = _charge(account, snapshot, group, context)
    if isinstance(charged, Skipped):
        skipped_charges.record(account, found.ends_on, charged)
        return False
    return charged


def _charge(account: Account, snapshot: Snapshot, group: RenewalGroup, context: BillingContext) -> CommittedAttempt | Skipped:
    company, found = context.companies.get(snapshot.renewal_method.method), _payment_method(account, context)
    skipped = why_not_charged(snapshot, group, clock.today()) or _why_not_with(found, company)
    if skipped:
        return skipped
    changes: list[history.Change] = []
    order = (
        _order(account, snapshot, group, context, changes) if snapshot.open_order else _place(account, snapshot, group, context, changes)
    )
    if order is None:
        assert snapshot.open_order is not None
        return waiting_for(snapshot.open_order)
    attempt = 1 if snapshot.open_order is None else order.payments.count() + 1
    return CommittedAttempt(_create_attempt(order, attempt, found, context.installation_id, changes), company)


def _why_not_with(found: PaymentMethod | None, company: MoneyCompany | None) -> Skipped | None:
    """Why the stored card or wallet cannot be charged."""
    if found is None:
        return METHOD_REMOVED
    return None if company and found.company == company.name else NO_COMPANY


def _payment_method(account: Account, context: BillingContext) -> PaymentMethod | None:
    """The card or wallet of the renewal setting; None if it was dropped."""
    found = renewing_with([account]) if context.renewing_with is None else context.renewing_with
    method = found.get(account.id)
    return method if method and method.is_kept else None


def renewing_with(accounts: Sequence[Account]) -> dict[int, PaymentMethod]:
    """By account. Called with them locked."""
    return {method.account_id: method for method in _renewing_with([account.id for account in accounts])}


@Prepared
def _renewing_with(accounts: list[Any]) -> Query:
    return PaymentMethod.select().join(RenewalSetting).where(RenewalSetting.account.in_(accounts))


def _order(
    account: Account, snapshot: Snapshot, group: RenewalGroup, context: BillingContext, changes: list[history.Change]
) -> Order | None:
    """The order for this end: the open one, or one that replaces it if it differs or was placed by hand. None if it cannot be cancelled."""
    open_order = account.placed_order
    if open_order and _is_the_same(open_order, group):
        Order.update(method=snapshot.renewal_method.method, due_on=None).where(Order.id == open_order.id).execute()
        return Order.get_by_id(open_order.id)
    if open_order and not cancel(open_order, history.WORKER, "自動更新に置き換え"):
        return None
    return _place(account, snapshot, group, context, changes)


def _is_the_same(order: Order, group: RenewalGroup) -> bool:
    if not order.is_automatic or order.renews_end != group.ends_on:
        return False
    names = ("subscription_id", "product", "quantity", "months", "yen", "starts_on")
    placed = {tuple(getattr(line, name) for name in names) for line in order.lines}
    return placed == {(line.subscription, line.product, line.quantity, line.months, line.yen, line.starts_on) for line in group.quote.lines}


def _place(account: Account, snapshot: Snapshot, group: RenewalGroup, context: BillingContext, changes: list[history.Change]) -> Order:
    """`changes`: gets what is to be recorded of it."""
    total, percent, renewal_method = group.quote.yen, context.catalog.tax_percent, snapshot.renewal_method
    sums = {"total_yen": total, "tax_yen": tax_inside(total, percent), "tax_percent": percent}
    about = {"kind": OrderKind.AUTO, "state": OrderState.PLACED, "renews_end": group.ends_on, "plan": account.plan}
    how = {"method": renewal_method.method, "wallet_day": renewal_method.wallet_day, "created_at": clock.now(), "placed_at": clock.now()}
    order = created_with_number(Order, account=account, **about, **sums, **how)
    insert(OrderLine, *[OrderLine(**as_row(order, position, line)).__data__ for position, line in enumerate(group.quote.lines, 1)])
    if snapshot.reserved:
        _keep_consents(account, order, group)
    states = (OrderState.DRAFT, OrderState.PLACED)
    changes.append(history.Change("order", order.number, *states, history.WORKER, f"自動更新 {total}円", order.account_id))
    return order


def _keep_consents(account: Account, order: Order, group: RenewalGroup) -> None:
    """Copy the customer's consents from the reservation to the order."""
    reservation = account.reservation
    documents = documents_of(reservation) if reservation and reservation.ends_on == group.ends_on else []
    if documents:
        Consent.insert_many([{"order": order} | document for document in documents]).execute()


def new_attempt(order: Order, found: PaymentMethod, installation_id: str) -> Payment:
    """The first of the three steps: one attempt, committed before the company is asked. Called with the account locked."""
    return _create_attempt(order, order.payments.count() + 1, found, installation_id)


def _create_attempt(
    order: Order, attempt: int, found: PaymentMethod, installation_id: str, changes: Sequence[history.Change] = ()
) -> Payment:
    """`changes`: what is recorded together with it."""
    now = clock.now()
    key = f"{installation_id}-o{order.number}-a{attempt}"
    about = {"order": order, "attempt": attempt, "method": found.method, "key": key, "yen": order.total_yen}
    times = {"next_lookup_at": now + ANSWER_EXPECTED_WITHIN, "created_at": now, "updated_at": now}
    payment = created(Payment, payment_method=found, **about, **times)
    reason = f"{payment.yen}円の自動更新の支払いを開始"
    begun = history.Change("payment", key, None, PaymentState.CREATED, history.WORKER, reason, order.account_id)
    history.record_all([*changes, begun])
    return payment
