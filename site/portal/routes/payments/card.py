"""Payment by card: the return from the card company, the final confirmation, and [OK]."""

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import PaymentMethodSetup
from portal.actions.orders.drafts import OutOfStep
from portal.actions.payments import pay
from portal.actions.payments.setups import refresh_setup
from portal.enums import Method, SetupState
from portal.screens import steps
from portal.screens.confirmation import accepted, final_screen, look_at, must_look_again, say_unless_pressed_twice
from portal.screens.offers import offer_of
from portal.web.current import card_company, catalog, get_or_404, settings
from portal.web.return_code import return_code
from portal.web.view_marks import types_nothing

blueprint = Blueprint("card", __name__)
steps.enforce(blueprint)


@blueprint.get("/orders/<number>/card/<reference>")
def confirm(number: str, reference: str) -> ResponseReturnValue:
    before = _setup(reference)
    setup = refresh_setup(before, card_company(), return_code())
    if before.state == SetupState.OPEN and setup.state == SetupState.READY:
        return redirect(request.path, code=303)  # the result is stored now; reload, so that the page itself only reads
    if setup.state == SetupState.OPEN:
        return render_template("payments/card_unfinished.html", setup=setup, order=g.order)
    if setup.state == SetupState.USED:
        return steps.to_order(g.order)
    if setup.state == SetupState.FAILED:
        return redirect(url_for("payment.choose", number=number), code=303)
    return _confirmation(setup)


@blueprint.post("/orders/<number>/card/<reference>")
@types_nothing
def pay_now(number: str, reference: str) -> ResponseReturnValue:
    setup, offer = _setup(reference), offer_of(g.order, Method.CARD)
    if setup.state == SetupState.USED:
        return steps.to_order(g.order)
    if setup.state != SetupState.READY or offer is None:
        return redirect(url_for("card.confirm", number=number, reference=reference), code=303)
    look = look_at(offer, setup)
    if notice := must_look_again(offer, look):
        return _confirmation(setup, notice)
    try:
        pay.pay_order(g.order, setup, accepted(offer, look), card_company(), settings().installation_id, catalog())
    except OutOfStep:
        say_unless_pressed_twice(look)
    return steps.to_order(g.order)


def _setup(reference: str) -> PaymentMethodSetup:
    return get_or_404(PaymentMethodSetup.with_method(), order=g.order, reference=reference, method=Method.CARD)


def _confirmation(setup: PaymentMethodSetup, notice: str | None = None) -> ResponseReturnValue:
    offer = offer_of(g.order, Method.CARD)
    if offer is None:
        return redirect(url_for("payment.choose", number=g.order.number), code=303)
    action = url_for("card.pay_now", number=g.order.number, reference=setup.reference)
    return final_screen(offer, action, setup=setup, notice=notice)
