"""Giving back: card and wallet money through its company, once, never more than came in; transfers as staff have sent them."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from models import Allocation, Event, Mail, Order, Refund, Term
from portal import clock
from portal.actions.payments import refund_lookups, refunds
from portal.actions.payments.refundable import Refundable, refundable
from portal.actions.refusals import NotPossible
from portal.actions.transfers import returns
from portal.actions.transfers.allocation import allocate
from portal.actions.transfers.returns import Sent
from portal.enums import Method
from portal.gateways.card import Unknown
from portal.sandbox.books.outcomes import Outcome
from tests.companies import Answers, LosesAnswers
from tests.concurrency import at_once
from tests.purchase import CATALOG, INSTALLATION, later

pytestmark = pytest.mark.store
WHY = "機器の不具合"
BOTH = pytest.mark.parametrize("method", [Method.CARD, Method.WALLET])


def paid(shop, method: Method = Method.CARD, outcome: Outcome = Outcome.PAYS) -> Order:
    shop = shop.by(method)
    order = shop.draft()
    shop.press_ok(order, shop.setup(order, outcome))
    if outcome is Outcome.ANSWER_LOST:
        with later(minutes=2):
            shop.work()
    return Order.get_by_id(order.id)


def paid_by_transfer(shop, *parts: int) -> Order:
    order = shop.place_for_transfer(shop.draft())
    for yen in parts or (order.total_yen,):
        allocate(shop.deposit(yen), Order.get_by_id(order.id), yen, shop.staff, "x", catalog=CATALOG)
    return Order.get_by_id(order.id)


def give_back(shop, order: Order, yen: int, company=None, *, seen: Refundable | None = None) -> Refund:
    """As staff's [OK]."""
    method = Method(order.method)
    company = company or shop.by(method).company
    refund = refunds.begin(seen or refundable(order), yen, shop.staff, WHY, {method: company}, INSTALLATION)
    refunds.send(refund, company)
    return Refund.get_by_id(refund.id)


def ask_again(shop, method: Method, **how) -> list:
    with later(**how):
        return list(refund_lookups.ask_about_refunds({method: shop.by(method).company}))


def returned() -> list[tuple[int, str | None]]:
    rows = Allocation.select().where(Allocation.source == "returned").order_by(Allocation.id)
    return [(row.yen, row.order and row.order.number) for row in rows]


def mails() -> list[Mail]:
    return list(Mail.select().where(Mail.kind == "money_returned"))


@BOTH
def test_a_part_goes_back_and_the_contract_stays(shop, method):
    order = paid(shop, method)
    terms = Term.select().count()
    refund = give_back(shop, order, 3_000)

    assert (refund.state, refund.key, refund.returned_on) == ("succeeded", f"test-o{order.number}-r1", clock.today())
    assert returned() == [(-3_000, order.number)]
    assert Order.get_by_id(order.id).is_paid
    assert Term.select().count() == terms
    assert refundable(order).rest_yen == order.total_yen - 3_000
    assert [mail.account_id for mail in mails()] == [order.account_id]
    assert "3,000円" in mails()[0].body
    assert WHY in mails()[0].body
    shop.by(method).ledger.prove()


@BOTH
def test_everything_goes_back_in_parts_and_not_a_yen_more(shop, method):
    order = paid(shop, method)
    give_back(shop, order, 3_000)
    give_back(shop, order, order.total_yen - 3_000)

    with pytest.raises(NotPossible, match="残っていません"):
        give_back(shop, order, 1)
    assert sum(yen for yen, _ in returned()) == -order.total_yen
    assert len(mails()) == 2
    shop.by(method).ledger.prove()


@pytest.mark.parametrize("yen", [0, -1, 13_201, 10**9])
def test_an_amount_that_does_not_fit_is_refused(shop, yen):
    order = paid(shop)

    with pytest.raises(NotPossible, match="13,200円まで"):
        give_back(shop, order, yen)
    assert not Refund.select().exists()


@BOTH
def test_a_lost_answer_is_asked_about_with_the_same_key_and_no_second_refund_begins(shop, method):
    order = paid(shop, method)
    refund = give_back(shop, order, 3_000, LosesAnswers(shop.by(method).company, "refund"))

    assert refund.state == "unknown"
    assert (returned(), mails()) == ([], [])
    with pytest.raises(NotPossible, match="返金手続き中"):
        give_back(shop, order, 1)
    assert ask_again(shop, method, seconds=30) == [], "not before its time"
    [asked] = ask_again(shop, method, minutes=2)
    assert (asked.state, asked.lookups) == ("succeeded", 1)
    assert ask_again(shop, method, days=2) == []
    assert returned() == [(-3_000, order.number)]
    assert len(mails()) == 1
    shop.by(method).ledger.prove()


@BOTH
def test_a_payer_whose_answers_never_come_gets_the_money_when_asked_again(shop, method):
    order = paid(shop, method, Outcome.ANSWER_LOST)

    assert give_back(shop, order, 3_000).state == "unknown"
    [asked] = ask_again(shop, method, minutes=5)
    assert asked.state == "succeeded"
    shop.by(method).ledger.prove()


