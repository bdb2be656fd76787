"""Paying by card: back from the card company, the final confirmation, and [OK]."""

import hashlib

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import CardEntry
from portal import clock
from portal.actions import pay
from portal.actions.orders import OutOfStep
from portal.actions.placing import Accepted
from portal.routes import steps
from portal.routes.offers import documents_of, offer_of
from portal.rules.declines import no_card_text
from portal.rules.offer import Offer
from portal.web.current import card_company, catalog, client_address, client_browser, current_account, get_or_404, settings
from portal.words import EntryState, Method

blueprint = Blueprint("card", __name__)
steps.enforce(blueprint)
CHANGED = "表示したあとで内容が変わりました。新しい内容と金額をご確認のうえ、もう一度 OK を押してください。まだお支払いは行われていません。"
OVERTAKEN = "ほかの画面での操作が先に行われたため、この画面からのお支払いは行われていません。いまの状態をご確認ください。"


@blueprint.get("/orders/<number>/card/<reference>")
def confirm(number: str, reference: str) -> ResponseReturnValue:
    entry = pay.look_at_entry(_entry(reference), card_company())
    if entry.state == EntryState.OPEN:
        return render_template("card/unfinished.html", entry=entry, order=g.order)
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
    content = _content(entry, offer)
    if request.form.get("shown") != _sha256(content):
        return _confirmation(entry, CHANGED, 409)
    try:
        pay.pay_by_card(g.order, entry, _accepted(offer, content), card_company(), settings().installation_id)
    except OutOfStep:
        _say_unless_pressed_twice(entry)
    return steps.to_order(g.order)


def _say_unless_pressed_twice(entry: CardEntry) -> None:
    """An earlier press of the same button did it: its result is the answer. Otherwise something else was first."""
    if CardEntry.get_by_id(entry.id).state == EntryState.READY:
        flash(OVERTAKEN)


def _entry(reference: str) -> CardEntry:
    return get_or_404(g.order.card_entries, reference=reference)


def _confirmation(entry: CardEntry, notice: str | None = None, status: int = 200) -> ResponseReturnValue:
    offer = offer_of(g.order, Method.CARD)
    if offer is None:
        return redirect(url_for("payment.choose", number=g.order.number), code=303)
    content = _content(entry, offer)
    return render_template(
        "card/confirm.html", content=content, shown=_sha256(content), offer=offer, order=g.order, entry=entry, notice=notice
    ), status


def _content(entry: CardEntry, offer: Offer) -> str:
    """The final confirmation as text of the page: shown, compared when OK is pressed, and kept as evidence."""
    return render_template("order/_confirmation.html", offer=offer, order=g.order, entry=entry, catalog=catalog(), today=clock.today())


def _accepted(offer: Offer, content: str) -> Accepted:
    evidence = {"content": content, "sha256": _sha256(content), "address": client_address(), "browser": client_browser()}
    return Accepted(offer, current_account().plan, documents_of(g.order), g.order.revision, **evidence)


def _sha256(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()
