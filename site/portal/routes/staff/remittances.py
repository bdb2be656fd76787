"""会社からの入金: what payment companies have sent to our bank account, and what each is made of. Read only."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.actions.staff import remittances
from portal.actions.staff.searching import SearchQuery
from portal.screens.staff.list_page import search

blueprint = Blueprint("remittances", __name__)


@blueprint.get("/remittances")
def index() -> ResponseReturnValue:
    found = remittances.remittances(SearchQuery(page=search().page_number))
    return render_template("staff/bank/remittances.html", found=found)
