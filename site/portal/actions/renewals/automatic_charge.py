"""The first beat of an automatic charge: the order of everything that ends on one day, and one attempt to pay it."""

from dataclasses import dataclass

from models import Account, Consent, Order, OrderLine, Payment, created_with_number
from portal import clock
from portal.actions import history
from portal.actions.orders.drafts import cancel
from portal.actions.orders.placement import ANSWER_EXPECTED_WITHIN, as_row
from portal.actions.renewals.billing_context import BillingContext
from portal.actions.renewals.reserved_lines import documents_of
from portal.enums import Method, OrderKind, OrderState, PaymentState
from portal.gateways.card import CardCompany
from portal.gateways.wallet import WalletCompany
from portal.rules.orders.tax import tax_inside
from portal.rules.renewals.snapshot import Snapshot
from portal.rules.renewals.timeline import RenewalGroup, ScheduledEvent, renewal_group


@dataclass(frozen=True)
class Begun:
    """A committed attempt that is still to be sent, by this card or wallet, to this company."""

    payment: Payment
    token: str
    company: CardCompany | WalletCompany


def begin(account: Account, snapshot: Snapshot, found: ScheduledEvent, context: BillingContext) -> Begun | bool:
    """Place the order, or take up the one that failed before, and write down one attempt. Called while the account is held.

    False when nothing is to be charged now: another order is open, or the method's company is not there.
    """
    group = renewal_group(snapshot, found.ends_on, clock.today(), context.catalog)
    company, token = context.companies.get(snapshot.renewal_method.method), _token(account)
    if not (group.is_charged and group.plan.is_due(clock.today()) and company and token):
        return False
    order = _order(account, snapshot, group, context)
    return order is not None and Begun(_attempt(order, snapshot, context.installation_id), token, company)


def _token(account: Account) -> str | None:
    """The card, or the link to the wallet: as it is now, whatever it was when the term was paid."""
    setting, link = account.renewal_setting, account.wallet_link
    if setting is None:
        return None
    return setting.card_token if setting.method == Method.CARD else link and link.token


def _order(account: Account, snapshot: Snapshot, group: RenewalGroup, context: BillingContext) -> Order | None:
    """One order for one end. One that would not be the same any more is replaced, and so is an order by hand that was not paid."""
    open_order = account.placed_order
    if open_order and _is_the_same(open_order, group):
        Order.update(method=snapshot.renewal_method.method, due_on=None).where(Order.id == open_order.id).execute()
        return Order.get_by_id(open_order.id)
    if open_order and not cancel(open_order, history.WORKER, "自動更新に置き換え"):
        return None
    return _place(account, snapshot, group, context)


def _is_the_same(order: Order, group: RenewalGroup) -> bool:
    if not order.is_automatic or order.renews_end != group.ends_on:
        return False
    names = ("subscription_id", "product", "quantity", "months", "yen", "starts_on")
    there = {tuple(getattr(line, name) for name in names) for line in order.lines}
    return there == {(line.subscription, line.product, line.quantity, line.months, line.yen, line.starts_on) for line in group.quote.lines}


def _place(account: Account, snapshot: Snapshot, group: RenewalGroup, context: BillingContext) -> Order:
    total, percent, renewal_method = group.quote.yen, context.catalog.tax_percent, snapshot.renewal_method
    sums = {"total_yen": total, "tax_yen": tax_inside(total, percent), "tax_percent": percent}
    about = {"kind": OrderKind.AUTO, "state": OrderState.PLACED, "renews_end": group.ends_on, "plan": account.plan}
    how = {"method": renewal_method.method, "wallet_day": renewal_method.wallet_day, "created_at": clock.now(), "placed_at": clock.now()}
    order = created_with_number(Order, account=account, **about, **sums, **how)
    OrderLine.insert_many([as_row(order, position, line) for position, line in enumerate(group.quote.lines, 1)]).execute()
    _keep_consents(account, order, group)
    history.record("order", order.number, OrderState.DRAFT, OrderState.PLACED, history.WORKER, f"自動更新 {total}円")
    return order


def _keep_consents(account: Account, order: Order, group: RenewalGroup) -> None:
    """What was agreed to when the charge was reserved."""
    reservation = account.reservation
    documents = documents_of(reservation) if reservation and reservation.ends_on == group.ends_on else []
    if documents:
        Consent.insert_many([{"order": order} | document for document in documents]).execute()


def _attempt(order: Order, snapshot: Snapshot, installation_id: str) -> Payment:
    now, attempt = clock.now(), order.payments.count() + 1
    key = f"{installation_id}-o{order.number}-a{attempt}"
    about = {"order": order, "attempt": attempt, "method": snapshot.renewal_method.method, "key": key, "yen": order.total_yen}
    times = {"next_lookup_at": now + ANSWER_EXPECTED_WITHIN, "created_at": now, "updated_at": now}
    payment = Payment.create(paid_with=snapshot.renewal_method.paid_with, **about, **times)
    history.record("payment", key, None, PaymentState.CREATED, history.WORKER, f"{payment.yen}円の自動更新の支払いを開始")
    return payment
