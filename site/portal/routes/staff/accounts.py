"""契約: accounts with their subscriptions and end dates."""

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from models import Account
from portal import clock
from portal.actions.staff import details, lists
from portal.screens.staff.list_page import list_page, search, search_query

blueprint = Blueprint("contracts", __name__)


@blueprint.get("/accounts")
def index() -> ResponseReturnValue:
    form = search()
    return list_page("staff/accounts/list.html", form, lists.accounts(search_query(form)))


@blueprint.get("/accounts/<login>")
def show(login: str) -> ResponseReturnValue:
    account = Account.by_login(login) or abort(404)
    parts = {"terms": details.terms_of(account), "orders": details.orders_of(account)}
    events = details.events_of([f"account {account.login}"])
    setting, today = account.renewal_setting, clock.today()
    return render_template("staff/accounts/show.html", customer=account, setting=setting, events=events, today=today, **parts)
