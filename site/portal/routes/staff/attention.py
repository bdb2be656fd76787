"""要確認: what needs a person: trouble of the system, payments without a result or declined, unallocated money, disputes, refunds
made at the company, stuck refunds, transfers that should go back, failed hosting events, certificates that could not be issued, limits,
mails that did not arrive.
"""

from flask import Blueprint, render_template, session
from flask.typing import ResponseReturnValue

from portal.actions.operations import health
from portal.actions.staff import lists, payouts
from portal.actions.staff.searching import SearchQuery

blueprint = Blueprint("attention", __name__)


@blueprint.get("/attention")
def show() -> ResponseReturnValue:
    rests = lists.deposits(SearchQuery(), only_with_rest=True)
    parts = {"troubled": lists.troubled_orders(), "allocations": lists.unallocated_money(), "rests": rests}
    parts |= {"refunds": lists.stuck_refunds(), "system_troubles": health.standing_troubles()}
    # counted in the query of the session
    parts["unsent_hosting_events"] = lists.failed_hosting_events() if session.row.failed_events else []
    parts["limits"] = lists.reached_limits() if session.row.limits else []
    parts["disputes"] = lists.unchecked_disputes() if session.row.disputes else []
    parts["elsewhere"] = lists.unchecked_refunds() if session.row.elsewhere else []
    parts["payouts"] = payouts.waiting() if session.row.payouts else []
    parts["bounced"] = health.bounced_mails() if session.row.bounced else []
    return render_template("staff/attention/show.html", **parts)
