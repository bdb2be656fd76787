"""「サーバー契約・更新」: the contract, its payment state, when and how it renews, and what comes next."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.actions.renewals.snapshot import snapshot_of
from portal.enums import MoneyStatus
from portal.rules.renewals.calendar import calendar
from portal.rules.renewals.forecast import goes_on_with_server
from portal.screens.order_status import FIRST_WAIT, LONGEST_WAIT, OrderStatus, latest_order_status
from portal.screens.overview import Overview
from portal.web.current import catalog, current_account
from portal.web.fragments import page_or_fragment, wants_fragment
from portal.web.sessions import polling
from portal.web.view_marks import fragment_root, no_page

blueprint = Blueprint("contract", __name__)


@blueprint.get("/contract")
def show() -> ResponseReturnValue:
    wait = None if request.args.get("watch") == "no" else FIRST_WAIT
    return render_template("renewals/contract.html", contract=Overview(current_account(), wait))


@blueprint.get("/contract/timeline")
def timeline() -> ResponseReturnValue:
    snapshot, today = snapshot_of(current_account(), with_sent_notices=True), clock.today()
    if not snapshot.entitlements:
        return redirect(url_for("contract.show"), code=303)
    later = [entitlement for entitlement in snapshot.entitlements if goes_on_with_server(snapshot, entitlement, today, catalog())]
    return render_template("renewals/timeline.html", days=calendar(snapshot, today, catalog()), snapshot=snapshot, today=today, later=later)


@blueprint.get("/contract/status")
@fragment_root("status")
@no_page
def status() -> ResponseReturnValue:
    if wants_fragment():
        polling()
    wait = request.args.get("wait", FIRST_WAIT, type=int)
    order_status = latest_order_status(current_account(), min(max(wait, FIRST_WAIT), LONGEST_WAIT)) or abort(404)
    say = "" if order_status.is_awaited else _screen_reader_text(order_status)
    return page_or_fragment("payments/status.html", "payments/_status.html", say=say, order_status=order_status)


def _screen_reader_text(order_status: OrderStatus) -> str:
    if order_status.money is MoneyStatus.CONFIRMED:
        return "ご入金を確認しました"
    return f"入金状況が変わりました：{order_status.money.label}"
