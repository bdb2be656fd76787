"""Dunning after a declined automatic charge. Called inside the transaction that records the decline."""

from datetime import timedelta

from models import Account, Order, Payment
from portal import clock
from portal.actions import history
from portal.actions.mail import renewal_mails
from portal.actions.orders.drafts import cancel
from portal.actions.orders.stored_lines import placed_quote
from portal.actions.renewals.order_snapshot import NEVER_ARRIVED, may_repeat_today
from portal.actions.renewals.snapshot import snapshot_of
from portal.catalog import Catalog
from portal.gateways.wallet import Shortfall
from portal.rules.renewals.charge_plan import charge_plan
from portal.rules.renewals.forecast import forecast
from portal.rules.renewals.snapshot import Snapshot


def after_decline(
    account: Account, order: Order, payment: Payment, code: str, catalog: Catalog, shortfall: Shortfall | None = None
) -> None:
    """Mail the customer the next retry day, if there is one. If the request never reached the company, retry without a mail.

    If the customer stopped the renewal while the charge was in progress, cancel the order and mail that nothing was charged.
    """
    snapshot = snapshot_of(account)
    plan = charge_plan(snapshot, order.renews_end, catalog.renewal)
    if plan.method is None:
        cancel(order, history.PORTAL, "お客様が自動更新を止めたため")
        _mail(order, payment, code, snapshot_of(account), catalog, is_over=True)
    elif code != NEVER_ARRIVED or not may_repeat_today(payment):
        upcoming = plan.remaining(clock.today(), catalog.renewal)
        retry_on = next((day for day in upcoming.days if day > clock.today()), None)
        _mail(order, payment, code, snapshot, catalog, retry_on=retry_on, shortfall=shortfall)


def _mail(order: Order, payment: Payment, code: str, snapshot: Snapshot, catalog: Catalog, **about: object) -> None:
    """Mail the decline, with the last day to pay by hand without a gap."""
    today, ends_on = clock.today(), order.renews_end
    pay_by = forecast(snapshot, ends_on, today, catalog).pay_until
    good_until = max(ends_on, today + timedelta(days=1))
    renewal_mails.failed(order, payment, code, placed_quote(order).lines, pay_by=pay_by, good_until=good_until, **about)
