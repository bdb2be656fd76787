"""本人認証 of an automatic charge: what will be paid, the way to the bank's page, and back."""

from flask import Blueprint, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from models import Order, OrderLine, PaymentMethod
from portal import clock
from portal.actions.renewals import authentication
from portal.screens import steps
from portal.web.current import card_company, catalog, client_address, companies, settings
from portal.web.view_marks import types_nothing

blueprint = Blueprint("authentication", __name__)
steps.load_order(blueprint)


@blueprint.get("/renewal/authentication/<number>")
def show(number: str) -> ResponseReturnValue:
    """While the bank's page is open, the way to it. It is a link: a form may lead to the company alone, and no bank is known to us."""
    card = _card()
    if card is None:
        return steps.to_order(g.order)
    lines = list(g.order.lines.order_by(OrderLine.position))
    about = {"lines": lines, "card": card, "payment": g.payment, "is_open": g.payment.is_at_page(clock.now())}
    return render_template("renewals/authentication.html", order=g.order, **about)


@blueprint.post("/renewal/authentication/<number>")
@types_nothing
def begin(number: str) -> ResponseReturnValue:
    back = url_for("authentication.come_back", number=number)
    if not (g.payment and g.payment.is_at_page(clock.now())):
        authentication.begin(g.order, card_company(), settings().installation_id, client_address(), back, catalog())
    return _on()


@blueprint.get("/renewal/authentication/<number>/return")
def come_back(number: str) -> ResponseReturnValue:
    if g.payment and g.payment.is_at_page(clock.now()):
        authentication.come_back(g.payment, card_company(), catalog())
    return _on()


def _on() -> ResponseReturnValue:
    """What came of it: the bank's page is open, or it was refused; else the order says so."""
    g.order = Order.get_by_id(g.order.id)
    g.payment = g.order.latest_payment
    return steps.to_order(g.order) if _card() is None else redirect(url_for("authentication.show", number=g.order.number), code=303)


def _card() -> PaymentMethod | None:
    if g.payment is not None and g.payment.is_at_page(clock.now()):
        return g.payment.payment_method
    return authentication.card_to_prove(g.order, g.payment, companies().card)
