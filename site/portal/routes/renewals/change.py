"""次回ご契約内容を変更する: what renews now, and the two ways to change it until the deadline."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.rules.renewals.change_window import Closed
from portal.screens.overview import Overview
from portal.web.current import current_account

blueprint = Blueprint("change", __name__)


@blueprint.get("/renewal/change")
def show() -> ResponseReturnValue:
    contract = Overview(current_account())
    if not contract.charged:
        return redirect(url_for("contract.show"), code=303)
    window = contract.window
    return render_template("renewals/change.html", contract=contract, window=window, is_closed=isinstance(window, Closed))
