"""Concurrent workers, customers and companies on several accounts: no deadlock, no error, nothing done twice."""

import logging
from contextlib import suppress

import pytest

from models import Schedule
from portal import clock
from portal.actions.orders.drafts import OutOfStep
from portal.actions.payments.results import record_answer
from portal.actions.renewals import billing_run
from portal.enums import OrderState, PaymentState
from portal.gateways.card import Declined
from portal.jobs.context import context_for
from portal.sandbox.books.outcomes import Outcome
from tests.actions.renewals.contract import CHARGE, RENEWED_UNTIL, RETRY, Contract, after_a_killed_worker, processes
from tests.concurrency import at_once
from tests.purchase import CATALOG, later
from tests.races.steps import Steps

pytestmark = pytest.mark.store


@pytest.fixture
def contract(shop, calendar):
    return Contract(shop, calendar, "new")


def possibly(act, *arguments):
    def run():
        with suppress(OutOfStep):
            act(*arguments)

    return run


@pytest.mark.companies(stripe=0)
def test_concurrent_workers_and_customers_charge_each_term_once(shop, calendar, caplog):
    """Run twice: the second round meets what the first left after its leases expired. Cards for manual payments are entered before."""
    resets, by_hand, tells, other_card, alone = everybody = [Contract(shop, calendar, f"at-once-{number}") for number in range(5)]
    for contract in everybody:
        contract.buy(Outcome.PAYS_ONCE if contract is by_hand else Outcome.PAYS)
    calendar.jump(CHARGE)
    by_hand.look()
    calendar.jump(RETRY)
    by_hand.shop.setup(by_hand.order)
    acts = [resets.reset, by_hand.press_ok, tells.hear_from_the_company, other_card.set_another_card, resets.reset]

    with later(minutes=0) as traveller, caplog.at_level(logging.ERROR):
        for minutes in (12, 12):
            at_once(*[lambda: calendar.work(shop)] * 4, *[possibly(act) for act in acts])
            assert shop.ledger.faults(is_quiet=False) == []
            traveller.shift(minutes * 60)
        for day in (RETRY, RETRY.replace(day=15)):
            calendar.jump(day).work(shop)
    shop.ledger.prove()

    assert [record.getMessage() for record in caplog.records] == []
    assert shop.ledger.charged_twice() == []
    assert {contract.ends_on for contract in (by_hand, tells, other_card, alone)} == {RENEWED_UNTIL}
    assert all(resets.charged == charged for found, charged in resets.resets if not found.is_under_way)


@pytest.mark.companies(stripe=0)
def test_contradictory_answers_at_once_end_as_paid(shop, calendar):
    """Money that a company took counts, whichever answer is processed first."""
    several = [Contract(shop, calendar, f"at-once-{number}") for number in range(3)]
    for contract in several:
        after_a_killed_worker("after charge", contract)
    payments = [contract.payment for contract in several]
    paid = {payment.id: shop.company.lookup(payment.key_at_company) for payment in payments}
    words = [(payment, word) for payment in payments for word in (paid[payment.id], Declined("card_declined", retryable=True))]

    at_once(*[lambda said=said: record_answer(*said, actor="card company", catalog=CATALOG) for said in words * 3])

    assert {contract.payment.state for contract in several} == {PaymentState.SUCCEEDED}
    assert {contract.order.state for contract in several} == {OrderState.PAID}
    shop.ledger.prove()


def everybody(rows):
    return {row.account_id for row in rows}


@pytest.fixture
def released(monkeypatch):
    """Which workers have processed an account, and ended their claim."""
    rows, release = [], Schedule.release_all
    monkeypatch.setattr(Schedule, "release_all", lambda days: rows.extend(days) or release(days))
    return rows


def looks_of(contract, workers=6):
    """That many workers have read the same schedule row."""
    contract.buy()
    contract.calendar.jump(CHARGE)
    rows = [Schedule.get(Schedule.account == contract.account) for _ in range(workers)]
    desk = context_for(contract.calendar.settings, contract.shop.companies).billing
    at_once(*[lambda row=row: processes([row], desk) for row in rows])


def test_one_of_many_workers_processes_an_account(contract, released):
    looks_of(contract)

    assert len(released) == 1
    assert contract.ends_on == RENEWED_UNTIL
    contract.shop.ledger.prove()


def test_without_a_claim_every_worker_processes_the_account(contract, released, monkeypatch):
    """The negative control."""
    monkeypatch.setattr(Schedule, "claim_all", lambda rows, *_: rows)
    monkeypatch.setattr(Schedule, "still_mine", everybody)

    looks_of(contract)

    assert len(released) > 1


def overtaken(contract):
    """A worker claims an account and pauses; meanwhile its lease expires and another worker claims the account."""
    contract.buy()
    contract.calendar.jump(CHARGE)

    def claim(_number, name):
        row = Schedule.get(Schedule.account == contract.account)
        if name == "before begin" and row.fence == 1:
            with later(minutes=6):
                Schedule.claim_all([row], clock.real_now(), clock.real_now() + billing_run.LEASE)

    with Steps(claim):
        contract.look()


def test_a_worker_whose_lease_expired_writes_nothing_more(contract):
    overtaken(contract)

    assert contract.payment is None
    assert Schedule.get().lease_until is not None


def test_without_fencing_a_worker_whose_lease_expired_goes_on(contract, monkeypatch):
    """The negative control."""
    monkeypatch.setattr(Schedule, "still_mine", everybody)

    overtaken(contract)

    assert contract.payment is not None
