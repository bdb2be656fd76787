"""次回の自動更新から変更する（今は支払わない）: the form, the final screen, and undo until the deadline."""

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.actions.orders.drafts import OutOfStep
from portal.actions.renewals import reservation
from portal.forms.renewals import RenewalForm, renewal_form
from portal.rules.orders.quote import Quote, quote
from portal.rules.renewals.change_window import Closed, change_window
from portal.rules.renewals.forecast import Forecast, forecast, forecasts
from portal.rules.renewals.quote import is_sold
from portal.rules.renewals.snapshot import Entitlement, Snapshot
from portal.screens.offers import plan_of
from portal.screens.owned import owned_products
from portal.screens.second_look import SecondLook
from portal.web.current import catalog, current_account
from portal.web.view_marks import keeps_input, types_nothing

blueprint = Blueprint("reservation", __name__)
ENDS_LATER = "この自動更新の対象ではないため、ここでは変更できません。"
CHANGED = "表示したあとで内容が変わりました。新しい内容と金額をご確認のうえ、もう一度 OK を押してください。まだ予約されていません。"
OVERTAKEN = "変更の期限を過ぎたか、ほかの画面での操作が先に行われたため、予約は変更されていません。いまの状態をご確認ください。"
LOOKS_ON = ("quote", "change")  # 金額を再計算する, 内容を変更する
MADE = "次回の自動更新の内容を予約しました。今回のお支払いは行われていません。"
UNDONE = "予約を取り消しました。次回は、いまと同じ内容で自動更新されます。"


@dataclass(frozen=True)
class Next:
    """The next automatic charge, while it can still be changed. `entitlements`: what it renews, without withdrawn products."""

    snapshot: Snapshot
    found: Forecast

    @cached_property
    def entitlements(self) -> tuple[Entitlement, ...]:
        ending = self.snapshot.ending(self.found.ends_on)
        return tuple(entitlement for entitlement in ending if entitlement.renews and is_sold(self.snapshot, entitlement, catalog()))

    def form(self, **filled: Any) -> RenewalForm:
        """The form of a renewal by hand, limited to what this charge renews and what can be added.

        Options renew only with their server, so the server cannot be left out while it can be renewed.
        """
        others = {each.subscription: ENDS_LATER for each in self.snapshot.entitlements if each not in self.entitlements}
        mine = replace(owned_products(), obstacles=others, by_themselves=frozenset())
        form = renewal_form(catalog(), plan_of(current_account()), mine, **filled)
        form.pays_now, server = False, catalog().server
        months = form.choice(server)
        months.choices = [choice for choice in months.choices if choice.value or not form.owned_products.open(server.id)]
        return form

    def estimate(self, form: RenewalForm) -> Quote | None:
        """The price as it will be charged: additions begin with the new term. None while the choices are not complete."""
        return form.selection and quote(form.selection, form.plan, catalog(), self.found.ends_on + timedelta(days=1), form.owned)

    def dropped(self, priced: Quote) -> tuple[Entitlement, ...]:
        chosen = {line.subscription for line in priced.lines}
        return tuple(entitlement for entitlement in self.entitlements if entitlement.subscription not in chosen)


@blueprint.before_request
def only_while_there_is_time() -> Any:
    """After the deadline, redirect to 「次回ご契約内容を変更する」, which shows the reason."""
    g.next = None if plan_of(current_account()) is None else _next()
    return None if g.next or "undo" in request.endpoint else redirect(url_for("change.show"), code=303)


@blueprint.get("/renewal/reservation")
def edit() -> ResponseReturnValue:
    kept = current_account().reservation
    is_for_this = kept is not None and kept.ends_on == g.next.found.ends_on
    return _page(g.next.form(preset=json.loads(kept.typed) if is_for_this else {}))


@blueprint.post("/renewal/reservation")
@keeps_input("reservation.edit")
def choose() -> ResponseReturnValue:
    form, do = g.next.form(), request.form.get("do")
    chosen = form.selection if do in LOOKS_ON else form.agreed_selection
    if chosen is None:
        return _page(form, 422)
    if do in LOOKS_ON:
        return _page(form)
    return _reserve(form) if do == "reserve" else _final(form)


@blueprint.get("/renewal/reservation/undo")
def confirm_undoing() -> ResponseReturnValue:
    kept = current_account().reservation
    if kept is None or g.next is None:
        return redirect(url_for("change.show"), code=303)
    snapshot, today = replace(g.next.snapshot, reserved=None), clock.today()
    after = forecast(snapshot, g.next.found.ends_on, today, catalog())
    return render_template("renewals/undo.html", found=after, renewal_method=snapshot.renewal_method, today=today)


@blueprint.post("/renewal/reservation/undo")
@types_nothing
def undo() -> ResponseReturnValue:
    try:
        if reservation.undo(current_account(), catalog()):
            flash(UNDONE)
    except OutOfStep:
        flash(OVERTAKEN)
    return redirect(url_for("contract.show"), code=303)


def _next() -> Next | None:
    snapshot, today = owned_products().snapshot, clock.today()
    found = next((found for found in forecasts(snapshot, today, catalog()) if found.charge), None)
    is_closed = isinstance(change_window(snapshot, today, catalog()), Closed)
    return None if found is None or is_closed else Next(snapshot, found)


def _reserve(form: RenewalForm) -> ResponseReturnValue:
    priced, look = g.next.estimate(form), _look(form)
    if _is_reserved(priced):
        flash(MADE)
        return redirect(url_for("contract.show"), code=303)
    if not look.was_shown:
        return _final(form, CHANGED)
    dropped = frozenset(entitlement.subscription for entitlement in g.next.dropped(priced))
    what = (form.typed(), priced.lines, dropped, tuple(form.documents), g.next.found.ends_on)
    try:
        reservation.make(current_account(), *what, look.evidence, catalog())
        flash(MADE)
    except OutOfStep:
        flash(OVERTAKEN)
    return redirect(url_for("contract.show"), code=303)


def _is_reserved(priced: Quote) -> bool:
    """True if an earlier press of the same button has made this reservation."""
    reserved = g.next.snapshot.reserved
    return reserved is not None and (reserved.ends_on, reserved.lines) == (g.next.found.ends_on, priced.lines)


def _look(form: RenewalForm) -> SecondLook:
    priced = g.next.estimate(form)
    dropped = g.next.dropped(priced)
    context = {
        "quote": priced,
        "dropped": dropped,
        "found": g.next.found,
        "renewal_method": g.next.snapshot.renewal_method,
        "documents": form.documents,
        "catalog": catalog(),
    }
    return SecondLook(render_template("renewals/_reservation.html", **context))


def _final(form: RenewalForm, notice: str | None = None) -> ResponseReturnValue:
    look = _look(form)
    if notice and look.was_accepted:
        flash(MADE)
        return redirect(url_for("contract.show"), code=303)
    there, back = url_for("reservation.choose"), url_for("change.show")
    return look.page("renewals/reservation_final.html", notice=notice, typed=form.typed(), there=there, back=back)


def _page(form: RenewalForm, status: int = 200) -> ResponseReturnValue:
    mistakes = form.mistakes
    context = {"form": form, "mistakes": mistakes, "estimate": None if mistakes else g.next.estimate(form), "catalog": catalog()}
    return render_template(
        "renewals/reservation.html", found=g.next.found, renewal_method=g.next.snapshot.renewal_method, **context
    ), status
