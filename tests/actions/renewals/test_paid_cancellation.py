"""申し込みを取り消して返金: paid -> cancelled, the terms withdrawn, the money back; what has begun goes on until the day that staff set."""

from datetime import date, timedelta

import pytest

from models import Allocation, HostingEvent, Mail, Order, Payment, Refund, Subscription, Term
from portal import clock
from portal.actions.payments import refund_lookups, refunds
from portal.actions.payments.refundable import refundable
from portal.actions.refusals import NotPossible
from portal.actions.renewals.paid_cancellation import cancel_paid, last_usable_days
from portal.actions.transfers import returns
from portal.actions.transfers.allocation import allocate
from portal.actions.transfers.returns import Sent
from portal.enums import Method
from tests.companies import LosesAnswers
from tests.purchase import CATALOG, EVERYTHING, INSTALLATION, later

pytestmark = pytest.mark.store(postgresql=3)
WHY = "誤ったお申し込み"


def paid(shop, selection=EVERYTHING) -> Order:
    order = shop.draft()
    shop.press_ok(order, shop.setup(order), selection)
    return Order.get_by_id(order.id)


def paid_by_transfer(shop, yen: int = 0) -> Order:
    order = shop.place_for_transfer(shop.draft())
    allocate(shop.deposit(yen or order.total_yen), order, order.total_yen, shop.staff, "x", catalog=CATALOG)
    return Order.get_by_id(order.id)


def cancel(shop, order: Order, until: date | None = None, company=None) -> Order:
    company = company or shop.company
    refund = cancel_paid(order, until or clock.today(), shop.staff, WHY, {shop.method: company}, INSTALLATION)
    if refund:
        refunds.send(refund, company)
    return Order.get_by_id(order.id)


def server(order: Order) -> Subscription:
    return order.account.subscriptions.where(Subscription.kind == "server").get()


def kinds() -> list[str]:
    return [event.kind for event in HostingEvent.select().order_by(HostingEvent.id)]


@pytest.mark.parametrize("method", [Method.CARD, Method.WALLET])
def test_everything_is_withdrawn_and_goes_back(shop, method):
    shop = shop.by(method)
    order, until = paid(shop), clock.today() + timedelta(days=3)
    order = cancel(shop, order, until)

    assert (order.state, order.paid_on) == ("cancelled", None)
    assert not Term.select().exists()
    assert [refund.yen for refund in Refund.select().where(Refund.state == "succeeded")] == [order.total_yen]
    assert {(row.renews, row.runs_until) for row in Subscription.select()} == {(False, until)}
    assert order.account.renewal_setting is None
    assert kinds()[-4:] == ["correct"] * 4
    body = Mail.get(Mail.kind == "paid_order_cancelled").body
    assert WHY in body
    assert body.count("までご利用いただけます") == 4
    assert Mail.select().where(Mail.kind == "money_returned").count() == 1
    shop.ledger.prove()


def test_the_server_goes_on_until_that_day_then_stops_and_is_deleted(shop, calendar):
    order = paid(shop)
    until = clock.today() + timedelta(days=3)
    cancel(shop, order, until)

    calendar.turn(shop, until)
    assert server(order).stopped_on is None
    calendar.turn(shop, until + timedelta(days=1))
    assert server(order).stopped_on == until + timedelta(days=1)
    assert "お申し込みを取り消したため" in Mail.get(Mail.kind == "contract_stopped").body
    calendar.turn(shop, until + timedelta(days=14))
    assert server(order).ended_on is None
    calendar.turn(shop, until + timedelta(days=15))
    assert server(order).ended_on == until + timedelta(days=15)
    assert Payment.select().count() == 1, "nothing was charged meanwhile"


