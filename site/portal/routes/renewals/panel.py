"""コントロールパネル: the contract in short."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.screens.live_pages import panel_page
from portal.web.current import current_account

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def panel() -> ResponseReturnValue:
    live = panel_page(current_account())
    return render_template(live.template, live=live)
