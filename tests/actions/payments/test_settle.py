"""Settling money for an order, from any source and in any state of the order."""

from datetime import UTC, date, datetime, timedelta

import pytest

from models import Allocation, Event, Order, Payment, RenewalSetting, Term
from portal import clock
from portal.actions.orders import drafts
from portal.actions.payments.locked_orders import Received
from portal.actions.payments.money import record_money
from portal.actions.payments.settle import Money, settle, settle_all
from portal.actions.renewals import after_payment
from portal.enums import Method, OrderState, PaymentState
from portal.gateways.card import Declined
from portal.sandbox.books.outcomes import Outcome
from portal.store.database import database
from tests.companies import Answers, Interrupted
from tests.purchase import CATALOG, EVERYTHING, later

pytestmark = pytest.mark.store

A_DAY, LATER = timedelta(days=1), timedelta(days=40)


def money_of(shop, payment):
    """What the company has taken under the payment's key."""
    charge = next(charge for charge in shop.taken if charge["key"] == payment.key)
    day = date.fromisoformat(charge["at"][:10])
    return Money(Method.CARD, charge["reference"], charge["yen"], day, day, payment)


def charge_again(shop, payment):
    """The company takes the money of an attempt that it had declined: by mistake, or because the charge arrived days late."""
    with shop.books.write() as connection:
        connection.execute("UPDATE charge SET state = 'paid', yen = ?, code = '' WHERE key = ?", (payment.yen, payment.key))


def test_money_counts_once_however_often_it_is_settled(shop):
    order = shop.buy(selection=EVERYTHING)
    money, before = money_of(shop, order.latest_payment), shop.ledger

    assert not settle(order, money, actor="test", catalog=CATALOG)
    assert not settle(order, money, actor="test", catalog=CATALOG)

    assert shop.ledger == before.prove()


def test_a_contract_begins_on_the_companys_date_in_japan(shop):
    """The money was taken at 00:30 on December 1st in Japan; the portal heard of it days later."""
    with later(days=0) as traveller:
        traveller.move_to(datetime(2025, 11, 30, 15, 30, tzinfo=UTC))
        order = shop.buy(outcome=Outcome.ANSWER_LOST)
        traveller.move_to(datetime(2025, 12, 4, 3, 0, tzinfo=UTC))
        shop.work()

    term = Term.get()
    assert (term.starts_on, term.ends_on) == (date(2025, 12, 1), date(2026, 11, 30))
    assert (Order.get_by_id(order.id).paid_on, Allocation.get().received_on) == (date(2025, 12, 1), date(2025, 12, 1))
    assert RenewalSetting.get().set_on == date(2025, 12, 1)


def test_a_second_before_midnight_in_japan_is_the_day_before(shop):
    with later(days=0) as traveller:
        traveller.move_to(datetime(2025, 11, 30, 14, 59, 59, tzinfo=UTC))
        shop.buy()

    assert Term.get().starts_on == date(2025, 11, 30)


def test_money_for_a_declined_attempt_corrects_it_to_paid(shop):
    order = shop.buy(outcome=Outcome.REFUSED)
    payment = order.latest_payment

    charge_again(shop, payment)
    assert settle(order, money_of(shop, payment), actor="test", catalog=CATALOG)

    assert shop.states(order) == ("paid", ["succeeded"])
    assert any(event["reason"].startswith("訂正") for event in shop.ledger.prove().history)


def test_late_money_of_the_first_attempt_pays_and_the_seconds_waits_for_staff(shop):
    """The first card was declined; while the second is pending, the company reports that the first was charged after all."""
    order = shop.buy(outcome=Outcome.REFUSED)
    first = order.latest_payment

    def the_first_is_paid_after_all():
        charge_again(shop, first)
        settle(order, money_of(shop, first), actor="test", catalog=CATALOG)

    shop.asking(Interrupted(shop.company, before=the_first_is_paid_after_all)).pay_again(order)

    ledger = shop.ledger
    second = order.latest_payment
    assert Order.get_by_id(order.id).state == OrderState.PAID
    assert [(allocation["company_reference"], allocation["yen"]) for allocation in ledger.unallocated] == [
        (f"card:{second.company_reference}", order.total_yen)
    ]
    assert any("要確認: 充当できない入金" in event["reason"] for event in ledger.history)
    assert [fault for fault in ledger.faults() if "yen were taken for order" not in fault] == []
    assert shop.work_later(days=2) == 0


def test_money_for_a_cancelled_order_is_kept_for_staff(shop):
    order = shop.buy(outcome=Outcome.REFUSED)
    payment = order.latest_payment
    shop.buy()
    charge_again(shop, payment)

    assert settle(order, money_of(shop, payment), actor="test", catalog=CATALOG)
    assert not settle(order, money_of(shop, payment), actor="test", catalog=CATALOG)

    ledger = shop.ledger.prove()
    assert shop.states(order) == ("cancelled", ["declined"])
    assert [allocation["yen"] for allocation in ledger.unallocated] == [order.total_yen]
    assert len(ledger.terms) == 1


