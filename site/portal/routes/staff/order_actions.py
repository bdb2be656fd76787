"""What staff change about an open order: cancel it, move its due date, accept a difference. Each with a reason and a second look."""

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from models import Order
from portal.actions.renewals import due_dates, held_charges
from portal.actions.staff import details
from portal.actions.transfers import difference
from portal.actions.transfers.cancellation import cancel_order
from portal.actions.transfers.deposits import NotPossible
from portal.forms.staff.allocation import ReasonForm
from portal.forms.staff.day import DueDateForm
from portal.screens.staff.action_pages import ActionPages, Words
from portal.web.current import catalog, current_staff
from portal.web.view_marks import keeps_input

blueprint = Blueprint("order", __name__)
CANCEL = Words(
    "申し込みを取り消す",
    "この申し込みを取り消します。お客様は、この番号ではお支払いになれません。",
    "申し込みを取り消す",
    "申し込みを取り消しました。",
)
MOVE = Words("お支払い期限を変える", "この申し込みのお支払い期限を変えます。", "お支払い期限を変える", "お支払い期限を変えました。")

DIFFERENCE = Words(
    "不足のままで入金確認済にする",
    "不足している金額をいただかずに、この申し込みを入金確認済にします。申し込み1件につき1回だけです。",
    "不足のままで入金確認済にする",
    "不足のままで入金確認済にしました。",
)
CHECK = Words(
    "会社の側で動いたお金を確認済みにする",
    "カード会社の側で行われた返金と、不審請求の申請の結果を、確認済みにします。契約と申し込みは、このままです（取り消すときは、先に"
    "「申し込みを取り消して返金する」を使ってください）。止めている自動更新のお支払いは、4日以上あとの、残っているお支払い日に再開します。",
    "確認済みにする",
    "確認済みにしました。",
)


@blueprint.get("/orders/<number>/cancellation")
def cancellation_form(number: str) -> ResponseReturnValue:
    return _cancellation(number).ask()


@blueprint.post("/orders/<number>/cancellation")
@keeps_input("staff.order.cancellation_form")
def cancellation_look(number: str) -> ResponseReturnValue:
    return _cancellation(number).look()


@blueprint.post("/orders/<number>/cancellation/ok")
@keeps_input("staff.order.cancellation_form")
def cancellation_ok(number: str) -> ResponseReturnValue:
    return _cancellation(number).press_ok()


@blueprint.get("/orders/<number>/due-date")
def due_date_form(number: str) -> ResponseReturnValue:
    pages = _due_date(number)
    return pages.ask() if isinstance(pages, ActionPages) else pages


@blueprint.post("/orders/<number>/due-date")
@keeps_input("staff.order.due_date_form")
def due_date_look(number: str) -> ResponseReturnValue:
    pages = _due_date(number)
    return pages.look() if isinstance(pages, ActionPages) else pages


@blueprint.post("/orders/<number>/due-date/ok")
@keeps_input("staff.order.due_date_form")
def due_date_ok(number: str) -> ResponseReturnValue:
    pages = _due_date(number)
    return pages.press_ok() if isinstance(pages, ActionPages) else pages


@blueprint.get("/orders/<number>/difference")
def difference_form(number: str) -> ResponseReturnValue:
    why_not = difference.refusal(_order(number), catalog().accepted_difference_yen)
    return _difference(number).ask(refusal=why_not or "")


@blueprint.post("/orders/<number>/difference")
@keeps_input("staff.order.difference_form")
def difference_look(number: str) -> ResponseReturnValue:
    return _difference(number).look()


@blueprint.post("/orders/<number>/difference/ok")
@keeps_input("staff.order.difference_form")
def difference_ok(number: str) -> ResponseReturnValue:
    return _difference(number).press_ok()


@blueprint.get("/orders/<number>/check")
def check_form(number: str) -> ResponseReturnValue:
    nothing = "" if held_charges.has_unchecked(_order(number)) else held_charges.NOTHING_TO_CHECK
    return _check(number).ask(refusal=nothing)


@blueprint.post("/orders/<number>/check")
@keeps_input("staff.order.check_form")
def check_look(number: str) -> ResponseReturnValue:
    return _check(number).look()


@blueprint.post("/orders/<number>/check/ok")
@keeps_input("staff.order.check_form")
def check_ok(number: str) -> ResponseReturnValue:
    return _check(number).press_ok()


def _check(number: str) -> ActionPages:
    order = _order(number)
    check = lambda typed: held_charges.check(order, current_staff(), typed.why)  # noqa: E731
    return ActionPages(*_about(CHECK, order, ReasonForm()), check, lambda: not held_charges.has_unchecked(order))


def _cancellation(number: str) -> ActionPages:
    order = _order(number)
    is_done = lambda: Order.get_by_id(order.id).is_cancelled  # noqa: E731
    return ActionPages(*_about(CANCEL, order, ReasonForm()), lambda typed: cancel_order(order, current_staff(), typed.why), is_done)


def _due_date(number: str) -> ActionPages | ResponseReturnValue:
    """The pages, or the order's page with the reason why it has no due date to move."""
    order = _order(number)
    try:
        typed = DueDateForm(*due_dates.allowed_days(order, order.account, catalog()))
    except NotPossible as problem:
        flash(f"{problem} 何も変更されていません。")
        return redirect(url_for("staff.orders.show", number=number), code=303)
    move = lambda form: due_dates.move(order, form.chosen_day, current_staff(), form.why, catalog())  # noqa: E731
    return ActionPages(*_about(MOVE, order, typed), move, lambda: Order.get_by_id(order.id).due_on == typed.chosen_day)


def _difference(number: str) -> ActionPages:
    order = _order(number)
    accept = lambda typed: difference.accept_difference(order, current_staff(), typed.why, catalog=catalog())  # noqa: E731
    return ActionPages(*_about(DIFFERENCE, order, ReasonForm()), accept, lambda: Order.get_by_id(order.id).waived_yen > 0)


def _about(words: Words, order: Order, typed: ReasonForm) -> tuple[object, ...]:
    return words, order.account, f"申し込み {order.number}", url_for("staff.orders.show", number=order.number), typed


def _order(number: str) -> Order:
    order = details.order_by_number(number) or abort(404)
    return abort(404) if order.is_draft else order
