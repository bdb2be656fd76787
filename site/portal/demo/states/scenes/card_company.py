"""What the card company does without the portal: a dispute of a payment, and money that reaches the bank account."""

from datetime import timedelta

from models import Order
from portal import clock
from portal.actions.payments import webhooks
from portal.actions.transfers import remittances
from portal.demo.states import ways
from portal.demo.states.world import Scene, World, on
from portal.enums import DisputeState, Method
from portal.gateways.card import DisputeReported


def disputed(world: World) -> None:
    guest, desk = ways.buy(world.customer("disputed"), world.catalog), world.staff()
    order = ways.order_of("disputed")
    _tell(order, DisputeState.OPEN, 1)
    desk.visit(f"/staff/orders/{order.number}").keep("staff-order-disputed")
    desk.visit("/staff/attention").keep("staff-attention-disputed")
    _tell(order, DisputeState.LOST, 2)
    desk.visit(f"/staff/orders/{order.number}").keep("staff-order-dispute-lost")
    guest.visit(f"/orders/{order.number}").keep("order-dispute-lost").visit("/contract").keep("contract-charges-held")


def sent_to_the_bank(world: World) -> None:
    desk = world.staff().visit("/staff/remittances").keep("remittances-none")
    list(remittances.look(world.app.extensions["companies"]))
    desk.visit("/staff/remittances").keep("remittances")


def _tell(order: Order, state: DisputeState, minute: int) -> None:
    """The company's webhook; real ones are signed with the true time, which is not that of here."""
    payment, at = order.latest_payment, clock.now() + timedelta(minutes=minute)
    respond_by = at + timedelta(days=9) if state is DisputeState.OPEN else None
    about = (f"dp_{order.number}", payment.company_reference, payment.yen, state, "fraudulent", respond_by, at)
    webhooks.receive_dispute(Method.CARD, DisputeReported(f"event_{order.number}_{minute}", *about), "{}")


SCENES = (Scene(disputed), Scene(sent_to_the_bank, on(12, 16)))
