"""「送信済みメール」: every mail to the customer, with its delivery state."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from models import Mail
from portal.web.current import current_account, get_or_404

blueprint = Blueprint("mails", __name__)
ON_A_PAGE = 20
HIGHEST_NUMBER = 2**31 - 1


@blueprint.get("/mails")
def index() -> ResponseReturnValue:
    before = request.args.get("before", type=int)
    mine = current_account().mails.order_by(Mail.id.desc()).limit(ON_A_PAGE + 1)
    if before is not None:
        mine = mine.where(Mail.id < max(0, min(before, HIGHEST_NUMBER)))
    found = list(mine)
    return render_template("mail/list.html", mails=found[:ON_A_PAGE], older=len(found) > ON_A_PAGE, is_later_page=before is not None)


@blueprint.get(f"/mails/<int(max={HIGHEST_NUMBER}):number>")
def show(number: int) -> ResponseReturnValue:
    return render_template("mail/show.html", mail=get_or_404(current_account().mails, id=number))
