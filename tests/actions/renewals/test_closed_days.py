"""The company's closed days, here over the turn of the year: the days that mails name are the days on which the worker acts."""

from dataclasses import replace
from datetime import date

from models import Mail, Order
from portal.enums import MailKind, OrderState
from portal.rules.renewals.scheduled_event import EventKind
from tests.actions.renewals.contract import Contract

CLOSED = frozenset(date(2027, 1, number) for number in (12, 13, 14, 15, 18, 19))
STOPPED, OVER = date(2027, 1, 7), date(2027, 1, 25)


def test_an_order_expires_and_a_server_is_deleted_on_the_days_that_the_mails_name(shop, calendar):
    contract = Contract(replace(shop, catalog=replace(shop.catalog, closed_days=CLOSED)), calendar, "new").buy()
    contract.reset()
    calendar.hurry(contract.shop, date(2026, 12, 25))
    contract.order_by_transfer()
    order = contract.account.placed_order

    calendar.hurry(contract.shop, OVER)

    mails = {str(mail.kind): mail.body for mail in contract.account.mails.order_by(Mail.id)}
    order = Order.get_by_id(order.id)
    assert (order.due_on, order.state, order.closed_on) == (date(2027, 1, 8), OrderState.EXPIRED, OVER)
    assert (calendar.days_of(EventKind.STOP), calendar.days_of(EventKind.DELETION)) == ([STOPPED], [OVER])
    assert all("2027年1月25日" in mails[kind] for kind in (MailKind.CONTRACT_STOPPED, MailKind.DELETION_AHEAD))


def test_an_order_that_is_over_before_the_end_does_not_move_the_stop(shop, calendar):
    """Ordered weeks before the end, then the renewal was reset: the day told while it was open is the day of the stop."""
    contract = Contract(shop, calendar, "new").buy()
    calendar.hurry(shop, date(2026, 12, 1))
    contract.order_by_transfer()
    contract.reset()

    calendar.hurry(shop, date(2027, 1, 20))

    assert Order.get(Order.due_on.is_null(False)).closed_on == date(2026, 12, 21)
    assert (calendar.days_of(EventKind.STOP), calendar.days_of(EventKind.DELETION)) == ([date(2027, 1, 1)], [date(2027, 1, 15)])
