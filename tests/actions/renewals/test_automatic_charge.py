"""Automatic renewal, day by day."""

from datetime import date

import pytest

from models import Account, CountedTry, Mail, Order, Term
from portal.actions.transfers import allocation
from portal.enums import Method, OrderKind
from portal.rules.accounts.limits import Limited
from portal.rules.renewals.scheduled_event import EventKind
from portal.sandbox.books.outcomes import Outcome
from tests.choices import a_selection

pytestmark = pytest.mark.store


def terms(login="new"):
    return [(term.starts_on, term.ends_on) for term in Account.by_login(login).terms]


def mails(login="new"):
    return [str(mail.kind) for mail in Account.by_login(login).mails.order_by(Mail.id)]


def test_a_card_is_charged_on_the_5th_of_the_month_in_which_the_term_ends(shop, calendar):
    shop.buy(selection=a_selection(months=1))

    calendar.turn(shop, date(2027, 2, 6))

    assert calendar.days_of(EventKind.CHARGE) == [date(2026, 12, 5), date(2027, 1, 5), date(2027, 2, 5)]
    assert [(term.starts_on, term.ends_on) for term in Term.select().order_by(Term.id)] == [
        (date(2026, 11, 22), date(2026, 12, 31)),
        (date(2027, 1, 1), date(2027, 1, 31)),
        (date(2027, 2, 1), date(2027, 2, 28)),
        (date(2027, 3, 1), date(2027, 3, 31)),
    ]
    assert shop.ledger.faults() == []


def test_a_declined_charge_is_retried_on_the_remaining_days(shop, calendar):
    shop.buy(outcome=Outcome.PAYS_ONCE, selection=a_selection(months=1))

    calendar.turn(shop, date(2027, 1, 20))

    assert calendar.days_of(EventKind.CHARGE) == [date(2026, 12, 5)]
    assert calendar.days_of(EventKind.RETRY) == [date(2026, 12, day) for day in (10, 15, 20, 25, 28)]
    assert calendar.days_of(EventKind.STOP) == [date(2027, 1, 1)]
    assert calendar.days_of(EventKind.DELETION) == [date(2027, 1, 15)]
    assert mails().count("renewal_failed") == 6
    assert mails()[-4:] == ["contract_ended", "contract_stopped", "deletion_ahead", "contract_deleted"]
    assert Account.by_login("new").server is None
    assert Order.select().where(Order.kind == OrderKind.AUTO).get().state == "cancelled"
    assert not CountedTry.select().where(CountedTry.kind == Limited.PAYMENT).exists(), "only customers' tries are counted"
    shop.ledger.prove()


def test_a_hard_decline_is_not_retried(shop, calendar):
    shop.buy(selection=a_selection(months=1))
    with shop.books.write() as connection:
        connection.execute("UPDATE card SET is_removed = 1")

    calendar.turn(shop, date(2026, 12, 31))

    assert calendar.days_of(EventKind.CHARGE) == [date(2026, 12, 5)]
    assert calendar.days_of(EventKind.RETRY) == []
    assert mails().count("renewal_failed") == 1


def test_paying_the_failed_order_by_hand_ends_the_retries(shop, calendar):
    shop.buy(outcome=Outcome.PAYS_ONCE, selection=a_selection(months=1))
    calendar.turn(shop, date(2026, 12, 11))
    order = Order.get(Order.kind == OrderKind.AUTO)
    assert order.is_placed

    shop.pay_again(order, selection=a_selection(months=1))
    calendar.turn(shop, date(2027, 1, 5))

    assert Order.get_by_id(order.id).is_paid
    assert calendar.days_of(EventKind.RETRY) == [date(2026, 12, 10)]
    assert calendar.days_of(EventKind.CHARGE) == [date(2026, 12, 5), date(2027, 1, 5)]
    shop.ledger.prove()


