"""Opens an order that is 期限切れ again, because a later part of its money came."""

from datetime import date, timedelta

from models import Account, Order, OrderLine, Schedule, Subscription
from portal import clock
from portal.actions import history
from portal.catalog import RenewalNumbers
from portal.enums import OrderState
from portal.rules.renewals.lifecycle import last_day_to_pay
from portal.rules.transfers.due_dates import due_day_for_renewal


def new_due_day(order: Order, numbers: RenewalNumbers) -> date:
    """14 days from today; for an ended term not beyond the last day of 停止中, for what is added to a term not beyond its end. Inclusive,
    in Japan.
    """
    renewed = OrderLine.select(OrderLine, Subscription).join(Subscription).where(OrderLine.order == order)
    usual = due_day_for_renewal([_days(line, numbers) for line in renewed], clock.today())
    return min([usual, *added_until(order)])


def added_until(order: Order) -> list[date]:
    """The ends of the terms that the order adds devices to."""
    return [line.ends_on for line in order.lines.where(OrderLine.part_of.is_null(False))]


def reopen(order: Order, account: Account, actor: str, numbers: RenewalNumbers) -> Order:
    """The order is awaited again, once. The caller has checked `acceptance.refusal` and counts money for it."""
    values = {"closed_on": None, "reopened_on": clock.today(), "due_on": new_due_day(order, numbers)}
    if not order.move(OrderState.PLACED, came_from=[OrderState.EXPIRED], **values):
        raise RuntimeError(f"order {order.number} is not expired")
    reason = f"期限切れのあとの入金で再開、お支払い期限は {values['due_on']}"
    history.record("order", order.number, OrderState.EXPIRED, OrderState.PLACED, actor, reason, account=account)
    Schedule.wake(account, clock.today())
    return Order.locked(order.id)


def _days(line: OrderLine, numbers: RenewalNumbers) -> tuple[date, date]:
    ends_on = line.starts_on - timedelta(days=1)
    return ends_on, line.subscription.stopped_until or last_day_to_pay(line.starts_on, numbers)
