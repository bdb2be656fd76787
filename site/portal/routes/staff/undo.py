"""取消: undo an allocation. A form, a second look, and OK. Both rows stay in the history."""

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue

from models import Deposit
from portal.actions.staff import details
from portal.actions.staff.consequences import NotAsShown
from portal.actions.transfers import undo
from portal.actions.transfers.allocation_preview import UndoPreview, preview_undo
from portal.actions.transfers.deposits import NotPossible
from portal.forms.staff.allocation import ReasonForm, UndoForm
from portal.routes.staff.deposits import deposit_or_404, to_deposit
from portal.screens.staff import second_factor
from portal.screens.staff.action_look import ActionLook
from portal.screens.staff.deposit_pages import CHANGED, form_page, look_page, say_why_not
from portal.web.current import catalog, current_staff
from portal.web.filters import yen
from portal.web.view_marks import keeps_input

blueprint = Blueprint("undo", __name__)
FORM, LOOK, TEXT = "staff/undo/form.html", "staff/undo/look.html", "staff/undo/_look.html"
DONE = "申し込み {} への充当 {} を取り消しました。この金額は、入金の残りに戻りました。"
KNOWN = "この充当は、すでに取り消されています。もう一度充当するには、下の候補から申し込みを選んでください。"


@blueprint.get("/deposits/<number>/receipts/<receipt_number>/undo")
def form(number: str, receipt_number: str) -> ResponseReturnValue:
    deposit = deposit_or_404(number)
    found = _preview(deposit, receipt_number)
    return form_page(FORM, found, ReasonForm()) if found else _known(deposit)


@blueprint.post("/deposits/<number>/receipts/<receipt_number>/undo")
@keeps_input("staff.undo.form")
def look(number: str, receipt_number: str) -> ResponseReturnValue:
    deposit, typed = deposit_or_404(number), ReasonForm()
    found = _preview(deposit, receipt_number)
    if found is None:
        return _known(deposit)
    if found.refusal or not typed.validate():
        return form_page(FORM, found, typed, 409 if found.refusal else 422)
    try:
        return look_page(LOOK, _look(found, typed).look(), found, typed)
    except NotPossible as problem:
        say_why_not(problem)
        return to_deposit(deposit)


@blueprint.post("/deposits/<number>/receipts/<receipt_number>/undo/ok")
@keeps_input("staff.undo.form")
def take_back(number: str, receipt_number: str) -> ResponseReturnValue:
    deposit, typed = deposit_or_404(number), UndoForm()
    found = _preview(deposit, receipt_number)
    if found is None:
        return _done_before(deposit, typed)
    if found.refusal or not typed.validate():
        return form_page(FORM, found, typed, 409, CHANGED)
    return _take_back(deposit, found, typed)


def _take_back(deposit: Deposit, found: UndoPreview, typed: ReasonForm) -> ResponseReturnValue:
    try:
        if not second_factor.is_confirmed(typed):
            return look_page(LOOK, _look(found, typed).look(), found, typed, 422)
        _look(found, typed).carry_out()
    except NotAsShown as changed:
        return look_page(LOOK, _look(found, typed).look_at(changed.consequences), found, typed, notice=CHANGED)
    except NotPossible as problem:
        if _preview(deposit, found.allocation.number):
            say_why_not(problem)
            return to_deposit(deposit)
    return _done(deposit, found.order.number, found.allocation.yen)


def _done(deposit: Deposit, order_number: str, undone_yen: int) -> ResponseReturnValue:
    flash(DONE.format(order_number, yen(undone_yen)))
    return to_deposit(deposit)


def _done_before(deposit: Deposit, typed: UndoForm) -> ResponseReturnValue:
    """The same answer if this very thing was undone: the button was pressed twice."""
    if undo.was_undone(deposit, typed.order.data or "", typed.undone_yen, current_staff(), typed.why):
        return _done(deposit, typed.order.data, typed.undone_yen)
    return _known(deposit)


def _preview(deposit: Deposit, receipt_number: str) -> UndoPreview | None:
    allocation = details.allocation_of(deposit, receipt_number)
    return allocation and preview_undo(allocation)


def _known(deposit: Deposit) -> ResponseReturnValue:
    flash(KNOWN)
    return to_deposit(deposit)


def _look(found: UndoPreview, typed: ReasonForm) -> ActionLook:
    concerns = {"account": found.order.account, "deposit": found.allocation.deposit}
    about = {"found": found, "reason": typed.why}
    return ActionLook(
        lambda: undo.undo_allocation(found.allocation, current_staff(), typed.why, catalog=catalog()), TEXT, about, **concerns
    )
