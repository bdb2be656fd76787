"""入金: bank statement lines that staff enter by hand, and how much of each is not allocated yet."""

import secrets

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Deposit
from portal import clock
from portal.actions.staff import details, lists
from portal.actions.transfers import deposits
from portal.actions.transfers.deposits import Entered
from portal.actions.transfers.matching import equally_likely, matches
from portal.actions.transfers.order_rows import ROWS
from portal.forms.reading import one_line, order_number
from portal.forms.staff.deposit import DepositForm
from portal.rules.transfers.order_numbers import half_width
from portal.screens.staff.list_page import count_search, list_page, search, search_query
from portal.web.current import catalog, current_staff
from portal.web.view_marks import keeps_input

blueprint = Blueprint("deposits", __name__)
ENTERED = "入金を入力しました。充当する申し込みを選んでください。"
KNOWN = "この画面からの入力は、すでに受け付けています。別の入金は、新しい入力画面から入力してください。"
UNKNOWN_ORDER = "申し込み番号「{}」は見つかりません。"


@blueprint.get("/deposits")
def index() -> ResponseReturnValue:
    form = search()
    found = lists.deposits(search_query(form), only_with_rest=form.only_with_rest)
    return list_page("staff/deposits/list.html", form, found)


@blueprint.get("/deposits/new")
def new() -> ResponseReturnValue:
    today = clock.today()
    return _form_page(DepositForm(today, data={"booked_on": today.isoformat(), "form_token": secrets.token_urlsafe(24)}))


@blueprint.post("/deposits/new")
@keeps_input("staff.deposits.new")
def enter() -> ResponseReturnValue:
    form = DepositForm(clock.today())
    if not form.validate() or not 0 < len(form.form_token.data or "") <= 64:
        return _form_page(form, 422)
    known = details.deposit_of_form(form.form_token.data)
    entered = Entered(form.booked_day, form.valued_day, form.amount, form.payer_name)
    alike = [] if known or request.form.get("same") == "yes" else deposits.same_as(entered)
    if alike:
        return render_template("staff/deposits/same.html", form=form, entered=entered, alike=alike), 409
    deposit = deposits.enter(entered, current_staff(), form.form_token.data)
    flash(ENTERED if deposits.is_as_entered(deposit, entered) else KNOWN)
    return to_deposit(deposit)


@blueprint.get("/deposits/<number>")
def show(number: str) -> ResponseReturnValue:
    deposit = deposit_or_404(number)
    allocations = details.allocations_of(deposit)
    rest, refunds = deposit.rest_yen, details.refunds_of(deposit)
    parts = {"allocations": allocations, "rest_yen": rest, "matches": matches(deposit, rest), "refunds": refunds}
    parts["has_clue"] = any(match.by_number or match.by_name for match in parts["matches"])
    parts["equal"] = equally_likely(parts["matches"], deposit, rest)
    parts["has_more"] = parts["equal"] == ROWS
    parts["owner"] = deposit.rest_owner if rest else None
    parts["pays_by_file"] = catalog().payouts is not None
    return render_template("staff/deposits/show.html", deposit=deposit, **parts)


@blueprint.get("/deposits/<number>/order")
def find_order(number: str) -> ResponseReturnValue:
    """An order that is not among the suggestions, found by its number."""
    deposit, typed = deposit_or_404(number), one_line(request.args.get("order"))[:100]
    count_search()
    typed = order_number(typed) or half_width(typed)
    if not typed.isalnum() or details.order_by_number(typed) is None:
        flash(UNKNOWN_ORDER.format(typed))
        return to_deposit(deposit)
    return redirect(url_for("staff.allocation.form", number=number, order_number=typed), code=303)


def deposit_or_404(number: str) -> Deposit:
    return details.deposit_by_number(number) or abort(404)


def to_deposit(deposit: Deposit) -> ResponseReturnValue:
    return redirect(url_for("staff.deposits.show", number=deposit.number), code=303)


def _form_page(form: DepositForm, status: int = 200) -> ResponseReturnValue:
    return render_template("staff/deposits/new.html", form=form), status
