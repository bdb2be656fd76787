"""[最初からやり直す]: delete everything that the demo's visitors did, while the demo runs."""

from flask import Blueprint, current_app, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from portal.demo import filling
from portal.demo.turn_lock import Busy
from portal.demo.turning import in_own_context, lock_of
from portal.web.view_marks import public, types_nothing

blueprint = Blueprint("demo_restart", __name__)


@blueprint.get("/demo/restart")
@public
def confirm() -> ResponseReturnValue:
    return render_template("demo/restart.html", notice="")


@blueprint.post("/demo/restart")
@public
@types_nothing
def restart() -> ResponseReturnValue:
    app = current_app._get_current_object()
    try:
        with lock_of(app).turning():
            in_own_context(filling.begin_anew, app)
    except Busy as refusal:
        return render_template("demo/restart.html", notice=str(refusal)), 409
    session.end()
    return redirect(url_for("demo.show", restarted="yes"), code=303)