def test_a_company_that_is_never_reached_is_asked_again_and_again(shop):
    order, pauses = paid(shop), [1, 5, 15, 60, 360, 1440, 1440]
    away = Answers(shop.company, refund=Unknown())
    refund, after = give_back(shop, order, 3_000, away), timedelta(0)
    for minutes in pauses:
        after += timedelta(minutes=minutes, seconds=1)
        with later(seconds=after.total_seconds()):
            [asked] = list(refund_lookups.ask_about_refunds({"card": away}))
        assert asked.state == "unknown"

    assert ask_again(shop, Method.CARD, days=9)[0].state == "succeeded"
    assert Refund.get_by_id(refund.id).lookups == len(pauses) + 1


def test_a_refund_that_was_committed_and_never_sent_is_sent_by_the_worker(shop):
    order = paid(shop)
    refunds.begin(refundable(order), 3_000, shop.staff, WHY, {"card": shop.company}, INSTALLATION)

    assert [refund.state for refund in ask_again(shop, Method.CARD, minutes=2)] == ["succeeded"]


def test_a_company_that_refuses_leaves_the_money_and_another_try(shop):
    order = paid(shop)
    charge = order.latest_payment.company_reference
    shop.company.refund(charge, 13_000, "by hand at the company")
    refund = give_back(shop, order, 3_000)

    assert (refund.state, refund.code, returned(), mails()) == ("declined", "not_refundable", [], [])
    assert "要確認" in Event.get(Event.entity == f"refund {refund.key}", Event.to_state == "declined").reason
    assert give_back(shop, order, 200).key == f"test-o{order.number}-r2"


@pytest.mark.parametrize("configured", [{}, {"card": SimpleNamespace(name="another")}], ids=["none", "another"])
def test_without_its_company_nothing_is_given_back(shop, configured):
    order = paid(shop)

    with pytest.raises(NotPossible, match="設定されていない"):
        refunds.begin(refundable(order), 3_000, shop.staff, WHY, configured, INSTALLATION)
    assert refund_lookups.unanswered(configured) == []


def test_pressed_twice_and_by_two_at_once_it_goes_back_once(shop):
    order, staff = paid(shop), shop.staff
    seen = refundable(order)

    def press() -> bool:
        try:
            refunds.send(refunds.begin(seen, 3_000, staff, WHY, {"card": shop.company}, INSTALLATION), shop.company)
        except NotPossible:
            return False
        return True

    assert sorted(at_once(*[press] * 4)) == [False, False, False, True]
    assert not press()
    assert returned() == [(-3_000, order.number)]
    assert len(mails()) == 1
    shop.ledger.prove()


def test_money_that_no_order_could_use_goes_back_as_well(shop):
    order = paid(shop)
    payment = order.latest_payment
    Allocation.update(order=None, account=order.account).where(Allocation.order == order).execute()
    payment.move("declined", came_from=["succeeded"], at=clock.now(), code="not_allocated")
    assert refundable(order).rest_yen == 0
    seen = refundable(order, payment.attempt)
    give_back(shop, order, 13_200, seen=seen)

    assert returned() == [(-13_200, None)]
    assert refundable(order, payment.attempt).rest_yen == 0


def test_transferred_money_goes_back_from_the_deposits_that_paid_the_order(shop):
    order = paid_by_transfer(shop, 3_000, 10_200)
    returns.return_of_order(refundable(order), Sent(11_000, clock.today(), WHY), shop.staff, INSTALLATION)

    assert returned() == [(-10_200, order.number), (-800, order.number)]
    assert Order.get_by_id(order.id).is_paid
    assert refundable(order).rest_yen == 2_200
    assert "銀行" in mails()[0].body
    with pytest.raises(NotPossible, match="2,200円まで"):
        returns.return_of_order(refundable(order), Sent(2_201, clock.today(), WHY), shop.staff, INSTALLATION)
    shop.ledger.prove()


def test_the_rest_of_a_deposit_goes_back(shop):
    order, deposit = shop.place_for_transfer(shop.draft()), shop.deposit(20_000)
    allocate(deposit, order, 13_200, shop.staff, "x", catalog=CATALOG)
    seen = returns.rest_of(deposit)
    returns.return_rest(seen, Sent(6_000, clock.today(), WHY), shop.staff, INSTALLATION)

    assert returned() == [(-6_000, None)]
    assert deposit.rest_yen == 800
    assert [mail.account_id for mail in mails()] == [order.account_id]
    for sent, message in ((Sent(1, clock.today(), WHY), "先に記録"), (Sent(801, clock.today(), WHY), "800円")):
        with pytest.raises(NotPossible, match=message):
            returns.return_rest(seen if sent.yen == 1 else returns.rest_of(deposit), sent, shop.staff, INSTALLATION)
    with pytest.raises(NotPossible, match="800円"):
        returns.return_rest(returns.rest_of(deposit), Sent(0, clock.today(), WHY), shop.staff, INSTALLATION)
    shop.ledger.prove()


def test_nobody_is_mailed_about_money_whose_owner_is_unknown(shop):
    deposit = shop.deposit(20_000)
    refund = returns.return_rest(returns.rest_of(deposit), Sent(20_000, clock.today(), WHY), shop.staff, INSTALLATION)

    assert (refund.account, mails(), deposit.rest_yen) == (None, [], 0)
    assert returns.rest_of(deposit).refusal
