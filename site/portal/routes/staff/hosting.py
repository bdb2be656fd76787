"""サーバー連絡: events that the hosting side has not accepted yet. Staff can send one again at once."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from models import HostingEvent
from portal.actions.history import by_staff
from portal.actions.hosting import events
from portal.actions.staff import details, lists
from portal.screens.staff.list_page import list_page, search, search_query
from portal.web.current import current_staff, settings
from portal.web.view_marks import types_nothing

blueprint = Blueprint("provisioning", __name__)
HIGHEST_NUMBER = 2**31 - 1
AGAIN = "受け付けました。まもなく送信されます。"
NOT_NOW = "送信済みか、いま送信中か、ほかの人が先に送ったため、受け付けませんでした。今の状態を表示しました。"


@blueprint.get("/provisioning")
def index() -> ResponseReturnValue:
    form = search()
    return list_page(
        "staff/hosting/list.html", form, lists.unsent_hosting_events(search_query(form)), is_connected=bool(settings().provision_url)
    )


@blueprint.get(f"/provisioning/<int(max={HIGHEST_NUMBER}):number>")
def show(number: int) -> ResponseReturnValue:
    event = _event(number)
    events = details.events_of([f"provisioning {event.id}"])
    return render_template("staff/hosting/show.html", event=event, events=events)


@blueprint.post(f"/provisioning/<int(max={HIGHEST_NUMBER}):number>/again")
@types_nothing
def send_again(number: int) -> ResponseReturnValue:
    flash(AGAIN if events.send_again(_event(number), by_staff(current_staff())) else NOT_NOW)
    return redirect(url_for("staff.provisioning.show", number=number), code=303)


def _event(number: int) -> HostingEvent:
    return details.hosting_event_by_number(number) or abort(404)
