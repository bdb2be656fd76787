"""自動更新 of one option alone, on or off: a final screen of its own, for it obliges."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.actions.orders.drafts import OutOfStep
from portal.actions.renewals import switch
from portal.catalog import Option, PerDevice
from portal.rules.renewals.snapshot import Entitlement
from portal.screens.own_option import OwnOption, own_option
from portal.screens.owned import snapshot
from portal.screens.second_look import SecondLook
from portal.screens.switch_look import switch_look
from portal.web.current import catalog, current_account
from portal.web.view_marks import types_nothing

blueprint = Blueprint("switches", __name__)
DONE = {True: "自動更新をオンにしました。今回のお支払いは行われていません。", False: "自動更新をオフにしました。"}
CHANGED = "表示したあとで内容が変わりました。新しい内容をご確認のうえ、もう一度 OK を押してください。まだ変更されていません。"
OVERTAKEN = "ほかの画面での操作か自動更新のお支払いが先に行われたため、変更されていません。いまの状態をご確認ください。"


@blueprint.get("/options/<product>/renewal")
def show(product: str) -> ResponseReturnValue:
    mine = _mine(product)
    if mine.entitlement is None:
        return _back(mine)
    on = not mine.entitlement.renews
    return _refused(mine, on) or _page(mine, mine.entitlement, on)


@blueprint.post("/options/<product>/renewal")
@types_nothing
def press(product: str) -> ResponseReturnValue:
    mine = _mine(product)
    entitlement, on = mine.entitlement, request.form.get("to") == "on"
    if entitlement is None:
        return _back(mine)
    if entitlement.renews == on:
        return _done(mine, on)
    look = _look(mine, entitlement, on)
    if refused := _refused(mine, on):
        return refused
    if not look.was_shown:
        return _page(mine, entitlement, on, CHANGED)
    try:
        switch.switch(current_account(), entitlement.subscription, look.evidence, catalog(), on=on)
    except OutOfStep:
        flash(OVERTAKEN)
        return _back(mine)
    return _done(mine, on)


def _mine(product: str) -> OwnOption:
    found = catalog().product(product)
    return own_option(found) if isinstance(found, Option | PerDevice) else abort(404)


def _refused(mine: OwnOption, on: bool) -> Any:
    reason = mine.why_no_switch(on=on)
    if reason is None:
        return None
    flash(reason)
    return _back(mine)


def _look(mine: OwnOption, entitlement: Entitlement, on: bool) -> SecondLook:
    return switch_look(snapshot(), entitlement, mine.today, on=on)


def _page(mine: OwnOption, entitlement: Entitlement, on: bool, notice: str | None = None) -> ResponseReturnValue:
    look, back = _look(mine, entitlement, on), url_for("options.show", product=mine.product.id)
    return look.page("renewals/switch.html", notice=notice, name=mine.product.short_name, back=back, on=on)


def _done(mine: OwnOption, on: bool) -> ResponseReturnValue:
    flash(DONE[on])
    return _back(mine)


def _back(mine: OwnOption) -> ResponseReturnValue:
    return redirect(url_for("options.show", product=mine.product.id), code=303)
