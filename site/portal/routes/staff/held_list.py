"""お預かり: what is held for customers, by age; each can be used for an order, given back, or written about."""

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.actions.staff import held
from portal.actions.transfers import held_money
from portal.forms.staff.held import LetterForm, place_in_list
from portal.routes.staff.deposits import deposit_or_404
from portal.screens.staff.action_pages import ActionPages, Words
from portal.web.current import catalog, current_staff
from portal.web.view_marks import keeps_input

blueprint = Blueprint("held_list", __name__)
LETTER = Words(
    "お預かりについてお客様に連絡する",
    "下の文を、お預かりしている金額についてのメールとしてお客様に送ります。",
    "メールを送る",
    "メールを送ります。",
)


@blueprint.get("/held")
def index() -> ResponseReturnValue:
    found = held.held(place_in_list(request.args.get("after", "")))
    after = found.next and f"{found.next[0]}.{found.next[1]}"
    return render_template("staff/held/list.html", found=found, after=after, ages=held.ages(), pays_by_file=catalog().payouts is not None)


@blueprint.get("/deposits/<number>/letter")
def letter_form(number: str) -> ResponseReturnValue:
    return _letter(number).ask()


@blueprint.post("/deposits/<number>/letter")
@keeps_input("staff.held_list.letter_form")
def letter_look(number: str) -> ResponseReturnValue:
    return _letter(number).look()


@blueprint.post("/deposits/<number>/letter/ok")
@keeps_input("staff.held_list.letter_form")
def letter_ok(number: str) -> ResponseReturnValue:
    return _letter(number).press_ok()


def _letter(number: str) -> ActionPages:
    deposit, typed = deposit_or_404(number), LetterForm()
    account = deposit.rest_owner or abort(404)
    write = lambda form: held_money.write_to(deposit, account, current_staff(), form.why)  # noqa: E731
    is_done = lambda: held_money.was_written(deposit, current_staff(), typed.why)  # noqa: E731
    back = url_for("staff.held_list.index")
    return ActionPages(LETTER, account, f"入金 {number}", back, typed, write, is_done)
