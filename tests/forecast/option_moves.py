"""What customers do on the own pages of single options: buy one, add devices, turn the renewal of one on or off."""

from random import Random

from models import Account
from portal import clock
from portal.actions.renewals import reservation, switch
from portal.actions.renewals.snapshot import snapshot_of
from portal.enums import Method, ProductKind
from portal.rules.renewals.next_number import NextNumber, next_number
from portal.rules.transfers.due_dates import may_wait_for_transfer
from tests import additions
from tests.actions.renewals.contract import OK
from tests.forecast.world import LOGINS, World


def add(world: World, random: Random) -> None:
    """Backup where there is none, else devices. The pages offer neither once the server's term is over, or where it is not sold."""
    login, method, keeps = random.choice(LOGINS), random.choice(list(Method)), random.random() < 0.3
    snapshot = snapshot_of(Account.by_login(login))
    owned = {mine.product: mine for mine in snapshot.entitlements}
    if snapshot.server is None or snapshot.server.stopped_on or snapshot.server.usable_until < clock.today():
        return
    if not world.catalog.product("backup").is_sold or Account.by_login(login).plan not in [plan.id for plan in world.catalog.plans]:
        return
    adds = "device" if "backup" in owned else "backup"
    quote = additions.devices_now(world.shop, login, 1) if adds == "device" else additions.backup_now(world.shop, login, 3)
    if quote is None or (method is Method.BANK and not may_wait_for_transfer(quote, None, clock.today(), world.catalog.closed_days)):
        return
    with world.customers.trying(f"added {adds} by {method}"):
        additions.order(world.shop.by(method), login, adds, quote, keeps_method=keeps)


def renumber(world: World, random: Random) -> None:
    """Another number of devices from the next charge on, where its page offers that."""
    login = random.choice(LOGINS)
    snapshot = snapshot_of(Account.by_login(login))
    mine = next((mine for mine in snapshot.entitlements if mine.kind is ProductKind.PER_DEVICE), None)
    of = next_number(snapshot, mine, world.catalog.product(mine.product), clock.today(), world.catalog) if mine else None
    if isinstance(of, NextNumber):
        lines, dropped = of.quote(random.randrange(1, of.most + 1), world.catalog).lines, {each.subscription for each in of.found.dropped}
        with world.customers.trying("reserved a number"):
            reservation.make(Account.by_login(login), {}, lines, frozenset(dropped), None, of.found.ends_on, OK, world.catalog)
            promised = {line.subscription or str(line.product): line.yen for line in lines}
            world.customers.reserved.setdefault((login, of.found.ends_on), []).append(promised)


def turn(world: World, random: Random) -> None:
    account = Account.by_login(random.choice(LOGINS))
    options = [mine for mine in snapshot_of(account).entitlements if mine.kind in (ProductKind.OPTION, ProductKind.PER_DEVICE)]
    if options:
        mine = random.choice(options)
        with world.customers.trying(f"turned {'off' if mine.renews else 'on'}"):
            switch.switch(account, mine.subscription, OK, world.catalog, on=not mine.renews)
