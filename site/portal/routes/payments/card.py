"""Paying by card: back from the card company, the final confirmation, and [OK]."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Entry
from portal.actions.orders.drafts import OutOfStep
from portal.actions.payments import pay
from portal.enums import EntryState, Method
from portal.rules.payments.declines import no_card_text
from portal.screens import steps
from portal.screens.confirmation import CHANGED, accepted, content_of, final_screen, say_unless_pressed_twice, sha256
from portal.screens.offers import offer_of
from portal.web.current import card_company, get_or_404, settings

blueprint = Blueprint("card", __name__)
steps.enforce(blueprint)


@blueprint.get("/orders/<number>/card/<reference>")
def confirm(number: str, reference: str) -> ResponseReturnValue:
    entry = pay.look_at_entry(_entry(reference), card_company())
    if entry.state == EntryState.OPEN:
        return render_template("payments/card_unfinished.html", entry=entry, order=g.order)
    if entry.state == EntryState.USED:
        return steps.to_order(g.order)
    if entry.state == EntryState.FAILED:
        flash(no_card_text(entry.code))
        return redirect(url_for("payment.choose", number=number), code=303)
    return _confirmation(entry)


@blueprint.post("/orders/<number>/card/<reference>")
def pay_now(number: str, reference: str) -> ResponseReturnValue:
    entry, offer = _entry(reference), offer_of(g.order, Method.CARD)
    if entry.state == EntryState.USED:
        return steps.to_order(g.order)
    if entry.state != EntryState.READY or offer is None:
        return redirect(url_for("card.confirm", number=number, reference=reference), code=303)
    content = content_of(offer, entry)
    if request.form.get("shown") != sha256(content):
        return _confirmation(entry, CHANGED)
    try:
        pay.pay_by_card(g.order, entry, accepted(offer, content), card_company(), settings().installation_id)
    except OutOfStep:
        say_unless_pressed_twice(entry)
    return steps.to_order(g.order)


def _entry(reference: str) -> Entry:
    return get_or_404(g.order.entries, reference=reference, method=Method.CARD)


def _confirmation(entry: Entry, notice: str | None = None) -> ResponseReturnValue:
    offer = offer_of(g.order, Method.CARD)
    if offer is None:
        return redirect(url_for("payment.choose", number=g.order.number), code=303)
    action = url_for("card.pay_now", number=g.order.number, reference=entry.reference)
    return final_screen(offer, action, entry=entry, notice=notice)
