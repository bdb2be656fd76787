"""お預かりにする: money for an order that cannot take it becomes known as the customer's, until it is allocated or returned."""

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue

from models import Order
from portal.actions.staff import details
from portal.actions.transfers.held_money import hold_for_customer
from portal.forms.staff.allocation import ReasonForm
from portal.routes.staff.deposits import deposit_or_404
from portal.screens.staff.action_pages import ActionPages, Words
from portal.web.current import current_staff
from portal.web.view_marks import keeps_input

blueprint = Blueprint("held", __name__)
HOLD = Words(
    "お客様のお預かりにする",
    "この入金の残りを、この申し込みのお客様のお預かりにし、メールでお知らせします。お客様の画面にも「お預かりしている金額」と表示されます"
    "（アカウントを閉じているお客様は見られません）。",
    "お客様のお預かりにする",
    "お客様のお預かりにしました。",
)


@blueprint.get("/deposits/<number>/orders/<order_number>/hold")
def form(number: str, order_number: str) -> ResponseReturnValue:
    return _pages(number, order_number).ask()


@blueprint.post("/deposits/<number>/orders/<order_number>/hold")
@keeps_input("staff.held.form")
def look(number: str, order_number: str) -> ResponseReturnValue:
    return _pages(number, order_number).look()


@blueprint.post("/deposits/<number>/orders/<order_number>/hold/ok")
@keeps_input("staff.held.form")
def hold(number: str, order_number: str) -> ResponseReturnValue:
    return _pages(number, order_number).press_ok()


def _pages(number: str, order_number: str) -> ActionPages:
    deposit, order = deposit_or_404(number), _order(order_number)
    subject, back = f"入金 {number}、申し込み {order_number}", url_for("staff.deposits.show", number=number)
    keep = lambda typed: hold_for_customer(deposit, order, current_staff(), typed.why)  # noqa: E731
    is_done = lambda: deposit.rest_owner == order.account  # noqa: E731
    return ActionPages(HOLD, order.account, subject, back, ReasonForm(), keep, is_done, deposit=deposit)


def _order(number: str) -> Order:
    order = details.order_by_number(number) or abort(404)
    return abort(404) if order.is_draft else order
