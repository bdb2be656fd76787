"""独自SSL and 独自ドメイン of all customers, to read: whose is this name, and how far is its issue."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.actions.staff import certificate_lists
from portal.screens.staff.list_page import list_page, search, search_query

blueprint = Blueprint("certificates", __name__)


@blueprint.get("/certificates")
def index() -> ResponseReturnValue:
    form = search()
    return list_page("staff/certificates/list.html", form, certificate_lists.certificates(search_query(form)))


@blueprint.get("/certificates/failed")
def failed() -> ResponseReturnValue:
    form = search()
    return list_page("staff/certificates/failed.html", form, certificate_lists.unissued(search_query(form)))


@blueprint.get("/domains")
def domains() -> ResponseReturnValue:
    form = search()
    return list_page("staff/certificates/domains.html", form, certificate_lists.domains(search_query(form)))
