"""次回の自動更新からの台数: more or fewer devices from the next term on, a reservation with a final screen of its own."""

import json

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.actions.orders.drafts import OutOfStep
from portal.actions.renewals import reservation
from portal.forms.options import NextNumberForm
from portal.forms.renewals import typed_for
from portal.routes.renewals.reservation import CHANGED, MADE, OVERTAKEN
from portal.rules.renewals.next_number import NextNumber
from portal.screens.option_page import mine_or_404, number_page
from portal.screens.owned import owned_products, snapshot
from portal.screens.second_look import SecondLook
from portal.web.current import catalog, current_account
from portal.web.view_marks import keeps_input

blueprint = Blueprint("next_number", __name__)


@blueprint.get("/options/<product>/next")
def show(product: str) -> ResponseReturnValue:
    return _back(product)


@blueprint.post("/options/<product>/next")
@keeps_input("options.show")
def choose(product: str) -> ResponseReturnValue:
    mine = mine_or_404(product)
    of, do = mine.next_number, request.form.get("do")
    if not isinstance(of, NextNumber):
        flash(mine.too_late_for_a_number or OVERTAKEN)
        return _back(product)
    form = NextNumberForm(most=of.most, so_far=of.line.quantity)
    devices = form.devices
    if devices == of.line.quantity and do == "next":
        form.refuse_the_same()
    if form.mistakes:
        return number_page(mine, form, 422)
    if do == "change":
        return number_page(mine, form)
    return _reserve(of, devices) if do == "reserve" else _final(of, devices)


def _reserve(of: NextNumber, devices: int) -> ResponseReturnValue:
    look, quote = _look(of, devices), of.quote(devices, catalog())
    if not look.was_shown:
        return _final(of, devices, CHANGED)
    kept = current_account().reservation
    typed = typed_for(quote.lines, catalog(), owned_products(), json.loads(kept.typed) if kept and of.found.is_reserved else {})
    dropped = frozenset(each.subscription for each in of.found.dropped)
    try:
        reservation.make(current_account(), typed, quote.lines, dropped, None, of.found.ends_on, look.evidence, catalog())
        flash(MADE)
    except OutOfStep:
        flash(OVERTAKEN)
    return _back(of.line.product)


def _look(of: NextNumber, devices: int) -> SecondLook:
    context = {"quote": of.quote(devices, catalog()), "dropped": of.found.dropped, "found": of.found, "documents": ()}
    text = render_template("renewals/_reservation.html", renewal_method=snapshot().renewal_method, catalog=catalog(), **context)
    return SecondLook(text)


def _final(of: NextNumber, devices: int, notice: str | None = None) -> ResponseReturnValue:
    look = _look(of, devices)
    if notice and look.was_accepted:
        flash(MADE)
        return _back(of.line.product)
    product = of.line.product
    there, back = url_for("next_number.choose", product=product), url_for("options.show", product=product)
    return look.page("renewals/reservation_final.html", notice=notice, typed={"next_count": str(devices)}, there=there, back=back)


def _back(product: str) -> ResponseReturnValue:
    return redirect(url_for("options.show", product=product), code=303)
