"""保存されている情報: what is stored about the customer, as a page and as a file."""

import json

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from portal import clock
from portal.actions.privacy.own_data import ON_THE_PAGE, as_json, own_data
from portal.web.current import current_account
from portal.web.view_marks import no_page

blueprint = Blueprint("own_data", __name__, url_prefix="/account/data")


@blueprint.get("")
def show() -> ResponseReturnValue:
    """One kind at a time, by its place in the list: all of them would be too much for a slow line."""
    sections = own_data(current_account())
    place = request.args.get("kind", default=1, type=int)
    chosen = place if 1 <= place <= len(sections) else 1
    about = {"sections": sections, "chosen": chosen, "section": sections[chosen - 1]}
    return render_template("accounts/own_data.html", on_the_page=ON_THE_PAGE, **about)


@blueprint.get("/json")
@no_page
def file() -> ResponseReturnValue:
    account = current_account()
    text = json.dumps(as_json(own_data(account)), ensure_ascii=False, indent=1)
    response = Response(text, mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{account.login}-{clock.today()}.json"'
    return response
