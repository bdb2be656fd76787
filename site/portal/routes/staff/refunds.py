"""返金: give money of an order or of the rest of a deposit back. A form, a second look, and OK; the company is asked after that."""

from flask import Blueprint, abort, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.actions.payments.refundable import refundable
from portal.actions.refusals import NotPossible
from portal.actions.staff import details
from portal.actions.staff.consequences import NotAsShown
from portal.actions.transfers.returns import rest_of
from portal.forms.staff.refund import RefundForm
from portal.routes.staff.deposits import deposit_or_404
from portal.screens.second_look import SecondLook
from portal.screens.staff import refund_pages, second_factor
from portal.screens.staff.deposit_pages import CHANGED, say_why_not
from portal.screens.staff.refund_pages import LOOK, Subject
from portal.web.view_marks import keeps_input

blueprint = Blueprint("refunds", __name__)


@blueprint.get("/orders/<order_number>/refund")
def order_form(order_number: str) -> ResponseReturnValue:
    return _form(_order(order_number))


@blueprint.post("/orders/<order_number>/refund")
@keeps_input("staff.refunds.order_form")
def order_look(order_number: str) -> ResponseReturnValue:
    return _look(_order(order_number))


@blueprint.post("/orders/<order_number>/refund/ok")
@keeps_input("staff.refunds.order_form")
def give_back_order(order_number: str) -> ResponseReturnValue:
    return _give_back(_order(order_number))


@blueprint.get("/orders/<order_number>/payments/<int(max=9999):attempt>/refund")
def payment_form(order_number: str, attempt: int) -> ResponseReturnValue:
    """Money that a company took and that the order could not use."""
    return _form(_order(order_number, attempt))


@blueprint.post("/orders/<order_number>/payments/<int(max=9999):attempt>/refund")
@keeps_input("staff.refunds.payment_form")
def payment_look(order_number: str, attempt: int) -> ResponseReturnValue:
    return _look(_order(order_number, attempt))


@blueprint.post("/orders/<order_number>/payments/<int(max=9999):attempt>/refund/ok")
@keeps_input("staff.refunds.payment_form")
def give_back_payment(order_number: str, attempt: int) -> ResponseReturnValue:
    return _give_back(_order(order_number, attempt))


@blueprint.get("/deposits/<number>/return")
def rest_form(number: str) -> ResponseReturnValue:
    return _form(_rest(number))


@blueprint.post("/deposits/<number>/return")
@keeps_input("staff.refunds.rest_form")
def rest_look(number: str) -> ResponseReturnValue:
    return _look(_rest(number))


@blueprint.post("/deposits/<number>/return/ok")
@keeps_input("staff.refunds.rest_form")
def give_back_rest(number: str) -> ResponseReturnValue:
    return _give_back(_rest(number))


def _form(subject: Subject) -> ResponseReturnValue:
    return refund_pages.form_page(subject, refund_pages.first_form(subject))


def _look(subject: Subject) -> ResponseReturnValue:
    typed = refund_pages.form_of(subject)
    before = refund_pages.made_before(subject, typed)
    if before:
        return before
    if subject.refusal or not typed.validate():
        return refund_pages.form_page(subject, typed, 409 if subject.refusal else 422)
    return _shown(subject, typed, refund_pages.action_look(subject, typed).look())


def _give_back(subject: Subject) -> ResponseReturnValue:
    typed = refund_pages.form_of(subject)
    before = refund_pages.made_before(subject, typed)
    if before:
        return before
    if subject.refusal or not typed.validate():
        return refund_pages.form_page(subject, typed, 409, CHANGED)
    action = refund_pages.action_look(subject, typed)
    try:
        if not second_factor.is_confirmed(typed):
            return _shown(subject, typed, action.look(), 422)
        action.carry_out()
    except NotAsShown as changed:
        return _shown(subject, typed, action.look_at(changed.consequences), notice=CHANGED)
    except NotPossible as problem:
        return refund_pages.made_before(subject, typed) or _refused(subject, problem)
    return refund_pages.finish(subject)


def _shown(subject: Subject, typed: RefundForm, look: SecondLook, status: int = 200, notice: str | None = None) -> ResponseReturnValue:
    context = {"subject": subject, "found": subject.found, "form": typed, "mistakes": typed.mistakes}
    return look.page(LOOK, notice=notice, status=status, is_stale=second_factor.is_stale(), **context)


def _refused(subject: Subject, problem: NotPossible) -> ResponseReturnValue:
    say_why_not(problem)
    return redirect(subject.back, code=303)


def _order(number: str, attempt: int | None = None) -> Subject:
    order = details.order_by_number(number)
    if order is None or order.is_draft:
        abort(404)
    found = refundable(order, attempt)
    if attempt is None:
        return Subject(found, url_for("staff.refunds.order_form", order_number=number))
    return Subject(found, url_for("staff.refunds.payment_form", order_number=number, attempt=attempt))


def _rest(number: str) -> Subject:
    return Subject(rest_of(deposit_or_404(number)), url_for("staff.refunds.rest_form", number=number))
