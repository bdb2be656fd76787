"""コントロールパネル: the contract in short."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.screens.overview import Overview
from portal.web.current import current_account

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def panel() -> ResponseReturnValue:
    return render_template("renewals/panel.html", contract=Overview(current_account()))
