"""Updates the renewals after a payment or decline. Called by `settle` inside its transaction, with the account locked."""

from collections.abc import Sequence
from datetime import date, timedelta

from models import Account, Order, OrderLine, Payment, PaymentMethod, RenewalSetting, Reservation, Schedule, SentNotice, Subscription, Term
from portal import clock
from portal.actions import history
from portal.actions.accounts import limits
from portal.actions.mail import order_mails
from portal.actions.payments import methods
from portal.actions.payments.locked_orders import LockedOrder, PaidOrder
from portal.actions.renewals import dunning, next_charges, sent_notices
from portal.actions.renewals.reserved_lines import reserved_of
from portal.actions.renewals.snapshot import snapshot_of, snapshots_of
from portal.catalog import Catalog
from portal.enums import Method
from portal.gateways.wallet import Shortfall
from portal.rules.accounts.limits import Limited, TooMany
from portal.rules.payments.methods import row_of
from portal.rules.renewals.snapshot import Snapshot


def renews_from_now_on(found: LockedOrder) -> bool:
    """True if the paid subscriptions renew automatically from now on. A transfer does not turn this on; an automatic order keeps it,
    however it was paid.

    False if the method was reset or the wallet unlinked while the payment was in progress.
    """
    order, payment = found.order, found.money.payment
    if (payment is None and not order.is_automatic) or not order.changes_method:
        return False
    if payment is None or payment.is_automatic:
        return found.is_renewing
    return not _was_reset_since(found.account, payment) and _method_of(payment).is_kept


def after_paid(found: LockedOrder, terms: list[Term], *, renews: bool) -> None:
    """Store the renewal method and end the reservation. `terms`: the paid ones, with their subscriptions and lines."""
    order, account, payment, lines = found.order, found.account, found.money.payment, [term.order_line for term in terms]
    if payment and not payment.is_automatic:
        _store_method(account, payment, order.paid_on) if renews else _drop_unless_used(order, account, payment)
    _raise_announced(lines, account)
    _end_reservation(order, lines, account, found.reservation)


def tell(paid: Sequence[PaidOrder], catalog: Catalog) -> None:
    """When all of them are written: withdraw outdated notices, schedule the accounts for today, mail the customers."""
    if not paid:
        return
    accounts = [each.account for each in paid]
    sent_notices.withdraw_all(accounts)
    Schedule.wake_all([account.id for account in accounts], clock.today())
    order_mails.payments_confirmed([_confirmed(*each, catalog) for each in zip(paid, snapshots_of(accounts), strict=True)])


def _confirmed(paid: PaidOrder, snapshot: Snapshot, catalog: Catalog) -> order_mails.Confirmed:
    upcoming = next_charges.after_order(snapshot, paid.order, paid.terms, catalog)
    return order_mails.Confirmed(paid.order, paid.account, paid.payment, next_charges.paid_lines(paid.terms), upcoming, paid.waived_yen)


def after_decline(
    account: Account, order: Order, payment: Payment, code: str, catalog: Catalog, shortfall: Shortfall | None = None
) -> None:
    """Mail the customer, at most once an hour. An automatic charge is always mailed, with the next retry date; if no request reached the
    company, it is retried silently.
    """
    Schedule.wake(account, clock.today())
    if payment.is_automatic and order.renews_end is not None:
        dunning.after_decline(account, order, payment, code, catalog, shortfall)
    elif not isinstance(limits.count(Limited.REFUSAL_MAIL, limits.of_account(account)), TooMany):
        order_mails.payment_refused(order, payment, code)


def _was_reset_since(account: Account, payment: Payment) -> bool:
    return SentNotice.was_reset_since(account, payment.created_at)


def _drop_unless_used(order: Order, account: Account, payment: Payment) -> None:
    """Detach a card that was for this payment alone, or was reset while it was in progress. A wallet stays: the customer unlinks it."""
    is_for_once = not order.changes_method and payment.setup is not None and not methods.is_used_elsewhere(payment.setup)
    if (is_for_once or _was_reset_since(account, payment)) and not row_of(payment.method).stays_linked:
        methods.mark_detaching(_method_of(payment))


def _raise_announced(lines: list[OrderLine], account: Account) -> None:
    """Devices were added: the next charge may be more than its notice said, as the final screen has said since."""
    for line in [line for line in lines if line.part_of_id]:
        mine = next(found for found in snapshot_of(account).entitlements if found.subscription == line.part_of_id)
        if mine.ends_on == line.ends_on:
            sent_notices.raise_announced(account, mine.ends_on, mine.subscription, line.monthly_yen * line.quantity * mine.months)


def _method_of(payment: Payment) -> PaymentMethod:
    """The method in its current state, not the one at the time of the attempt."""
    return PaymentMethod.get_by_id(payment.payment_method_id)


def _store_method(account: Account, payment: Payment, received_on: date) -> None:
    """Renew with the card or wallet that the customer paid with last (the company's guide)."""
    found, method = _method_of(payment), Method(payment.method)
    values = {"method": method, "payment_method": found, "wallet_day": payment.setup.wallet_day}
    values |= {"set_on": received_on, "updated_at": clock.now()}
    methods.drop_renewing(account, unless=found)
    methods.activate(found)
    sent_notices.clear_announced_day(account, method, payment.setup.wallet_day)
    if not RenewalSetting.update(values).where(RenewalSetting.account == account).execute():
        RenewalSetting.create(account=account, **values)
    history.record("account", account.login, None, "renewal on", history.PORTAL, f"自動更新の支払い方法: {method.label}", account=account)


def _end_reservation(order: Order, lines: list[OrderLine], account: Account, found: Reservation | None) -> None:
    """Delete the reservation if the order renewed its term. Subscriptions dropped in it no longer renew automatically."""
    ends = {line.starts_on - timedelta(days=1) for line in lines if line.subscription_id}
    if found is None or found.ends_on not in ends:
        return
    if order.is_automatic:
        dropped = reserved_of(found).dropped
        Subscription.update(renews=False).where(Subscription.account == account, Subscription.id.in_(dropped)).execute()
    found.delete_instance()
    history.record(
        "account", account.login, "reserved", "no reservation", history.PORTAL, f"申し込み {order.number} のお支払いを確認", account=account
    )
