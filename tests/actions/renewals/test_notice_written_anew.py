"""A notice that was withdrawn before it was sent has told nobody anything: it is written anew, with what is true now."""

from dataclasses import replace
from datetime import date

import pytest

from models import Account, Announcement, Mail, Order
from portal.enums import MailKind, MailState
from tests.actions.renewals.random_customers import RandomCustomers
from tests.actions.renewals.test_stateful import dearer
from tests.choices import a_selection

pytestmark = pytest.mark.store
SERVER_ENDS, CHARGED_ON = date(2026, 12, 31), date(2026, 12, 5)
A_MONTH_AHEAD = date(2026, 11, 5)  # the server's first notice, and the charge of the backup, which then ends with the server


@pytest.fixture
def shop(shop, calendar):
    """The server runs until 2026-12-31, its backup is charged each month. Prices have risen since."""
    calendar.jump(date(2026, 9, 10))
    shop.buy(selection=a_selection(months=3, backup_months=1))
    return replace(shop, catalog=dearer(shop.catalog))


def notices(*states: MailState) -> list[Mail]:
    about = (Mail.kind == MailKind.RENEWAL_NOTICE) & Mail.entity.contains(str(SERVER_ENDS)) & Mail.state.in_(states)
    return list(Account.by_login("new").mails.where(about).order_by(Mail.id))


def test_the_charge_of_another_end_on_the_same_day_does_not_swallow_a_notice(shop, calendar):
    calendar.hurry(shop, A_MONTH_AHEAD)

    [told] = notices(MailState.SENT)
    announced = Announcement.get(Announcement.ends_on == SERVER_ENDS)
    calendar.hurry(shop, CHARGED_ON)
    charged = Account.by_login("new").orders.order_by(Order.id.desc()).get()
    assert "12月5日" in told.body
    assert "バックアップ" in told.body
    assert announced.yen == charged.total_yen


def test_what_changes_while_a_notice_waits_is_told_by_a_new_one(shop, calendar):
    """No mail server: the notice waits when the customer reserves another period."""
    calendar.settings = replace(calendar.settings, demo=False, smtp_url=None)
    calendar.hurry(shop, A_MONTH_AHEAD)
    RandomCustomers(shop, calendar).reserve("new", a_selection(months=12), frozenset({"backup"}))
    calendar.work(shop)

    [told] = notices(MailState.WAITING)
    assert "12か月" in told.body
    assert not Mail.select().where(Mail.id > told.id).exists()
    assert len({mail.message_id for mail in notices(*MailState)}) == len(notices(*MailState))
