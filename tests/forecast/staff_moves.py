"""What staff may do in a random world beside entering and allocating deposits. A refused step changes nothing."""

from datetime import timedelta
from random import Random

from models import Account, Deposit, Order
from portal.actions.renewals import closing, due_dates, method_reset, plan_change
from portal.actions.transfers import bank_files, cancellation, difference, matching_runs, single_press
from portal.actions.transfers.proposing import line_of, proposals, waiting_deposits
from portal.rules.transfers.bank_files.days import OLDEST
from tests.bank_files import Paid, as_bytes, zengin01
from tests.forecast.world import LOGINS, World

REASON = "お客様のご希望"


def cancel_order(world: World, random: Random) -> None:
    order = _account(random).placed_order
    if order:
        with world.customers.trying("staff cancelled an order"):
            cancellation.cancel_order(order, world.shop.staff, REASON)


def accept_difference(world: World, random: Random) -> None:
    """After a transfer that was a little short."""
    account = _account(random)
    order = account.placed_order
    if order and order.is_by_transfer and not order.received_yen:
        world.customers.transfer(account.login, (order.total_yen - 440) / order.total_yen)
        world.customers.confirm(-1)
        with world.customers.trying("staff accepted a difference"):
            difference.accept_difference(order, world.shop.staff, "振込手数料", catalog=world.catalog)


def move_due_date(world: World, random: Random) -> None:
    order = _account(random).placed_order
    if order:
        with world.customers.trying("staff moved a due date"):
            due_dates.move(order, world.today + timedelta(days=random.randrange(25)), world.shop.staff, REASON, world.catalog)


def close_or_open(world: World, random: Random) -> None:
    account = _account(random)
    change = closing.reopen if account.is_closed else closing.close
    with world.customers.trying(f"staff: {change.__name__} an account"):
        change(account, "staff keiri", REASON, world.catalog)


def stop_renewal(world: World, random: Random) -> None:
    was_on, _ = method_reset.stop(_account(random), world.catalog, world.shop.staff, REASON)
    world.did["staff stopped a renewal" if was_on else "staff stopped no renewal"] += 1


def a_bank_file_comes(world: World, random: Random) -> None:
    """What is on the way stands in a file of the bank: it is imported, then confirmed in one press, or line by line as its row says."""
    customers, staff, today = world.customers, world.shop.staff, world.today
    sent = [one for one in customers.on_the_way if today - one.on < OLDEST]
    if not sent:
        return
    lines = [Paid(one.yen, f"{one.order.number} ﾐﾎﾝ", one.on, today) for one in sent]
    customers.on_the_way.clear()
    file = bank_files.keep(as_bytes(zengin01(lines)), "今日.txt", staff, world.catalog.bank_accounts)
    with customers.trying("a bank file came"):
        bank_files.import_file(file, staff, world.catalog.bank_accounts, is_as_shown=lambda plan: True)
    if random.random() < 0.5:
        done = matching_runs.carry_out(matching_runs.begin(matching_runs.sure_pairs(), staff), staff, catalog=world.catalog)
        customers.did["confirmed together"] += done.count
    for number in [deposit.number for deposit in waiting_deposits()]:
        _press_its_row(world, number)


def _press_its_row(world: World, number: str) -> None:
    """What the row says of yen is what happens; where nothing can be done it has no button."""
    (row,) = proposals([line_of(waiting_deposits().where(Deposit.number == number).get())])
    world.did[f"a waiting line: {row.proposal.kind.value}"] += 1
    if not row.proposal.parts:
        return
    single_press.press(number, row.fingerprint, world.shop.staff, catalog=world.catalog)
    order = Order.get_by_id(row.proposal.orders[0])
    assert (order.missing_yen, Deposit.get(Deposit.number == number).rest_yen) == (row.proposal.short_yen, row.proposal.over_yen)
    assert order.is_paid == (row.proposal.short_yen == 0)


def change_plan(world: World, random: Random) -> None:
    plan = random.choice(("light", "standard", "business"))
    with world.customers.trying("staff changed a plan"):
        plan_change.change_plan(_account(random), plan, "staff keiri", REASON, world.catalog)


def _account(random: Random) -> Account:
    return Account.by_login(random.choice(LOGINS))
