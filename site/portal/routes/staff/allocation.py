"""充当: allocate a part of a deposit to an order. A form, a second look, and OK."""

from flask import Blueprint, abort, flash, render_template
from flask.typing import ResponseReturnValue

from models import Order
from portal.actions.staff import details
from portal.actions.transfers import allocation
from portal.actions.transfers.allocation_preview import AllocationPreview, preview_allocation, terms_from_today
from portal.actions.transfers.deposits import NotPossible
from portal.actions.transfers.order_rows import order_row
from portal.forms.staff.allocation import AllocationForm
from portal.routes.staff.deposits import deposit_or_404, to_deposit
from portal.screens.second_look import SecondLook
from portal.screens.staff import second_factor
from portal.screens.staff.deposit_pages import CHANGED, form_page, look_page, say_why_not
from portal.web.current import catalog, current_staff
from portal.web.filters import yen

blueprint = Blueprint("allocation", __name__)
FORM, LOOK = "staff/allocation/form.html", "staff/allocation/look.html"
DONE = "{}を申し込み {} に充当しました。"
PAID = "申し込みは入金確認済になりました。"
KNOWN = "この充当は、すでに行われています。今の状態を表示しました。"


@blueprint.get("/deposits/<number>/orders/<order_number>")
def form(number: str, order_number: str) -> ResponseReturnValue:
    found = _preview(number, order_number)
    return form_page(FORM, found, _form(found, data={"yen": f"{found.most_yen:,}"}))


@blueprint.post("/deposits/<number>/orders/<order_number>")
def look(number: str, order_number: str) -> ResponseReturnValue:
    found = _preview(number, order_number)
    typed = _form(found)
    if found.refusal or not typed.validate():
        return form_page(FORM, found, typed, 409 if found.refusal else 422)
    return look_page(LOOK, _look(found, typed), found, typed)


@blueprint.post("/deposits/<number>/orders/<order_number>/allocation")
def allocate(number: str, order_number: str) -> ResponseReturnValue:
    found = _preview(number, order_number)
    typed = _form(found)
    if found.is_done:
        flash(KNOWN)
        return to_deposit(found.deposit)
    if found.refusal or not typed.validate():
        return form_page(FORM, found, typed, 409, CHANGED)
    look = _look(found, typed)
    if not look.was_shown:
        return look_page(LOOK, look, found, typed, notice=CHANGED)
    if not second_factor.is_confirmed(typed):
        return look_page(LOOK, look, found, typed, 422)
    return _allocate(found, typed)


def _allocate(found: AllocationPreview, typed: AllocationForm) -> ResponseReturnValue:
    try:
        allocation.allocate(found.deposit, found.order, typed.amount, current_staff(), typed.why, found.seen, catalog=catalog())
    except NotPossible as problem:
        say_why_not(problem)
        return to_deposit(found.deposit)
    flash(DONE.format(yen(typed.amount), found.order.number) + (PAID if found.completes(typed.amount) else ""))
    return to_deposit(found.deposit)


def _preview(number: str, order_number: str) -> AllocationPreview:
    order: Order = details.order_by_number(order_number) or abort(404)
    return preview_allocation(deposit_or_404(number), order_row(order))


def _form(found: AllocationPreview, **kwargs: object) -> AllocationForm:
    return AllocationForm(found.rest_yen, found.missing_yen, **kwargs)


def _look(found: AllocationPreview, typed: AllocationForm) -> SecondLook:
    terms = terms_from_today(found.order) if found.completes(typed.amount) else []
    return SecondLook(render_template("staff/allocation/_look.html", found=found, yen=typed.amount, reason=typed.why, terms=terms))
