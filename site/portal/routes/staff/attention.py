"""要確認: what waits for a person: payments without an answer or refused, money without an order, contracts the hosting side ignores."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.actions.staff import lists
from portal.actions.staff.lists import Sought

blueprint = Blueprint("attention", __name__)


@blueprint.get("/attention")
def show() -> ResponseReturnValue:
    rests = lists.deposits(Sought(), only_with_rest=True)
    parts = {"payments": lists.undecided_payments(), "allocations": lists.unallocated_money(), "rests": rests}
    parts |= {"unsent_hosting_events": lists.failed_hosting_events()}
    return render_template("staff/attention/show.html", **parts)
