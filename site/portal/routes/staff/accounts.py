"""契約: accounts with their end dates, and one page per customer with all that happened and will happen."""

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from models import Account
from portal.actions.staff import details, lists
from portal.actions.staff.customers import customer
from portal.actions.staff.happenings import HappeningKind, happenings
from portal.screens.staff.customer_page import coming
from portal.screens.staff.list_page import list_page, search, search_query

blueprint = Blueprint("contracts", __name__)


@blueprint.get("/accounts")
def index() -> ResponseReturnValue:
    form = search()
    return list_page("staff/accounts/list.html", form, lists.accounts(search_query(form)))


@blueprint.get("/accounts/<login>")
def show(login: str) -> ResponseReturnValue:
    found = customer(login) or abort(404)
    what = next((kind for kind in HappeningKind if kind == request.args.get("what")), None)
    rows = happenings(found.account, what, search().page_number)
    parts = {"found": found, "coming": coming(found), "rows": rows, "what": what, "kinds": list(HappeningKind)}
    return render_template("staff/accounts/show.html", customer=found.account, **parts)


@blueprint.get("/accounts/<login>/confirmations/<int(max=2147483647):which>")
def confirmation(login: str, which: int) -> ResponseReturnValue:
    """The exact text on the customer's screen: of an order, a reservation or a change of the payment method."""
    account = Account.by_login(login) or abort(404)
    found = details.confirmation_of_account(account, which) or abort(404)
    consents = details.consents_of(found.order) if found.order else []
    return render_template("staff/accounts/confirmation.html", customer=account, confirmation=found, consents=consents)
