"""Between any two steps of a renewal another action runs completely: another worker, the customer, staff, the company, the
next day. No term is ever charged twice, and nothing is charged after a customer was told that the renewal is off.

The usual run takes each second step.
"""

import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import count

import pytest

from models import Mail, Order
from portal.actions.orders.drafts import OutOfStep
from portal.actions.payments import pay, reconcile
from portal.actions.transfers.deposits import NotPossible
from portal.enums import Method, OrderState
from portal.store import database as store
from tests import sampling
from tests.actions.renewals.contract import (
    CHARGE,
    ENDS_ON,
    RENEWED_UNTIL,
    RESERVED_UNTIL,
    RETRY,
    WALLET_CHARGE,
    Act,
    Contract,
    left_by,
    refused_for_ever,
    refused_once,
    reserved,
    then,
)
from tests.cards import cards_of
from tests.companies import Answers
from tests.purchase import later
from tests.races import careless
from tests.races.steps import Steps

pytestmark = pytest.mark.store(postgresql=6)

LAST_DAYS = (date(2026, 12, 28), date(2027, 1, 2))
IMPOSSIBLE = (OutOfStep, NotPossible)


@dataclass(frozen=True)
class Scenario:
    """`acts` run on a day, on a contract prepared by `before`; afterwards the worker runs on that day and on later ones."""

    name: str
    on: date
    acts: Act
    before: Act = Contract.buy
    method: Method = Method.CARD


def named(value: object) -> str:
    return value.name if isinstance(value, Scenario) else getattr(value, "__name__", str(value))


def refused_and_card_entered(contract: Contract) -> None:
    refused_once(contract)
    contract.calendar.jump(RETRY)
    contract.shop.setup(contract.order)


def the_charge_arrives(contract: Contract) -> None:
    """A charge sent by a killed worker reaches the company late."""
    payment = contract.payment
    [token, *_] = cards_of(contract.shop.books).tokens()
    contract.shop.company.charge(token, payment.yen, payment.key_at_company)


CHARGED = Scenario("charged", CHARGE, Contract.look)
CHARGED_BY_WALLET = Scenario("charged by wallet", WALLET_CHARGE, Contract.look, method=Method.WALLET)
RETRIED = Scenario("retried", RETRY, Contract.look, refused_once)
PAID_BY_HAND = Scenario("paid by hand", RETRY, Contract.press_ok, refused_and_card_entered)
RESET = Scenario("reset", CHARGE, Contract.reset, left_by("before charge"))
RESERVED = Scenario("reserved", CHARGE, Contract.look, reserved)
DELETED = Scenario("deleted", date(2027, 1, 15), Contract.look, refused_for_ever)

RENEWED = [
    (CHARGED, Contract.work_after_the_lease),
    (CHARGED, Contract.let_the_day_turn),
    (CHARGED, Contract.renew_by_hand),
    (CHARGED, Contract.set_another_card),
    (CHARGED, Contract.hear_from_the_company),
    (CHARGED_BY_WALLET, then(Contract.work_after_the_lease, Contract.hear_from_the_company)),
    (RETRIED, Contract.pay_the_failed_order),
    (RETRIED, Contract.let_staff_allocate),
    (PAID_BY_HAND, Contract.work_after_the_lease),
]
STOPPED = [
    (CHARGED, Contract.reset),
    (CHARGED, then(Contract.work_after_the_lease, Contract.reset)),
    (CHARGED_BY_WALLET, Contract.reset),
    (CHARGED_BY_WALLET, Contract.unlink),
    (RETRIED, Contract.reset),
    (PAID_BY_HAND, Contract.reset),
    (RESET, Contract.work_after_the_lease),
    (RESET, the_charge_arrives),
    (RESET, then(Contract.reset, the_charge_arrives)),
]
TOO_LATE = [(CHARGED, Contract.reserve, RENEWED_UNTIL), (RESERVED, Contract.undo_the_reservation, RESERVED_UNTIL)]


def run_scenario(contract: Contract, story: Scenario, happens: Act, at: int) -> bool:
    """Run one scenario, interrupted before its `at`-th step; False if it has no such step."""
    contract.calendar.jump(story.on)
    story.before(contract)
    contract.calendar.jump(story.on)
    seen, interrupted, problems = count(1), [], []

    def interrupt() -> None:
        try:
            store.ensure_connection()
            with suppress(*IMPOSSIBLE):
                happens(contract)
        except Exception as problem:
            problems.append(problem)
        finally:
            store.close()

    def act(_number: int, name: str) -> None:
        if name.startswith("before") and next(seen) == at:
            interrupted.append(name)
            thread = threading.Thread(target=interrupt)
            thread.start()
            thread.join()

    with Steps(act) as steps, suppress(*IMPOSSIBLE):
        story.acts(contract.asking(steps.watch(contract.shop.company)))
    assert problems == []
    return bool(interrupted)


