"""支払い方法をリセットする: automatic renewal ends, and the card or wallet is deleted. Possible at any time."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.actions.renewals import method_reset as renewal_reset
from portal.actions.renewals.method_reset import Reset
from portal.screens.overview import Overview
from portal.web.current import catalog, companies, current_account
from portal.web.view_marks import types_nothing

blueprint = Blueprint("renewal", __name__)
PAID = "自動更新のお支払いは、止める前に完了していました。ご契約は更新されています。この次からは、自動では更新されません。"
UNDER_WAY = (
    "止める前に手続きを始めたお支払いの結果を確認中です。完了していた場合は、ご契約が更新されます。二重にお支払いいただく必要はありません。"
)


@blueprint.get("/renewal/reset")
def confirm() -> ResponseReturnValue:
    contract = Overview(current_account())
    if not contract.snapshot.renewal_method:
        return _after(contract)
    return render_template("renewals/reset.html", contract=contract)


@blueprint.post("/renewal/reset")
@types_nothing
def reset() -> ResponseReturnValue:
    flash_sent_charges(renewal_reset.reset(current_account(), companies(), catalog()))
    return redirect(url_for("renewal.stopped"), code=303)


@blueprint.get("/renewal/stopped")
def stopped() -> ResponseReturnValue:
    contract = Overview(current_account())
    if contract.snapshot.renewal_method or not contract.rows:
        return redirect(url_for("contract.show"), code=303)
    return render_template("renewals/stopped.html", contract=contract)


def flash_sent_charges(found: Reset) -> None:
    """Flash messages about charges that were sent before the stop."""
    if found.paid:
        flash(PAID)
    if found.is_under_way:
        flash(UNDER_WAY)


def _after(contract: Overview) -> ResponseReturnValue:
    """Where to go if nothing renews automatically."""
    return redirect(url_for("renewal.stopped" if contract.rows else "contract.show"), code=303)
