"""1件ずつ充当する: the deposits that wait, each with its best proposal and one press; by keyboard, mouse, or without JavaScript."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.actions.accounts import staff_members
from portal.actions.staff import details, waiting_list
from portal.actions.staff.searching import SearchQuery
from portal.actions.staff.waiting_list import Pressed
from portal.actions.transfers import single_press
from portal.actions.transfers.deposits import NotPossible
from portal.forms.reading import whole_number
from portal.forms.staff.allocation import CodeForm
from portal.screens.staff import second_factor
from portal.web.current import catalog, current_staff
from portal.web.filters import yen
from portal.web.view_marks import types_nothing

blueprint = Blueprint("waiting", __name__)
LIST = "staff/waiting/list.html"
DONE = "{} {}を{}に充当しました。"


@blueprint.get("/waiting")
def index() -> ResponseReturnValue:
    return _page(CodeForm())


@blueprint.post("/waiting")
@types_nothing
def allocate() -> ResponseReturnValue:
    """The button says which line, and what was shown of it."""
    number, _, shown = request.form.get("line", "").partition("-")
    form = CodeForm()
    if not second_factor.is_confirmed(form):
        return _page(form, 422)
    try:
        single_press.press(number, shown, current_staff(), catalog=catalog())
    except NotPossible as problem:
        pressed = details.deposit_by_number(number)
        if pressed is None or not single_press.was_pressed(pressed, current_staff()):
            return _page(form, 409, str(problem))
    if done := waiting_list.pressed(number):  # else somebody has taken it back by now
        flash(_done(done))
    return redirect(url_for("staff.waiting.index", last=number, page=_page_number() if _page_number() > 1 else None), code=303)


@blueprint.post("/waiting/keys")
@types_nothing
def switch_keys() -> ResponseReturnValue:
    """The keys j, k and u."""
    staff_members.use_keys(current_staff(), is_on=request.form.get("keys") == "on")
    return redirect(url_for("staff.waiting.index"), code=303)


def _done(pressed: Pressed) -> str:
    orders = "と".join(f"申し込み {one.order.number}（{yen(one.yen)}）" for one in pressed.allocations)
    return DONE.format(pressed.deposit.payer, yen(pressed.deposit.yen), orders)


def _page_number() -> int:
    return max(whole_number(request.args.get("page")) or 1, 1)


def _page(form: CodeForm, status: int = 200, notice: str | None = None) -> ResponseReturnValue:
    found = waiting_list.lines(SearchQuery(page=_page_number()))
    last = waiting_list.pressed(request.args.get("last", "")) if not notice else None
    about = {"found": found, "last": last, "next": waiting_list.next_of(found.rows, last), "is_stale": second_factor.is_stale()}
    about["is_ready"] = current_staff().may_act and any(row.proposal.parts for row in found.rows)
    return render_template(LIST, form=form, mistakes=form.mistakes, notice=notice, **about), status
