"""Public pages: prices, the guide, every version of the terms, the pages of two laws, and how accessible the pages are."""

from flask import Blueprint, Response, abort, make_response, render_template
from flask.typing import ResponseReturnValue

from portal.rules.documents import accessibility
from portal.rules.documents.changes import changes
from portal.rules.documents.guide import GUIDE
from portal.screens.public_pages import about_privacy, about_the_guide, about_the_sale
from portal.web.current import catalog
from portal.web.view_marks import public

blueprint = Blueprint("documents", __name__)


@blueprint.get("/prices")
@public
def prices() -> ResponseReturnValue:
    return _page("prices", catalog=catalog())


@blueprint.get("/guide")
@public
def guide() -> ResponseReturnValue:
    return _page("guide")


@blueprint.get("/guide/<name>")
@public
def guide_page(name: str) -> ResponseReturnValue:
    title = GUIDE.get(name) or abort(404)
    return _page(f"guide/{name}", title=title, **about_the_guide(catalog()))


@blueprint.get("/documents")
@public
def index() -> ResponseReturnValue:
    return _page("index", documents=[catalog().versions(document.id) for document in catalog().documents])


@blueprint.get("/documents/<name>/<version>")
@public
def show(name: str, version: str) -> ResponseReturnValue:
    document = catalog().document(name, version) or abort(404)
    newest, before = catalog().around(document)
    what = changes(before.html, document.html) if before else []
    return _page("document", document=document, newer=newest, before=before, changes=what)


@blueprint.get("/legal/tokutei")
@public
def commerce_law() -> ResponseReturnValue:
    return _page("commerce_law", **about_the_sale(catalog()))


@blueprint.get("/legal/privacy")
@public
def privacy() -> ResponseReturnValue:
    return _page("privacy", **about_privacy(catalog()))


@blueprint.get("/legal/accessibility")
@public
def accessibility_statement() -> ResponseReturnValue:
    levels = {level: accessibility.counted(level) for level in ("A", "AA")}
    return _page("accessibility", levels=levels, not_met=accessibility.not_met(), read_on=accessibility.READ_ON)


@blueprint.get("/legal/accessibility/criteria")
@public
def criteria() -> ResponseReturnValue:
    return _page("criteria", criteria=accessibility.CRITERIA, read_on=accessibility.READ_ON)


def _page(name: str, **shown: object) -> Response:
    """The same for everybody, so any cache may keep it for an hour."""
    response = make_response(render_template(f"documents/{name}.html", **shown))
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response
