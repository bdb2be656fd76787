"""取消: an allocation is taken back; a form, a second look, and OK. Both stay in the history."""

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue

from models import Deposit
from portal.actions.staff import details
from portal.actions.transfers import deposits
from portal.actions.transfers.allocation_preview import UndoPreview, preview_undo
from portal.actions.transfers.deposits import NotPossible
from portal.forms.staff.allocation import ReasonForm
from portal.routes.staff.deposits import deposit_or_404, to_deposit
from portal.screens.staff import second_factor
from portal.screens.staff.second_look import CHANGED, is_as_shown, say_why_not, sha256
from portal.web.current import current_staff
from portal.web.filters import yen

blueprint = Blueprint("undo", __name__)
DONE = "申し込み {} への充当 {} を取り消しました。この金額は、入金の残りに戻りました。"
KNOWN = "この充当は、すでに取り消されています。もう一度充当するには、下の候補から申し込みを選んでください。"


@blueprint.get("/deposits/<number>/receipts/<receipt_number>/undo")
def form(number: str, receipt_number: str) -> ResponseReturnValue:
    deposit = deposit_or_404(number)
    found = _preview(deposit, receipt_number)
    return _form_page(found, ReasonForm()) if found else _known(deposit)


@blueprint.post("/deposits/<number>/receipts/<receipt_number>/undo")
def look(number: str, receipt_number: str) -> ResponseReturnValue:
    deposit, typed = deposit_or_404(number), ReasonForm()
    found = _preview(deposit, receipt_number)
    if found is None:
        return _known(deposit)
    if found.refusal or not typed.validate():
        return _form_page(found, typed, 409 if found.refusal else 422)
    return _look_page(found, typed)


@blueprint.post("/deposits/<number>/receipts/<receipt_number>/undo/ok")
def take_back(number: str, receipt_number: str) -> ResponseReturnValue:
    deposit, typed = deposit_or_404(number), ReasonForm()
    found = _preview(deposit, receipt_number)
    if found is None:
        return _known(deposit)
    if found.refusal or not typed.validate():
        return _form_page(found, typed, 409, CHANGED)
    if not is_as_shown(_content(found, typed)):
        return _look_page(found, typed, 409, CHANGED)
    if not second_factor.is_confirmed(typed):
        return _look_page(found, typed, 422)
    return _take_back(deposit, found, typed)


def _take_back(deposit: Deposit, found: UndoPreview, typed: ReasonForm) -> ResponseReturnValue:
    try:
        deposits.take_back(found.allocation, current_staff(), typed.why)
    except NotPossible as problem:
        say_why_not(problem)
        return to_deposit(deposit)
    flash(DONE.format(found.order.number, yen(found.allocation.yen)))
    return to_deposit(deposit)


def _preview(deposit: Deposit, receipt_number: str) -> UndoPreview | None:
    allocation = details.allocation_of(deposit, receipt_number)
    return allocation and preview_undo(allocation)


def _known(deposit: Deposit) -> ResponseReturnValue:
    flash(KNOWN)
    return to_deposit(deposit)


def _content(found: UndoPreview, typed: ReasonForm) -> str:
    return render_template("staff/undo/_look.html", found=found, reason=typed.why)


def _form_page(found: UndoPreview, typed: ReasonForm, status: int = 200, notice: str | None = None) -> ResponseReturnValue:
    mistakes = [] if found.refusal else typed.mistakes
    return render_template("staff/undo/form.html", found=found, form=typed, mistakes=mistakes, notice=notice), status


def _look_page(found: UndoPreview, typed: ReasonForm, status: int = 200, notice: str | None = None) -> ResponseReturnValue:
    content = _content(found, typed)
    context = {"content": content, "shown": sha256(content), "notice": notice, "is_stale": second_factor.is_stale()}
    return render_template("staff/undo/look.html", found=found, form=typed, mistakes=typed.mistakes, **context), status
