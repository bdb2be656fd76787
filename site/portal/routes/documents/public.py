"""Public pages: every version of the terms, the page that the commerce law requires, and how accessible the pages are."""

from flask import Blueprint, Response, abort, make_response, render_template
from flask.typing import ResponseReturnValue

from portal.rules.documents import accessibility
from portal.web.current import catalog
from portal.web.view_marks import public

blueprint = Blueprint("documents", __name__)


@blueprint.get("/documents/<name>/<version>")
@public
def show(name: str, version: str) -> ResponseReturnValue:
    document = catalog().document(name, version) or abort(404)
    return _cacheable(render_template("documents/document.html", document=document))


@blueprint.get("/legal/tokutei")
@public
def commerce_law() -> ResponseReturnValue:
    return _cacheable(render_template("documents/commerce_law.html", catalog=catalog()))


@blueprint.get("/legal/accessibility")
@public
def accessibility_statement() -> ResponseReturnValue:
    levels = {level: accessibility.counted(level) for level in ("A", "AA")}
    about = {"levels": levels, "not_met": accessibility.not_met(), "read_on": accessibility.READ_ON}
    return _cacheable(render_template("documents/accessibility.html", **about))


def _cacheable(page: str) -> Response:
    response = make_response(page)
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response
