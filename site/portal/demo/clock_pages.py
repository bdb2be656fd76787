"""The demo clock's page: runs the bar's buttons, shows what happened and what comes next."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.demo import bar, turning
from portal.demo.clock_form import ClockForm
from portal.demo.coming import coming
from portal.demo.happened import happened
from portal.demo.turn_lock import Busy
from portal.formats import date_ja
from portal.sandbox.books import turns
from portal.web.current import catalog
from portal.web.fragments import wants_fragment
from portal.web.guard import safe_next, safe_staff_next
from portal.web.view_marks import public, types_nothing

blueprint = Blueprint("demo_clock", __name__)


@blueprint.get(bar.ADDRESS)
@blueprint.get(bar.STAFF_ADDRESS, endpoint="show_to_staff")
@public
def show() -> ResponseReturnValue:
    return _page(ClockForm(formdata=None, day=clock.today().isoformat()))


@blueprint.post(bar.ADDRESS)
@blueprint.post(bar.STAFF_ADDRESS, endpoint="turn_for_staff")
@public
@types_nothing
def turn() -> ResponseReturnValue:
    form, app = ClockForm(), current_app._get_current_object()
    try:
        if form.button == "next":
            turning.in_own_context(turning.turn_to_next, app, seen=form.seen)
            return _turned()
        return _turn(form, app)
    except (Busy, turning.NothingPlanned) as refusal:
        return _page(form, 409, str(refusal))
    except turning.CannotGoBack as refusal:
        return _cannot_go_back(form, str(refusal))


def _turn(form: ClockForm, app: Flask) -> ResponseReturnValue:
    today = clock.today()
    target = _target(form, today)
    if not form.takes(target, today):
        return _page(form, 422)
    if target == today:
        return _page(form, 409, f"時計は、すでに{date_ja(today)}です。")
    turning.in_own_context(turning.turn, app, target, seen=form.seen)
    return _turned()


def _turned() -> ResponseReturnValue:
    came_from = _came_from()
    response = redirect(came_from or url_for("demo_clock.show"), code=303)
    if came_from:
        response.set_cookie(bar.JUST_TURNED, "1", max_age=60, httponly=True, samesite="Lax")
    return response


@blueprint.after_app_request
def _ask_again_for_public_pages(response: Response) -> Response:
    """In a demo these pages contain the bar with a date that changes, so they must not be cached."""
    if request.blueprint == "documents":
        response.headers["Cache-Control"] = "public, no-cache"
    return response


@blueprint.after_app_request
def _tell_once(response: Response) -> Response:
    """The bar of a whole page has told what the turn did; a fragment has no bar."""
    if bar.JUST_TURNED in request.cookies and response.status_code < 300 and response.mimetype == "text/html" and not wants_fragment():
        response.delete_cookie(bar.JUST_TURNED, httponly=True, samesite="Lax")
    return response


def _target(form: ClockForm, today: date) -> date | None:
    match form.button:
        case "day":
            return today + timedelta(days=1)
        case "today":
            return clock.day_of(clock.real_now())
    return form.typed_day


def _cannot_go_back(form: ClockForm, refusal: str) -> ResponseReturnValue:
    refusal += "前の日付から始めるには「最初からやり直す」を使ってください。"
    if form.button == "today":
        return _page(form, 409, refusal)
    form.day.errors = [refusal]
    return _page(form, 422)


def _page(form: ClockForm, status: int = 200, notice: str = "") -> ResponseReturnValue:
    books, today = current_app.extensions["books"], clock.today()
    found: dict[str, Any] = {"turn": turns.last_turn(books), "first_day": turns.first_day(books)}
    found |= {
        "coming": coming(today, catalog().closed_days),
        "happened": happened(found["turn"]),
        "today": today,
        "real_today": clock.day_of(clock.real_now()),
    }
    return render_template("demo/clock.html", form=form, notice=notice, action=bar.address(), **found), status


def _came_from() -> str | None:
    """The page with the bar that was pressed, if it can be opened with GET."""
    path = urlsplit(request.referrer or "").path
    is_known = bool(path) and path in (safe_next(path), safe_staff_next(path))
    return path if is_known and not path.startswith(("/demo", "/staff/demo")) else None