def test_a_term_that_has_not_begun_vanishes(shop):
    first = paid_by_transfer(shop)
    end = Term.get().ends_on
    with later(days=30):
        second = shop.renew()
        assert (second.state, last_usable_days(second)) == ("paid", None)
        cancel(shop, second, clock.today() + timedelta(days=300))

    [term] = Term.select()
    assert (term.ends_on, server(first).runs_until, server(first).renews) == (end, None, False)
    assert HostingEvent.select().order_by(HostingEvent.id.desc()).get().ends_on == end
    shop.ledger.prove()


def test_it_is_refused_while_a_later_term_is_paid(shop):
    first = paid_by_transfer(shop)
    with later(days=30):
        shop.renew()

        with pytest.raises(NotPossible, match="あとの契約期間"):
            cancel(shop, first)
    assert Term.select().count() == 2


def test_a_lost_answer_is_under_way_though_the_order_is_cancelled(shop):
    order = cancel(shop, paid(shop), company=LosesAnswers(shop.company, "refund"))

    assert order.is_cancelled
    assert Refund.get().state == "unknown"
    assert not Mail.select().where(Mail.kind == "money_returned").exists()
    with later(minutes=2):
        assert len(list(refund_lookups.ask_about_refunds({"card": shop.company}))) == 1
    assert Mail.select().where(Mail.kind == "money_returned").count() == 1
    shop.ledger.prove()


def test_pressed_again_nothing_more_happens(shop):
    order = paid(shop)
    cancel(shop, order)

    with pytest.raises(NotPossible, match="支払い済みではありません"):
        cancel(shop, order)
    assert Refund.select().count() == 1


def test_only_what_has_not_gone_back_yet_goes_back(shop):
    order = paid(shop)
    refund = refunds.begin(refundable(order), 1_000, shop.staff, WHY, {"card": shop.company}, INSTALLATION)
    with pytest.raises(NotPossible, match="返金手続き中"):
        cancel(shop, order)
    refunds.send(refund, shop.company)
    cancel(shop, order)

    assert [refund.yen for refund in Refund.select().order_by(Refund.id)] == [1_000, order.total_yen - 1_000]
    shop.ledger.prove()


def test_transferred_money_becomes_the_customers_until_staff_return_it(shop):
    order = paid_by_transfer(shop)
    returns.return_of_order(refundable(order), Sent(3_000, clock.today(), WHY), shop.staff, INSTALLATION)
    cancel(shop, order)
    deposit = Allocation.get(Allocation.source == "bank").deposit

    assert (deposit.rest_yen, order.account.held_yen) == (10_200, 10_200)
    assert "10,200円" in Mail.get(Mail.kind == "paid_order_cancelled").body
    returns.return_rest(returns.rest_of(deposit), Sent(10_200, clock.today(), WHY), shop.staff, INSTALLATION)
    assert (deposit.rest_yen, order.account.held_yen) == (0, 0)
    shop.ledger.prove()


def test_without_its_company_it_is_refused_and_nothing_changes(shop):
    order = paid(shop)

    with pytest.raises(NotPossible, match="設定されていない"):
        cancel_paid(order, clock.today(), shop.staff, WHY, {}, INSTALLATION)
    assert Order.get_by_id(order.id).is_paid
    assert Term.select().count() == 4


def test_a_contract_whose_period_is_over_keeps_its_history(shop):
    order = paid(shop)

    with later(days=400), pytest.raises(NotPossible, match="すでに終わっています"):
        cancel(shop, order)


@pytest.mark.parametrize("days_after", [1, 5], ids=["while it runs", "in 停止中"])
def test_renewed_after_all_the_next_term_follows_that_day(shop, calendar, days_after):
    order, until = paid_by_transfer(shop), clock.today() + timedelta(days=3)
    cancel(shop, order, until)
    calendar.turn(shop, clock.today() + timedelta(days=days_after))
    renewed = shop.renew()

    assert renewed.is_paid
    assert Term.get().starts_on == until + timedelta(days=1)
    found = server(order)
    assert (found.runs_until, found.cancelled_on, found.stopped_on, found.renews) == (None, None, None, True)
    shop.ledger.prove()
