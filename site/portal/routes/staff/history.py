"""履歴: who changed which state, when and why; rows are only ever added."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.actions import staff_lists
from portal.routes.staff.lists import list_page, search, sought

blueprint = Blueprint("history", __name__)


@blueprint.get("/history")
def index() -> ResponseReturnValue:
    form = search()
    return list_page("staff/history/list.html", form, staff_lists.events(sought(form)))
