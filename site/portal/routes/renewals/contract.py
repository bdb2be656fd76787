"""「サーバー契約・更新」: where the contract stands, when and how it renews, and what comes next."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.actions.renewals.snapshot import snapshot_of
from portal.rules.renewals.calendar import branches, calendar
from portal.rules.renewals.forecast import goes_on_with_server
from portal.screens.live_pages import contract_page, page_about
from portal.screens.order_status import FIRST_WAIT, LONGEST_WAIT
from portal.web.current import catalog, current_account
from portal.web.fragments import part, wants_fragment, whole_main
from portal.web.sessions import polling
from portal.web.view_marks import fragment_root, no_page

blueprint = Blueprint("contract", __name__)


@blueprint.get("/contract")
def show() -> ResponseReturnValue:
    live = contract_page(current_account(), is_watching=request.args.get("watch") != "no")
    return render_template(live.template, live=live)


@blueprint.get("/contract/timeline")
def timeline() -> ResponseReturnValue:
    snapshot, today = snapshot_of(current_account(), with_sent_notices=True), clock.today()
    if not snapshot.entitlements:
        return redirect(url_for("contract.show"), code=303)
    later = [entitlement for entitlement in snapshot.entitlements if goes_on_with_server(snapshot, entitlement, today, catalog())]
    return render_template(
        "renewals/timeline.html", coming=branches(calendar(snapshot, today, catalog())), snapshot=snapshot, today=today, later=later
    )


@blueprint.get("/contract/status")
@fragment_root("poll")
@no_page
def status() -> ResponseReturnValue:
    """What an open page asks: by its order and by the state that it shows. The account is the session's."""
    if not wants_fragment():
        return redirect(url_for("contract.show"), code=303)
    polling()
    return _answer(min(max(request.args.get("wait", FIRST_WAIT, type=int), FIRST_WAIT), LONGEST_WAIT))


def _answer(wait: int) -> Response:
    asked = request.args
    live = page_about(current_account(), asked.get("page", ""), asked.get("order", ""), wait)
    if live is None:
        return whole_main("errors/moved_on.html", say="状態が変わりました")
    if live.is_asking and live.state == asked.get("state"):
        return part("payments/_poll.html", live=live)
    return whole_main(live.template, say=live.spoken, live=live.begin_anew())
