"""ログイン中の端末: the customer's own sign-ins, each ended by a button, or all others at once."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from portal.actions.accounts import sessions
from portal.web.current import current_account
from portal.web.view_marks import types_nothing

blueprint = Blueprint("sessions", __name__, url_prefix="/account/sessions")
OTHERS = "others"
ENDED = "選んだ端末をログアウトさせました。"
ALL_ENDED = "ほかの端末を、すべてログアウトさせました。"


@blueprint.get("")
def show() -> ResponseReturnValue:
    rows = sessions.open_sessions(current_account())
    return render_template("accounts/sessions.html", rows=rows, own=session.row.mark, OTHERS=OTHERS)


@blueprint.post("")
@types_nothing
def end() -> ResponseReturnValue:
    """Pressed again, or for one that has ended meanwhile: the same answer, for it is so."""
    which = request.form.get("which", "")
    if which and which != session.row.mark:
        sessions.end_others(current_account(), session.row, None if which == OTHERS else which)
        flash(ALL_ENDED if which == OTHERS else ENDED)
    return redirect(url_for("sessions.show"), code=303)
