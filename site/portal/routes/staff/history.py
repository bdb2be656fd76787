"""履歴: who changed which state, when and why. Rows are only ever added."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.actions.staff import lists
from portal.screens.staff.list_page import list_page, search, search_query

blueprint = Blueprint("history", __name__)


@blueprint.get("/history")
def index() -> ResponseReturnValue:
    form = search()
    return list_page("staff/history/list.html", form, lists.events(search_query(form)))
