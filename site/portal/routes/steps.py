"""Which screen an order may be seen on: one table, one enforcer. A step opened out of order shows the order's true state."""

from typing import Any

from flask import Blueprint, g, redirect, request, url_for

from models import Order, Payment
from portal.rules.status import Stage, stage
from portal.web.current import current_account, get_or_404

SCREENS: dict[str, set[Stage]] = {
    "orders.show": set(Stage),
    "orders.choose": {Stage.FORM},
    "orders.estimate": {Stage.FORM},
    "payment.choose": {Stage.FORM, Stage.PAYABLE},
    "payment.pick": {Stage.FORM, Stage.PAYABLE},
    "card.confirm": {Stage.FORM, Stage.PAYABLE},
    "card.pay_now": {Stage.FORM, Stage.PAYABLE},
}


def enforce(blueprint: Blueprint) -> None:
    """Look the order up among the customer's own before every view of `blueprint`, and send steps out of order away."""

    @blueprint.before_request
    def right_step() -> Any:
        if "number" not in (request.view_args or {}):
            return None
        g.order = get_or_404(current_account().orders, number=request.view_args["number"])
        g.payment = g.order.latest_payment
        g.stage = stage_of(g.order, g.payment)
        if g.stage in SCREENS[request.endpoint]:
            return None
        return to_order(g.order)


def stage_of(order: Order, payment: Payment | None) -> Stage:
    return stage(order.state, payment and payment.state)


def to_order(order: Order) -> Any:
    return redirect(url_for("orders.show", number=order.number), code=303)