def run_all(shop, calendar, story: Scenario, happens: Act, *, at_least: int = 4) -> list[Contract]:
    shop = that_never_forgets(shop.by(story.method))
    contracts: list[Contract] = []
    for at in count(1, sampling.usual(2, 1)):
        contracts.append(Contract(shop, calendar, f"at-{at}"))
        was_interrupted = run_scenario(contracts[-1], story, happens, at)
        assert shop.ledger.faults(is_quiet=False) == [], f"step {at}"
        if not was_interrupted:
            break
    assert at > at_least
    follow(shop, calendar, story)
    return contracts


def that_never_forgets(shop):
    """Its company charges detached cards and wallets, so only the portal can prevent a charge."""
    return shop.asking(Answers(shop.company, detach=True, unlink=True))


def follow(shop, calendar, story: Scenario) -> None:
    """The worker runs again on that day, the next and later ones, after every lease expired."""
    with later(minutes=12):
        for day in (story.on, story.on.replace(day=story.on.day + 1), *(day for day in LAST_DAYS if day > story.on)):
            calendar.jump(day).work(shop)
        shop.ledger.prove()
        assert shop.ledger.charged_twice() == []


@pytest.mark.companies(stripe=9)
@pytest.mark.parametrize(("story", "happens"), RENEWED, ids=named)
def test_any_interleaving_pays_the_term_once(shop, calendar, story, happens):
    contracts = run_all(shop, calendar, story, happens)

    assert {contract.ends_on for contract in contracts} == {RENEWED_UNTIL}


@pytest.mark.companies(stripe=0)
@pytest.mark.parametrize(("story", "happens"), STOPPED, ids=named)
def test_nothing_is_charged_after_the_stop_was_confirmed_to_the_customer(shop, calendar, story, happens):
    contracts = run_all(shop, calendar, story, happens)

    resets = [(contract, *found) for contract in contracts for found in contract.resets]
    assert resets
    for contract, found, charged in resets:
        assert not found.is_under_way
        assert contract.charged == charged
        assert contract.ends_on > ENDS_ON or not found.paid


def test_a_concurrent_bank_order_postpones_the_charge_or_is_refused(shop, calendar):
    contracts = run_all(shop, calendar, CHARGED, Contract.order_by_transfer)

    ways = {(len(contract.charged), orders_by_transfer(contract)) for contract in contracts}
    assert ways == {(0, 1), (1, 0)}


@pytest.mark.companies(stripe=0)
@pytest.mark.parametrize(("story", "happens", "until"), TOO_LATE, ids=named)
def test_the_charge_follows_reservations_made_until_the_day_before(shop, calendar, story, happens, until):
    """On the charge day a reservation can be neither made nor undone, also during the charge, and the customer is told so."""
    contracts = run_all(shop, calendar, story, happens)

    assert {(contract.account.reservation, contract.ends_on) for contract in contracts} == {(None, until)}
    kinds = [str(mail.kind) for mail in Mail.select().where(Mail.kind.startswith("reservation"))]
    assert kinds == ["reservation_made"] * (len(contracts) if story is RESERVED else 0)


def test_a_payment_during_the_deletion_keeps_the_contract_or_is_refused(shop, calendar):
    contracts = run_all(shop, calendar, DELETED, Contract.pay_the_failed_order, at_least=2)

    ways = {(contract.account.server is not None, contract.order.state) for contract in contracts}
    assert ways == {(True, OrderState.PAID), (False, OrderState.CANCELLED)}


def orders_by_transfer(contract: Contract) -> int:
    return contract.account.orders.where(Order.method == Method.BANK, Order.state != OrderState.DRAFT).count()


@pytest.mark.companies(stripe=0)
def test_without_closing_open_attempts_a_worker_charges_after_the_reset(shop, calendar, monkeypatch):
    """The negative control."""
    monkeypatch.setattr(pay, "close_for_ever", careless.stop_asking)

    contracts = run_in_part(shop, calendar, Contract.reset)

    assert any(contract.charged != charged for contract in contracts for _, charged in contract.resets)


@pytest.mark.companies
def test_with_a_new_key_per_attempt_a_paused_worker_charges_twice(shop, calendar, monkeypatch):
    """The negative control."""
    monkeypatch.setattr(reconcile, "ask_about", careless.ask_about)

    run_in_part(shop, calendar, Contract.work_after_the_lease)

    assert any("yen were taken for order" in fault for fault in shop.ledger.faults(is_quiet=False))


def run_in_part(shop, calendar, happens: Act) -> list[Contract]:
    """Interrupted around the request to the company."""
    contracts = [Contract(that_never_forgets(shop), calendar, f"at-{at}") for at in range(4, 7)]
    for at, contract in enumerate(contracts, 4):
        run_scenario(contract, CHARGED, happens, at)
    return contracts
