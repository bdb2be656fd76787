"""入金待ち: transfer orders that wait for money, the nearest due date first."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal import clock
from portal.actions.staff import figures, lists
from portal.screens.staff.list_page import list_page, search, search_query

blueprint = Blueprint("awaited", __name__)


@blueprint.get("/")
def show() -> ResponseReturnValue:
    form = search()
    return list_page("staff/awaited/list.html", form, lists.awaited(search_query(form)), figures=figures.of_transfers(clock.today()))
