"""What the card company does without the portal: a dispute, a refund on its own pages, and money that reaches the bank account."""

from datetime import timedelta

from models import Order
from portal import clock
from portal.actions.payments import webhooks
from portal.actions.transfers import remittances
from portal.demo.states import ways
from portal.demo.states.world import Scene, World, on
from portal.enums import DisputeState, Method
from portal.gateways.card import DisputeReported, RefundReported


def disputed(world: World) -> None:
    guest, desk = ways.buy(world.customer("disputed"), world.catalog), world.staff()
    order = ways.order_of("disputed")
    _tell(order, DisputeState.OPEN, 1)
    desk.visit(f"/staff/orders/{order.number}").keep("staff-order-disputed")
    desk.visit("/staff/attention").keep("staff-attention-disputed")
    _tell(order, DisputeState.LOST, 2)
    desk.visit(f"/staff/orders/{order.number}").keep("staff-order-dispute-lost")
    guest.visit(f"/orders/{order.number}").keep("order-dispute-lost").visit("/contract").keep("contract-charges-held")
    desk.visit("/staff/accounts/disputed").keep("staff-customer-held")
    desk.visit(f"/staff/orders/{order.number}/check").keep("order-check").press("確認へ進む").keep("order-check-errors")
    desk.press("確認へ進む", reason="お客様とお話しした").keep("order-check-look")
    desk.press("OK", code=world.code("keiri")).keep("staff-order-dispute-checked")


def refunded_there(world: World) -> None:
    guest = ways.buy(world.customer("refunded-there"), world.catalog)
    order = ways.order_of("refunded-there")
    about = ("", "re_there", order.latest_payment.company_reference, 500, clock.now())
    webhooks.receive_refund(Method.CARD, RefundReported("event_there", *about, is_returned=True), "{}")
    world.staff().visit(f"/staff/orders/{order.number}").keep("staff-order-refunded-elsewhere")
    guest.visit(f"/orders/{order.number}").keep("order-refunded-elsewhere")


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


SCENES = (Scene(disputed), Scene(refunded_there), Scene(sent_to_the_bank, on(12, 16)))
