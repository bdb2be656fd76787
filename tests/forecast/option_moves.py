"""What customers do on the own pages of single options: buy one, add devices, turn the renewal of one on or off."""

from random import Random

from models import Account
from portal import clock
from portal.actions.renewals import switch
from portal.actions.renewals.snapshot import snapshot_of
from portal.enums import Method, ProductKind
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


def turn(world: World, random: Random) -> None:
    account = Account.by_login(random.choice(LOGINS))
    options = [mine for mine in snapshot_of(account).entitlements if mine.kind in (ProductKind.OPTION, ProductKind.PER_DEVICE)]
    if options:
        mine = random.choice(options)
        with world.customers.trying(f"turned {'off' if mine.renews else 'on'}"):
            switch.switch(account, mine.subscription, OK, world.catalog, on=not mine.renews)
