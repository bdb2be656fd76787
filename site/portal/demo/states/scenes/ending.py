"""Contracts that ended: 停止中, what can still be done then, 解約, and products that are not sold any more."""

from dataclasses import replace

from models import Payment
from portal import clock
from portal.actions.payments.money import Money, record_money
from portal.catalog import Catalog, Server
from portal.demo.days import months_before
from portal.demo.states import desk, ways
from portal.demo.states.world import Scene, World, on
from portal.enums import Method

LONG_AGO, A_DAY_LATER = months_before(2, 20), months_before(2, 21)
STOPPED = ("stopped", "stopped-bank", "stopped-told", "stopped-part", "stopped-unknown", "gone")
LAST_MONTH = months_before(1, 20)


def buys_a_month(login: str, when=LONG_AGO) -> Scene:
    return Scene(lambda world: ways.buy(world.customer(login, "見本 終"), world.catalog, 1), when)


def stops(login: str, when=A_DAY_LATER) -> Scene:
    return Scene(lambda world: ways.stop_renewal(world.customer(login)), when)


def stopped(world: World) -> None:
    guest = world.customer("stopped").visit("/contract").keep("contract-stopped").visit("/").keep("panel-stopped")
    guest.visit("/contract/timeline").keep("timeline-stopped")
    ways.renew(guest).keep("renew-form-stopped").press(ways.TO_THE_METHODS)
    ways.to_the_confirmation(guest).keep("confirm-stopped")


def stopped_and_paying(world: World) -> None:
    for login in ("stopped-bank", "stopped-told", "stopped-part"):
        ways.to_the_transfer(ways.renew(world.customer(login)).press(ways.TO_THE_METHODS)).press("OK")
    world.customer("stopped-bank").visit("/contract").keep("contract-stopped-awaited")
    guest = world.customer("stopped-told").visit("/contract").follow("振り込みました")
    guest.press("連絡する", payer="ミホン オワリ", paid_on=str(clock.today())).keep("contract-stopped-reported")
    desk.pay_in(world, ways.order_of("stopped-part"), 200)
    world.customer("stopped-part").visit("/contract").keep("contract-stopped-partly")
    guest = ways.renew(world.customer("stopped-unknown")).press(ways.TO_THE_METHODS)
    ways.to_the_confirmation(guest, ways.ANSWER_LOST).press("OK")
    guest.visit("/contract").keep("contract-stopped-checking")


def overdue(world: World) -> None:
    world.customer("stopped-bank").visit("/contract").keep("contract-stopped-overdue")


def gone(world: World) -> None:
    world.customer("gone").visit("/contract").keep("contract-ended").visit("/").keep("panel-ended")


def over(world: World) -> None:
    """On the morning after the last day, before the worker has come."""
    world.customer("over").visit("/contract").keep("contract-over")


def withdrawn(world: World) -> None:
    ways.buy(world.customer("withdrawn"), world.catalog)
    with world.selling(_without_plans(world.catalog)):
        world.customer("withdrawn").visit("/contract").keep("contract-withdrawn")
        world.customer("stopped").visit("/contract").keep("contract-stopped-withdrawn")
        world.customer("not-sold").visit("/contract").keep("contract-not-sold")


def gone_and_withdrawn(world: World) -> None:
    with world.selling(_without_plans(world.catalog)):
        world.customer("gone").visit("/contract").keep("contract-ended-withdrawn")


def in_the_middle(world: World) -> None:
    """The web server dies while it asks the card company."""
    guest = ways.to_the_confirmation(ways.to_the_methods(world.customer("paying"), world.catalog))
    with desk.dying_at_the_company(world):
        guest.press("OK")
    guest.visit("/contract").keep("contract-paying").visit("/").keep("panel-paying")
    guest.visit(f"/orders/{ways.order_of('paying').number}").keep("order-paying")


def held(world: World) -> None:
    """Money that its order could not take. No press leads there, so it is recorded as settle() records it."""
    guest = ways.buy(world.customer("held"), world.catalog, number=ways.REFUSED)
    payment = Payment.get(Payment.order == ways.order_of("held"))
    Payment.update(code="not_allocated", company_reference="sand_0").where(Payment.id == payment.id).execute()
    record_money(None, Money(Method.CARD, "sand_0", payment.yen, clock.today(), clock.today(), payment), payment.order.account)
    guest.visit("/contract").keep("contract-held").visit(f"/orders/{payment.order.number}").keep("order-held")


def _without_plans(catalog: Catalog) -> Catalog:
    sold = tuple(replace(product, plans=()) if isinstance(product, Server) else product for product in catalog.products)
    return replace(catalog, products=sold)


SCENES = (
    *(buys_a_month(login) for login in STOPPED),
    *(stops(login) for login in STOPPED),
    buys_a_month("over", LAST_MONTH),
    stops("over", months_before(1, 21)),
    *(Scene(act) for act in (stopped, stopped_and_paying, withdrawn, in_the_middle, held)),
    Scene(overdue, on(11, 16)),
    Scene(gone, on(11, 16)),
    Scene(gone_and_withdrawn, on(11, 16)),
    Scene(over, on(12, 1), is_early=True),
)
