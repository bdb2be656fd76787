"""A customer who left long ago: what the law asked to keep has been kept, and staff erase the rest."""

from datetime import date

from models import Account, HostingEvent
from portal import clock
from portal.actions.renewals import closing
from portal.demo.days import months_before
from portal.demo.states import ways
from portal.demo.states.world import Scene, World

BOUGHT, ENDED, DELETED = date(2014, 9, 20), date(2014, 11, 1), date(2014, 11, 15)


def erased(world: World) -> None:
    """The first scene: when the clock is turned back, nobody else is there."""
    today = clock.today()
    world.stand_on(BOUGHT)
    ways.stop_renewal(ways.buy(world.customer("leaver", "消本 終"), world.catalog, 1))
    closing.close(Account.by_login("leaver"), "staff keiri", "お客様のご希望", world.catalog)
    for day in (BOUGHT, ENDED, DELETED):
        world.stand_on(day)
        world.work()
    for event in HostingEvent.select():
        event.mark_sent(clock.now())
    world.stand_on(today)
    guest = world.staff().visit("/staff/accounts/leaver").keep("staff-customer-left").follow("個人データの消去").keep("erasure")
    guest.press("OK", shown="old").keep("erasure-changed").press("OK", code=world.code("keiri")).keep("erasure-done")


SCENES = (Scene(erased, months_before(2, 19), is_early=True),)
