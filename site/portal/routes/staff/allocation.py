"""充当: allocate a part of a deposit to an order. A form, a second look, and OK."""

from flask import Blueprint, abort, flash, request
from flask.typing import ResponseReturnValue

from models import Order
from portal.actions.staff import details
from portal.actions.staff.consequences import NotAsShown
from portal.actions.transfers import aliases, allocation
from portal.actions.transfers.allocation_preview import AllocationPreview, preview_allocation
from portal.actions.transfers.deposits import NotPossible
from portal.forms.staff.allocation import AllocationForm
from portal.routes.staff.deposits import deposit_or_404, to_deposit
from portal.screens.staff import second_factor
from portal.screens.staff.action_look import ActionLook
from portal.screens.staff.deposit_pages import CHANGED, form_page, look_page, say_why_not
from portal.web import kept_input
from portal.web.current import catalog, current_staff
from portal.web.filters import yen
from portal.web.view_marks import keeps_input

blueprint = Blueprint("allocation", __name__)
FORM, LOOK, TEXT = "staff/allocation/form.html", "staff/allocation/look.html", "staff/allocation/_look.html"
DONE = "{}を申し込み {} に充当しました。"
PAID = "申し込みは入金確認済になりました。"
KNOWN = "この充当は、すでに行われています。今の状態を表示しました。"


@blueprint.get("/deposits/<number>/orders/<order_number>")
def form(number: str, order_number: str) -> ResponseReturnValue:
    """The form. If number, yen and name agree, the second look at once: nothing is to be typed."""
    found = _preview(number, order_number)
    typed = _form(found, data={"yen": f"{found.most_yen:,}"})
    if found.refusal or not found.is_perfect or request.args.get("edit") or kept_input.is_shown():
        return form_page(FORM, found, typed)
    return _second_look(found, typed)


@blueprint.post("/deposits/<number>/orders/<order_number>")
@keeps_input("staff.allocation.form")
def look(number: str, order_number: str) -> ResponseReturnValue:
    found = _preview(number, order_number)
    typed = _form(found)
    if found.refusal or not typed.validate():
        return form_page(FORM, found, typed, 409 if found.refusal else 422)
    return _second_look(found, typed)


def _second_look(found: AllocationPreview, typed: AllocationForm) -> ResponseReturnValue:
    try:
        return look_page(LOOK, _look(found, typed).look(), found, typed)
    except NotPossible as problem:
        say_why_not(problem)
        return to_deposit(found.deposit)


@blueprint.post("/deposits/<number>/orders/<order_number>/allocation")
@keeps_input("staff.allocation.form")
def allocate(number: str, order_number: str) -> ResponseReturnValue:
    found = _preview(number, order_number)
    typed = _form(found)
    if found.is_done:
        return _done_before(found, typed)
    if found.refusal or not typed.validate():
        return form_page(FORM, found, typed, 409, CHANGED)
    return _allocate(found, typed)


def _allocate(found: AllocationPreview, typed: AllocationForm) -> ResponseReturnValue:
    try:
        if not second_factor.is_confirmed(typed):
            return look_page(LOOK, _look(found, typed).look(), found, typed, 422)
        _look(found, typed).carry_out()
    except NotAsShown as changed:
        return look_page(LOOK, _look(found, typed).look_at(changed.consequences), found, typed, notice=CHANGED)
    except NotPossible as problem:
        if _preview(found.deposit.number, found.order.number).is_done:
            return _done_before(found, typed)
        say_why_not(problem)
        return to_deposit(found.deposit)
    return _done(found, typed)


def _done(found: AllocationPreview, typed: AllocationForm) -> ResponseReturnValue:
    is_paid = details.order_by_number(found.order.number).is_paid
    flash(DONE.format(yen(typed.amount), found.order.number) + (PAID if is_paid else ""))
    return to_deposit(found.deposit)


def _done_before(found: AllocationPreview, typed: AllocationForm) -> ResponseReturnValue:
    """The same answer if the same yen were allocated: the button was pressed twice."""
    rows = details.allocations_of(found.deposit)
    if any(row.order_id == found.order.id and row.yen == typed.amount for row in rows):
        return _done(found, typed)
    flash(KNOWN)
    return to_deposit(found.deposit)


def _preview(number: str, order_number: str) -> AllocationPreview:
    order: Order = details.order_by_number(order_number) or abort(404)
    return preview_allocation(deposit_or_404(number), order)


def _form(found: AllocationPreview, **kwargs: object) -> AllocationForm:
    return AllocationForm(found.rest_yen, found.missing_yen, is_perfect=found.is_perfect, **kwargs)


def _look(found: AllocationPreview, typed: AllocationForm) -> ActionLook:
    def allocate() -> None:
        allocation.allocate(found.deposit, found.order, typed.amount, current_staff(), typed.why, found.seen, catalog=catalog())
        aliases.learn(found.deposit, found.order.account, current_staff())

    about = {"found": found, "yen": typed.amount, "reason": "" if typed.needs_no_reason else typed.why}
    return ActionLook(allocate, TEXT, about, account=found.order.account, deposit=found.deposit)
