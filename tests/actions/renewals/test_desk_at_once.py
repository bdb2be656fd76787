"""A file of the bank is imported, and its money confirmed, while the worker renews: the books agree to the yen."""

import pytest

from models import Deposit, Order
from portal import clock
from portal.actions.transfers import bank_files, matching_runs
from portal.enums import OrderState
from portal.sandbox.books.outcomes import Outcome
from tests.actions.renewals.contract import CHARGE, RENEWED_UNTIL, Contract
from tests.bank_files import Paid, as_bytes, zengin01
from tests.concurrency import at_once
from tests.purchase import CATALOG, later

pytestmark = pytest.mark.store


def test_an_import_and_a_press_during_a_renewal_run(shop, calendar):
    renewing = [Contract(shop, calendar, f"renews-{number}").buy(Outcome.PAYS) for number in range(3)]
    calendar.jump(CHARGE)
    orders = [shop.place_for_transfer(shop.draft(f"pays-{number}")) for number in range(3)]
    lines = [Paid(order.total_yen, f"{order.number} ﾐﾎﾝ", clock.today()) for order in orders]
    file = bank_files.keep(as_bytes(zengin01(lines)), "今日.txt", shop.staff, CATALOG.bank_accounts)

    def desk() -> None:
        bank_files.import_file(file, shop.staff, CATALOG.bank_accounts, is_as_shown=lambda plan: True)
        matching_runs.carry_out(matching_runs.begin(matching_runs.sure_pairs(), shop.staff), shop.staff, catalog=CATALOG)

    with later(minutes=0):
        at_once(desk, *[lambda: calendar.work(shop)] * 2)
        calendar.work(shop)

    shop.ledger.prove()
    assert {Order.get_by_id(order.id).state for order in orders} == {OrderState.PAID}
    assert (Deposit.select().count(), shop.ledger.charged_twice()) == (3, [])
    assert {contract.ends_on for contract in renewing} == {RENEWED_UNTIL}
