"""/demo/tour: the tour's steps, each with the customer's page, the staff's view and the mailbox beside each other."""

import re
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from models import Account, Event, Mail
from portal.demo import tour
from portal.demo.personas import PASSWORD
from portal.demo.sums import sums
from portal.demo.telling import told
from portal.demo.tour import STOPS
from portal.demo.turn_lock import Busy
from portal.demo.turning import in_own_context
from portal.demo.visitor import Lost
from portal.sandbox.books import tour as book
from portal.sandbox.books.tour import Made
from portal.screens.live_pages import panel_page
from portal.web.current import catalog
from portal.web.view_marks import public, types_nothing

blueprint = Blueprint("demo_tour", __name__)
LOST = "ツアーのお客様の契約が、ツアーの外で変わったため、次へ進めません。「最初から」で、新しいお客様と始められます。"
MOST = 12
_CONTROLS = re.compile(r"</?(?:a|form|button|input|label)\b[^>]*>")


@blueprint.get("/demo/tour")
@public
def show() -> ResponseReturnValue:
    return _page()


@blueprint.post("/demo/tour")
@public
@types_nothing
def go_on() -> ResponseReturnValue:
    app, do = current_app._get_current_object(), request.form.get("do")
    try:
        if do == "begin":
            in_own_context(tour.begin, app)
        elif do == "next":
            in_own_context(tour.go_on, app, request.form.get("seen", 0, type=int), _picture_now())
        elif do == "end":
            tour.end(app)
            return redirect(url_for("demo.show"), code=303)
    except Busy as refusal:
        return _page(str(refusal), 409)
    except Lost:
        return _page(LOST, 409)
    return redirect(url_for("demo_tour.show"), code=303)


def _page(notice: str = "", status: int = 200) -> ResponseReturnValue:
    made = book.made(current_app.extensions["books"])
    chosen = request.args.get("step", len(made), type=int)
    if not made or not 1 <= chosen <= len(made):
        return render_template("demo/tour_start.html", stops=STOPS, notice=notice, made=made), status
    return render_template("demo/tour.html", notice=notice, stops=STOPS, **_step(made[chosen - 1], made)), status


def _step(now: Made, made: list[Made]) -> dict[str, object]:
    customer, is_newest = Account.by_login(now.login), now is made[-1]
    happened = told(now.after_event, now.until_event, catalog())
    return {
        "now": now,
        "made": made,
        "is_newest": is_newest,
        "customer": customer,
        "password": PASSWORD,
        "picture": Markup(_picture(customer) if is_newest else now.picture),  # noqa: S704 (a page of ours)
        "records": _records(customer, now),
        "mails": _mails(customer, now),
        "others": [each for each in happened if each.login != now.login],
        "sums": sums(current_app.extensions["books"]) if now.step == len(STOPS) else None,
    }


def _picture_now() -> str:
    made = book.made(current_app.extensions["books"])
    return _picture(Account.by_login(made[-1].login)) if made else ""


def _picture(customer: Account) -> str:
    """The customer's コントロールパネル, as it stands. Of links and buttons only the words: the reader is not signed in."""
    words = _CONTROLS.sub("", panel_page(customer).content)
    return words.replace('id="', 'id="of-').replace('labelledby="', 'labelledby="of-').replace("<h2", "<h3").replace("</h2", "</h3")


def _events(customer: Account, now: Made) -> Any:
    mine = Event.select().where(Event.account == customer, Event.id > now.after_event, Event.id <= now.until_event)
    return mine.order_by(Event.id)


def _records(customer: Account, now: Made) -> list[Event]:
    """What staff read of this step in the customer's history."""
    silent = Event.entity.startswith("mail ") | Event.entity.startswith("sign-in")
    return list(_events(customer, now).where(~silent).limit(MOST))


def _mails(customer: Account, now: Made) -> list[Mail]:
    written = _events(customer, now).where(Event.entity.startswith("mail "), Event.from_state.is_null())
    numbers = [int(event.entity.partition(" ")[2]) for event in written]
    return list(Mail.select(Mail.id, Mail.subject, Mail.created_at).where(Mail.id.in_(numbers)).order_by(Mail.id))
