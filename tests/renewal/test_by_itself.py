"""Automatic renewal, day by day."""

from datetime import date

import pytest

from models import Account, Mail, Term
from portal.rules.quote import Selection
from portal.rules.timeline import What

pytestmark = pytest.mark.store


def terms(login="new"):
    return [(term.starts_on, term.ends_on) for term in Account.by_login(login).terms]


def mails(login="new"):
    return [str(mail.kind) for mail in Account.by_login(login).mails.order_by(Mail.id)]


def test_a_card_is_charged_on_the_5th_of_the_month_in_which_the_term_ends(shop, calendar):
    shop.buy(selection=Selection(months=1))

    calendar.turn(shop, date(2027, 2, 6))

    assert calendar.days_of(What.CHARGE) == [date(2026, 12, 5), date(2027, 1, 5), date(2027, 2, 5)]
    assert [(term.starts_on, term.ends_on) for term in Term.select().order_by(Term.id)] == [
        (date(2026, 11, 22), date(2026, 12, 31)),
        (date(2027, 1, 1), date(2027, 1, 31)),
        (date(2027, 2, 1), date(2027, 2, 28)),
        (date(2027, 3, 1), date(2027, 3, 31)),
    ]
    assert shop.ledger.faults() == []