def test_missed_charge_days_are_made_up_by_one_attempt(shop, calendar):
    shop.buy(outcome=Outcome.PAYS_ONCE, selection=a_selection(months=1))

    calendar.jump(date(2026, 12, 22)).work(shop)
    calendar.turn(shop, date(2026, 12, 26))

    assert calendar.days_of(EventKind.CHARGE) == [date(2026, 12, 22)]
    assert calendar.days_of(EventKind.RETRY) == [date(2026, 12, 25)]


def test_a_charge_that_was_never_attempted_suspends_nothing(shop, calendar):
    shop.buy(selection=a_selection(months=1))

    calendar.jump(date(2027, 1, 9)).work(shop)

    assert calendar.days_of(EventKind.STOP) == []
    assert terms()[-1] == (date(2027, 1, 1), date(2027, 1, 31))


def test_a_wallet_is_charged_on_its_day(shop, calendar):
    shop = shop.by(Method.WALLET)
    shop.buy(selection=a_selection(months=1))

    calendar.turn(shop, date(2027, 1, 16))

    assert calendar.days_of(EventKind.CHARGE) == [date(2026, 12, 15), date(2027, 1, 15)]
    shop.ledger.prove()


def test_a_wallet_without_enough_points_is_mailed_how_many_are_missing_and_where_to_buy_them(shop, calendar):
    shop = shop.by(Method.WALLET)
    shop.buy(selection=a_selection(months=1))
    with shop.books.write() as connection:
        spent = "INSERT INTO wallet_entry (wallet_id, key, yen, at) SELECT wallet_id, 'spent', 300 - SUM(yen), MAX(at) FROM wallet_entry"
        connection.execute(f"{spent} WHERE wallet_id = 'osaipo-demo'")

    calendar.turn(shop, date(2026, 12, 16))

    text = Mail.get(Mail.kind == "renewal_failed").body.replace("\n", "")
    assert "足りないポイント：1,020ポイント（お支払いに必要なポイント：1,320ポイント）" in text
    assert "http://127.0.0.1:8000/sandbox/wallet?back=" in text


def test_an_open_transfer_postpones_the_charge_until_it_expires(shop, calendar):
    shop.buy(selection=a_selection(months=1))
    calendar.turn(shop, date(2026, 12, 1))
    order = shop.place_for_transfer(shop.draft("new", OrderKind.CHANGE), a_selection(months=1))

    calendar.turn(shop, date(2026, 12, 31))

    assert Order.get_by_id(order.id).state == "expired"
    assert order.due_on == date(2026, 12, 15)
    assert Order.get_by_id(order.id).closed_on == date(2026, 12, 21)
    assert calendar.days_of(EventKind.MOVED) == [date(2026, 12, 21)]
    assert calendar.days_of(EventKind.CHARGE) == [date(2026, 12, 25)]
    shop.ledger.prove()


def test_subscriptions_ending_on_one_day_share_one_charge_and_one_mail(shop, calendar):
    shop.buy(selection=a_selection(months=1, backup_months=1, devices=2, device_months=1))

    calendar.turn(shop, date(2026, 12, 6))

    order = Order.get(Order.kind == OrderKind.AUTO)
    assert [line.product for line in order.lines] == ["server", "backup", "device"]
    assert mails().count("payment_confirmed") == 2
    assert len(shop.taken) == 2
    shop.ledger.prove()


def test_an_unpaid_bank_contract_is_notified_ended_suspended_and_deleted(shop, calendar):
    order = shop.place_for_transfer(shop.draft(), a_selection(months=1, backup_months=1))
    allocation.allocate(shop.deposit(order.total_yen), order, order.total_yen, shop.staff, "番号が一致", catalog=shop.catalog)

    calendar.turn(shop, date(2027, 1, 16))

    assert mails() == [
        "order_accepted", "payment_confirmed", "renewal_by_hand", "renewal_by_hand", "contract_ended", "contract_stopped",
        "deletion_ahead", "contract_deleted",
    ]  # fmt: skip
    assert calendar.days_of(EventKind.BY_HAND) == [date(2026, 12, 1), date(2026, 12, 24)]
    assert {row.ended_on for row in Account.by_login("new").subscriptions} == {date(2027, 1, 15)}