def test_money_after_a_second_contract_gives_no_second_server(shop):
    first = shop.buy(outcome=Outcome.REFUSED)
    payment = first.latest_payment
    with database.atomic():
        drafts.cancel(Order.locked(first.id), "test", "abandoned")
    shop.buy()

    charge_again(shop, payment)
    settle(first, money_of(shop, payment), actor="test", catalog=CATALOG)

    assert [term["product"] for term in shop.ledger.prove().terms] == ["server"]


def test_a_partial_amount_is_received_and_does_not_pay_the_order(shop):
    order = shop.buy(outcome=Outcome.REFUSED)
    part = Money(Method.BANK, "line-1", order.total_yen - 1, date(2026, 1, 4), date(2026, 1, 5))
    rest = Money(Method.BANK, "line-2", 1, date(2026, 1, 5), date(2026, 1, 6))
    Order.update(method=Method.BANK).where(Order.id == order.id).execute()

    assert settle(order, part, actor="test", catalog=CATALOG)
    assert shop.states(order) == ("placed", ["declined"])
    assert settle(order, rest, actor="test", catalog=CATALOG)

    assert (Order.get_by_id(order.id).state, Term.get().starts_on) == (OrderState.PAID, date(2026, 1, 6))
    assert RenewalSetting.select().count() == 0


def test_a_settlement_that_failed_can_be_repeated(shop, monkeypatch):
    order = shop.buy(outcome=Outcome.ANSWER_LOST, selection=EVERYTHING)
    before = shop.ledger

    def break_off(*_):
        raise OSError("the disk is gone")

    money = money_of(shop, order.latest_payment)
    with monkeypatch.context() as patch:
        patch.setattr(after_payment, "_store_method", break_off)
        with pytest.raises(OSError, match="gone"):
            settle(order, money, actor="test", catalog=CATALOG)
    assert shop.ledger == before

    shop.work_later(minutes=2)
    assert shop.states(order) == ("paid", ["succeeded"])
    shop.ledger.prove()


@pytest.mark.parametrize("state", [PaymentState.SUBMITTED, PaymentState.UNKNOWN])
def test_an_order_with_a_pending_payment_cannot_be_cancelled(shop, state):
    order = shop.buy(outcome=Outcome.ANSWER_LOST)
    Payment.update(state=state).execute()

    assert not drafts.cancel(order, "test", "")
    assert shop.states(order) == ("placed", [state])


def test_a_late_decline_does_not_undo_the_payment(shop):
    order = shop.buy(outcome=Outcome.ANSWER_LOST)

    class PaidInBetween(Answers):
        def answer(self, name, *arguments):
            settle(order, money_of(shop, order.latest_payment), actor="test", catalog=CATALOG)
            return super().answer(name, *arguments)

    shop.asking(PaidInBetween(shop.company, lookup=Declined("card_declined", True))).work_later(minutes=2)

    assert shop.states(order) == ("paid", ["succeeded"])
    shop.ledger.prove()


def test_money_for_several_orders_is_settled_as_each_order_allows(shop):
    """One is paid by card and one by a wallet, on days of their own; of one a part came; two were cancelled; of one it is known already."""
    by_card, by_wallet, part, gone, gone_too, known = orders = [
        shop.place_for_transfer(shop.draft(f"together-{each}")) for each in range(6)
    ]
    for order in (gone, gone_too):
        order.move(OrderState.CANCELLED, came_from=[OrderState.PLACED])
    days = {order.id: clock.today() - number * A_DAY for number, order in enumerate(orders)}

    def received(order: Order) -> Received:
        source, yen = Method.WALLET if order == by_wallet else Method.CARD, order.total_yen - (order == part)
        return Received(order, Money(source, f"ch_{order.id}", yen, days[order.id], days[order.id] + LATER), "the company")

    with database.atomic():
        record_money(None, received(known).money, known.account)
        is_new = settle_all([received(order) for order in reversed(orders)], [order.account for order in orders], shop.catalog)

    assert is_new == [False, True, True, True, True, True]
    found = [Order.get_by_id(order.id) for order in orders]
    assert [order.state for order in found] == ["paid", "paid", "placed", "cancelled", "cancelled", "placed"]
    assert [(order.method, order.paid_on) for order in found[:2]] == [("card", days[by_card.id]), ("wallet", days[by_wallet.id])]
    assert {term.order_id: term.starts_on for term in Term.select()} == {order.id: days[order.id] + LATER for order in (by_card, by_wallet)}
    held = {row.company_reference: row.account_id for row in Allocation.select().where(Allocation.order.is_null())}
    assert held == {f"ch_{order.id}": order.account_id for order in (gone, gone_too, known)}
    told = [event.entity for event in Event.select().where(Event.reason.startswith("要確認"))]
    assert sorted(told) == sorted(f"order {order.number}" for order in (gone, gone_too))
