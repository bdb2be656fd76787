"""Refunds made at the company, and disputes: booked once, in whatever order the company tells of them; never the same money twice."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from models import Account, Allocation, Dispute, Invoice, InvoiceVoid, Mail, Order, Payment, Refund
from portal import clock
from portal.actions.operations import verify
from portal.actions.payments import refunds, webhooks
from portal.actions.payments.refundable import refundable
from portal.actions.refusals import NotPossible
from portal.actions.renewals import held_charges
from portal.actions.renewals.snapshot import snapshot_of
from portal.actions.staff import lists
from portal.enums import DisputeState
from portal.gateways.card import DisputeReported, RefundReported
from portal.rules.renewals.charge_skips import DISPUTED, why_not_charged
from portal.rules.renewals.renewal_group import renewal_group
from portal.sandbox.books.outcomes import Outcome
from tests.purchase import CATALOG, INSTALLATION

pytestmark = pytest.mark.store
AT = datetime(2026, 12, 1, tzinfo=UTC)
OPEN, WON, LOST, INQUIRY = DisputeState.OPEN, DisputeState.WON, DisputeState.LOST, DisputeState.INQUIRY


def refunded(payment: Payment, yen: int = 500, *, event: str = "evt_1", key: str = "", number: str = "re_1", made: bool = True) -> bool:
    told = RefundReported(event, key, number, payment.company_reference or payment.company_key, yen, clock.now(), is_returned=made)
    return webhooks.receive_refund("card", told, "{}")


def disputed(payment: Payment, state: DisputeState, minute: int, *, event: str = "", number: str = "du_1", yen: int = 13_200) -> bool:
    moment = AT + timedelta(minutes=minute)
    told = DisputeReported(
        event or f"evt_{number}_{state}_{minute}", number, payment.company_reference, yen, state, "fraudulent", None, moment
    )
    return webhooks.receive_dispute("card", told, "{}")


@pytest.fixture
def paid(shop) -> Iterator[Payment]:
    shop.buy()
    yield Payment.get()
    assert [fault for fault in verify.faults() if "確認中" not in fault] == []


def went_back() -> list[int]:
    return [row.yen for row in Allocation.select().where(Allocation.source == "returned").order_by(Allocation.id)]


def test_a_refund_made_at_the_company_is_booked_once_and_shown_to_staff_until_they_have_seen_it(shop, paid):
    assert refunded(paid)
    assert refunded(paid)
    assert refunded(paid, event="evt_2")

    refund = Refund.get()
    assert (refund.key, refund.yen, refund.state, refund.staff) == ("re_1", 500, "succeeded", None)
    assert went_back() == [-500]
    assert Order.get().is_paid
    assert refundable(Order.get()).rest_yen == 13_200 - 500
    assert Mail.select().where(Mail.kind == "money_returned").count() == 1
    assert [row.id for row in lists.unchecked_refunds()] == [refund.id]
    held_charges.check(Order.get(), shop.staff, "自分で返金した")
    assert lists.unchecked_refunds() == []
    with pytest.raises(NotPossible):
        held_charges.check(Order.get(), shop.staff, "もう一度")


def test_a_refund_that_failed_before_we_heard_that_it_was_made_never_counts(paid):
    refunded(paid, made=False)
    refunded(paid, event="evt_0")

    assert went_back() == []
    assert Refund.get().code == "refund_failed"
    assert len(lists.stuck_refunds()) == 1


def test_a_refund_of_ours_that_fails_days_later_is_money_that_we_have_again(shop, paid):
    refund = refunds.begin(refundable(Order.get()), 11_000, shop.staff, "x", {"card": shop.company}, INSTALLATION)
    refunds.send(refund, shop.company)
    assert Invoice.select().where(Invoice.kind == "return").exists()

    for event in ("evt_1", "evt_2"):
        refunded(paid, 11_000, key=refund.key, made=False, event=event)

    assert went_back() == [-11_000, 11_000]
    assert refundable(Order.get()).rest_yen == 13_200
    assert Invoice.get_by_id(InvoiceVoid.get().invoice_id).kind == "return"
    assert [row.key for row in lists.stuck_refunds()] == [refund.key]


def test_the_event_of_a_refund_before_its_answer_counts_once(shop, paid):
    refund = refunds.begin(refundable(Order.get()), 3_000, shop.staff, "x", {"card": shop.company}, INSTALLATION)
    refunded(paid, 3_000, key=refund.key)
    refunds.send(refund, shop.company)

    assert went_back() == [-3_000]
    assert Refund.get().staff == shop.staff


def test_of_a_charge_without_a_result_it_is_to_come_again_and_of_a_strange_one_it_is_answered(shop):
    shop.buy(outcome=Outcome.ANSWER_LOST)
    Payment.update(company_key="pi_1").execute()

    assert not refunded(Payment.get())
    assert not disputed(Payment(company_reference="pi_1"), LOST, 1)
    assert refunded(Payment(company_reference="pi_of_another_shop", company_key=""))
    assert Refund.select().count() == Dispute.select().count() == 0


def test_an_open_dispute_is_shown_and_holds_back_every_refund(shop, paid):
    disputed(paid, OPEN, 1)

    assert [row.state for row in lists.unchecked_disputes()] == ["open"]
    assert went_back() == []
    found = refundable(Order.get())
    assert "不審請求" in found.refusal({"card": shop.company})
    with pytest.raises(NotPossible):
        refunds.begin(found, 500, shop.staff, "x", {"card": shop.company}, INSTALLATION)
    assert not Account.get(login="new").is_held


@pytest.mark.parametrize("state", [INQUIRY, WON])
def test_a_question_of_the_bank_and_a_dispute_that_was_won_move_nothing(shop, paid, state):
    disputed(paid, state, 1)

    assert went_back() == []
    assert refundable(Order.get()).refusal({"card": shop.company}) is None


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (2, 0, 1), (2, 2, 1)])
def test_a_lost_dispute_is_money_that_went_back_whatever_the_order_of_events(shop, paid, order):
    told = [(OPEN, 1), (OPEN, 2), (LOST, 3)]
    for place, index in enumerate(order):
        disputed(paid, *told[index], event=f"evt_{place}")

    assert Dispute.get().state == "lost"
    assert went_back() == [-13_200]
    assert refundable(Order.get()).rest_yen == 0
    assert Order.get().is_paid
    assert not Invoice.select().where(Invoice.kind == "return").exists()
    assert not Mail.select().where(Mail.kind == "money_returned").exists()


def test_a_lost_dispute_holds_the_automatic_charges_until_staff_have_chosen(shop, paid):
    disputed(paid, LOST, 1)
    account = Account.get(login="new")
    snapshot, today = snapshot_of(account), clock.today()
    group = renewal_group(snapshot, snapshot.server.ends_on, today, CATALOG)

    assert group.plan.days == ()
    assert why_not_charged(snapshot, group, today) == DISPUTED
    held_charges.check(Order.get(), shop.staff, "契約は続ける")
    snapshot = snapshot_of(Account.get(login="new"))
    assert renewal_group(snapshot, snapshot.server.ends_on, today, CATALOG).plan.days
    assert snapshot.reopened_on == today


def test_a_dispute_that_is_won_after_it_was_lost_brings_the_money_again(shop, paid):
    disputed(paid, LOST, 1)
    held_charges.check(Order.get(), shop.staff, "契約は続ける")
    disputed(paid, WON, 2)

    assert went_back() == [-13_200, 13_200]
    assert refundable(Order.get()).rest_yen == 13_200
    assert [row.state for row in lists.unchecked_disputes()] == ["won"]
    disputed(paid, LOST, 3)
    assert sum(went_back()) == -13_200
    assert Refund.select().count() == 1
    disputed(paid, OPEN, 4)
    disputed(paid, LOST, 5)
    assert sum(went_back()) == -13_200


def test_a_dispute_of_what_is_left_after_a_refund_never_returns_more_than_came_in(shop, paid):
    refunded(paid, 3_000)
    disputed(paid, LOST, 1, yen=10_200)

    assert refundable(Order.get()).rest_yen == 0
    assert sum(went_back()) == -13_200
