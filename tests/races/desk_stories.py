"""Stories of the bank desk for tests/races/killed.py: a file is imported, and what it brought is confirmed in one press."""

from contextlib import suppress

from models import Account, BankFile, Deposit, Order
from portal import clock
from portal.actions.refusals import NotPossible
from portal.actions.transfers import bank_files, deposits, matching_runs
from portal.actions.transfers.deposits import Entered
from portal.enums import BankFileState, OrderState
from tests.bank_files import Paid, as_bytes, zengin01
from tests.purchase import CATALOG, EVERYTHING, Shop

ACCOUNTS = CATALOG.bank_accounts


def two_orders(shop: Shop, order: Order) -> None:
    shop.place_for_transfer(order, EVERYTHING)
    shop.place_for_transfer(shop.draft(f"{order.account.login}-b"), EVERYTHING)


def _file(shop: Shop, order: Order) -> BankFile:
    """Both orders' money, and somebody's."""
    other = Account.by_login(f"{order.account.login}-b").orders.get()
    orders = [Order.get_by_id(order.id), other]
    day = clock.day_of(orders[0].placed_at)
    lines = [Paid(one.total_yen, f"{one.number} ﾐﾎﾝ", day) for one in orders] + [Paid(100 + order.id, "ﾀﾞﾚｶ", day)]
    return bank_files.keep(as_bytes(zengin01(lines)), f"{order.number}.txt", shop.staff, ACCOUNTS)


def import_it(shop: Shop, order: Order) -> None:
    with suppress(NotPossible):  # imported before
        bank_files.import_file(_file(shop, order), shop.staff, ACCOUNTS, is_as_shown=lambda plan: True)


def confirm_all(shop: Shop, _order: Order) -> None:
    matching_runs.carry_out(matching_runs.begin(matching_runs.sure_pairs(), shop.staff), shop.staff, catalog=CATALOG)


def import_without_care(shop: Shop, order: Order) -> None:
    """The negative control: each line in a transaction of its own, and the file is marked at the end."""
    file = _file(shop, order)
    for line in bank_files.plan_of(file, ACCOUNTS).new:
        deposits.enter(Entered(line.booked_on, line.valued_on, line.yen, line.payer), shop.staff, f"bank {file.number} {line.record}")
    file.begin_import(clock.now(), shop.staff)


def go_on(shop: Shop, order: Order) -> None:
    """Staff press again: nothing was half imported, and in the end each line is one deposit."""
    file = _file(shop, order)
    is_half = file.state == BankFileState.READ and Deposit.select().where(Deposit.form_token.startswith(f"bank {file.number} ")).exists()
    assert not is_half, "half imported"
    import_it(shop, order)
    confirm_all(shop, order)
    brought = Deposit.select().where(Deposit.form_token.startswith(f"bank {file.number} ")).count()
    other = Account.by_login(f"{order.account.login}-b").orders.get()
    assert (brought, other.state) == (3, OrderState.PAID), f"{brought} deposits, {other.state}"
