"""The company's closed days, here over the turn of the year: the days that mails name are the days on which the worker acts."""

from dataclasses import replace
from datetime import date

from models import Mail, Order
from portal.enums import MailKind, OrderKind, OrderState
from portal.formats import date_ja
from portal.rules.renewals.scheduled_event import EventKind
from tests.actions.renewals.contract import Contract
from tests.choices import a_selection

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


def test_what_can_be_paid_until_another_day_is_told_in_a_mail_of_its_own(shop, calendar):
    """A transfer for the backup is open at the end of the term: it stops later than the devices, and can be paid for longer."""
    contract = Contract(shop, calendar, "new").buy(selection=a_selection(6, backup_months=3, devices=1, device_months=3))
    contract.reset()
    calendar.hurry(shop, date(2026, 12, 28))
    shop.place_for_transfer(shop.draft("new", OrderKind.RENEW), a_selection(backup_months=3))

    calendar.hurry(shop, date(2027, 1, 20))

    ended = {mail.body for mail in contract.account.mails.where(Mail.kind == MailKind.CONTRACT_ENDED)}
    stopped = {row.name: row.stopped_until for row in contract.account.subscriptions if row.stopped_on}
    assert len(ended) == len(set(stopped.values())) == 2
    for name, until in stopped.items():
        (mail,) = (mail for mail in ended if name in mail)
        assert f"{date_ja(until)}までにお支払い" in mail
