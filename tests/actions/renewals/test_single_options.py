"""Single options and added devices at the moment of a charge: what was told is what is charged, whatever comes between two steps."""

import pytest

from models import Order, OrderLine, Subscription, Term
from portal.actions.payments import settle
from portal.actions.renewals import switch
from portal.actions.renewals.method_reset import Reset
from portal.enums import OrderKind
from tests import additions
from tests.actions.renewals.contract import CHARGE, ENDS_ON, OK, Contract
from tests.actions.renewals.test_interleaved import Scenario, run_all, run_scenario, that_never_forgets
from tests.choices import a_selection
from tests.races import careless

pytestmark = pytest.mark.store(postgresql=2)

EVERYTHING = a_selection(months=3, backup_months=3, devices=2, device_months=3)
ONE_DEVICE = 3 * 308  # yen for three months


def buy_everything(contract: Contract) -> None:
    """On 2026-09-22 until the end of December: the server, backup and two devices."""
    contract.buy(selection=EVERYTHING)


def add_devices(contract: Contract) -> None:
    additions.add_devices(contract.shop, contract.login)


def turn_backup_off(contract: Contract) -> None:
    """`resets` keeps what was charged when the customer was told so."""
    backup = contract.account.subscriptions.where(Subscription.product == "backup").get()
    switch.switch(contract.account, backup.id, OK, contract.shop.catalog, on=False)
    contract.resets.append((Reset(was_on=True), contract.charged))


def run_in_steps(shop, calendar, happens) -> list[Contract]:
    """For the negative controls: between the attempt's commit and its answer."""
    contracts = [Contract(that_never_forgets(shop), calendar, f"at-{at}") for at in range(3, 6)]
    for at, contract in enumerate(contracts, 3):
        run_scenario(contract, CHARGED, happens, at)
    return contracts


CHARGED = Scenario("charged", CHARGE, Contract.look, buy_everything)


def device_lines() -> list[OrderLine]:
    """Of the paid automatic orders."""
    lines = OrderLine.select().join(Order).where(Order.kind == OrderKind.AUTO, Order.state == "paid")
    return list(lines.where(OrderLine.product == "device"))


def test_devices_added_on_the_day_of_the_charge_are_charged_for_once_and_renewed_as_told(shop, calendar):
    """A renewal that was charged before has the old number, one that came after the new one: its yen are those of its number."""
    contracts = run_all(shop, calendar, CHARGED, add_devices)

    lines = device_lines()
    assert {line.quantity for line in lines} == {2, 5}
    assert all(line.yen == ONE_DEVICE * line.quantity for line in lines)
    parts = Term.select().join(Subscription).where(Subscription.part_of.is_null(False))
    assert {(part.starts_on, part.ends_on) for part in parts} == {(CHARGE, ENDS_ON)}
    assert parts.count() == len(contracts) - 1  # the last contract was interrupted by nobody


def test_without_a_part_of_its_own_an_addition_changes_what_was_charged_before(shop, calendar, monkeypatch):
    """The negative control."""
    monkeypatch.setattr(settle, "begin_terms", careless.add_to_every_line)

    run_in_steps(shop, calendar, add_devices)

    assert any(line.yen != ONE_DEVICE * line.quantity for line in device_lines())


def test_nothing_that_was_turned_off_is_charged_afterwards(shop, calendar):
    """While the charge runs, the switch is refused."""
    contracts = run_all(shop, calendar, CHARGED, turn_backup_off)

    told = [(contract, charged) for contract in contracts for _, charged in contract.resets]
    assert 0 < len(told) < len(contracts)
    assert not [contract for contract, charged in told if contract.charged != charged and was_charged_with_it(contract)]


def test_without_asking_for_the_charge_the_switch_is_said_to_be_off_and_charged(shop, calendar, monkeypatch):
    """The negative control."""
    monkeypatch.setattr(switch, "why_not", lambda *_about, **_on: None)

    contracts = run_in_steps(shop, calendar, turn_backup_off)

    told = [(contract, charged) for contract in contracts for _, charged in contract.resets]
    assert any(contract.charged != charged and was_charged_with_it(contract) for contract, charged in told)


def was_charged_with_it(contract: Contract) -> bool:
    lines = OrderLine.select().join(Order).where(Order.account == contract.account, Order.kind == OrderKind.AUTO, Order.state == "paid")
    return lines.where(OrderLine.product == "backup").exists()
