"""「サーバー契約・更新」: what the customer has, where the money is, when and how it renews, and what is to come."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.actions.renewals.snapshot import facts_of
from portal.enums import MoneyStatus
from portal.rules.renewals.calendar import calendar
from portal.rules.renewals.forecast import goes_on_with_server
from portal.screens.order_status import FIRST_WAIT, LONGEST_WAIT, Standing, latest_standing
from portal.screens.overview import Overview
from portal.web.current import catalog, current_account
from portal.web.fragments import page_or_fragment, wants_fragment
from portal.web.sessions import polling

blueprint = Blueprint("contract", __name__)


@blueprint.get("/contract")
def show() -> ResponseReturnValue:
    wait = None if request.args.get("watch") == "no" else FIRST_WAIT
    return render_template("renewals/contract.html", contract=Overview(current_account(), wait))


@blueprint.get("/contract/timeline")
def timeline() -> ResponseReturnValue:
    facts, today = facts_of(current_account(), with_told=True), clock.today()
    if not facts.holdings:
        return redirect(url_for("contract.show"), code=303)
    later = [holding for holding in facts.holdings if goes_on_with_server(facts, holding, today, catalog())]
    return render_template("renewals/timeline.html", days=calendar(facts, today, catalog()), facts=facts, today=today, later=later)


@blueprint.get("/contract/status")
def status() -> ResponseReturnValue:
    if wants_fragment():
        polling()
    wait = request.args.get("wait", FIRST_WAIT, type=int)
    standing = latest_standing(current_account(), min(max(wait, FIRST_WAIT), LONGEST_WAIT)) or abort(404)
    say = "" if standing.is_awaited else _spoken(standing)
    return page_or_fragment("payments/status.html", "payments/_status.html", say=say, standing=standing)


def _spoken(standing: Standing) -> str:
    if standing.money is MoneyStatus.CONFIRMED:
        return "ご入金を確認しました"
    return f"入金状況が変わりました：{standing.money.label}"
