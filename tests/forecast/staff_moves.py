"""What staff may do in a random world beside entering and allocating deposits. A refused step changes nothing."""

from datetime import timedelta
from random import Random

from models import Account
from portal.actions.renewals import closing, due_dates, method_reset
from portal.actions.transfers import cancellation, difference
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


def _account(random: Random) -> Account:
    return Account.by_login(random.choice(LOGINS))
