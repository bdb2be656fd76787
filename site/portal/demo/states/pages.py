"""The gallery's own pages: the index of all states, and what is said where there is nothing to show. The states themselves are files."""

from collections.abc import Callable, Iterable
from typing import Any

from flask import Blueprint, Flask, abort, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Request, Response

from portal.demo.states.printed import INDEX
from portal.demo.states.shelf import Shelf
from portal.demo.states.table import GROUPS, NAMES
from portal.web.view_marks import public

blueprint = Blueprint("demo_states", __name__)
WAIT_SECONDS = 60
MAKING = "見本の画面を作っています。しばらくしてから、もう一度開いてください。"
FAILED = "見本の画面を作れませんでした。端末の記録を確かめてください。"
NOT_HERE = "この会社の商品では、この状態を作れませんでした。"


def add_gallery(app: Flask) -> None:
    settings = app.extensions["settings"]
    app.extensions["shelf"] = Shelf(settings.data_folder, settings.company_folder)
    app.register_blueprint(blueprint)
    app.wsgi_app = Shown(app.wsgi_app, app.extensions["shelf"])


@blueprint.get(INDEX)
@public
def index() -> ResponseReturnValue:
    _shelf().begin()
    return render_template("demo/states.html", groups=GROUPS)


@blueprint.get(f"{INDEX}/nowhere")
@public
def nowhere() -> ResponseReturnValue:
    return render_template("demo/state_missing.html", why="")


@blueprint.get(f"{INDEX}/<state>")
@public
def show(state: str) -> ResponseReturnValue:
    """Only what is not there yet comes here: the pages that are made are answered before the portal is asked."""
    if state not in NAMES:
        abort(404)
    shelf = _shelf()
    if shelf.wait(WAIT_SECONDS):
        return redirect(url_for("demo_states.show", state=state), code=303) if shelf.find(state) else _missing(NOT_HERE, 404)
    return _missing(FAILED if shelf.has_failed() else MAKING, 503)


def _missing(why: str, status: int) -> ResponseReturnValue:
    return render_template("demo/state_missing.html", why=why), status


def _shelf() -> Shelf:
    return current_app.extensions["shelf"]


class Shown:
    """Answers a state that is made from its file, with the headers that it had: no session, no database, no demo bar."""

    def __init__(self, portal: Callable[..., Iterable[bytes]], shelf: Shelf) -> None:
        self._portal, self._shelf = portal, shelf

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        request = Request(environ)
        stored = None
        if request.method in ("GET", "HEAD") and request.path.startswith(f"{INDEX}/"):
            stored = self._shelf.find(request.path.removeprefix(f"{INDEX}/"))
        if stored is None:
            return self._portal(environ, start_response)
        headers = stored.headers | {"Cache-Control": "no-cache", "X-Portal-Status": str(stored.status)}
        return Response(stored.body, headers=headers, content_type="text/html; charset=utf-8")(environ, start_response)
