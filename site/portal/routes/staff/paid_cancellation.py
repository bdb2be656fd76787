"""申し込みを取り消して返金: cancel a paid order and give its money back. A form, a second look, and OK; the company is asked after that."""

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue

from models import Order, Refund
from portal import clock
from portal.actions.payments import refunds
from portal.actions.payments.refundable import Refundable, refundable
from portal.actions.renewals.paid_cancellation import cancel_paid, last_usable_days
from portal.actions.staff import details
from portal.forms.staff.allocation import ReasonForm
from portal.forms.staff.day import LastDayForm
from portal.rules.payments.methods import row_of
from portal.screens.staff.action_pages import ActionPages, Words
from portal.web.current import companies, company_of, current_staff, settings
from portal.web.filters import yen
from portal.web.view_marks import keeps_input

blueprint = Blueprint("paid_cancellation", __name__)
TITLE, BUTTON = "申し込みを取り消して返金する", "申し込みを取り消して{}する"
DOES = "支払い済みの申し込みを取り消します。契約期間がなくなり、自動更新もされません。"
BY_COMPANY = "{}は、{}を通して{}に返金します。返事がないときは「返金手続き中」となり、結果を自動で確認します。"
BY_TRANSFER = "{}は、お客様のお預かりになります。銀行で返金したあと、入金のページの「残りの返金を記録する」で記録してください。"
DONE = "申し込みを取り消しました。"
NOTHING = "返金できるお金は残っていません。"


@blueprint.get("/orders/<order_number>/cancel-and-refund")
def form(order_number: str) -> ResponseReturnValue:
    return _pages(order_number).ask()


@blueprint.post("/orders/<order_number>/cancel-and-refund")
@keeps_input("staff.paid_cancellation.form")
def look(order_number: str) -> ResponseReturnValue:
    return _pages(order_number).look()


@blueprint.post("/orders/<order_number>/cancel-and-refund/ok")
@keeps_input("staff.paid_cancellation.form")
def cancel(order_number: str) -> ResponseReturnValue:
    return _pages(order_number).press_ok()


def _pages(number: str) -> ActionPages:
    order = _order(number)
    found, days = refundable(order), last_usable_days(order)
    typed = LastDayForm(*days, data={"day": str(days[0])}) if days else ReasonForm()
    words = Words(TITLE, f"{DOES}{_money(found)}", BUTTON.format("返金" if found.payment else "お預かりに"), DONE)
    perform = lambda form: _cancel(order, form)  # noqa: E731
    is_done = lambda: Order.get_by_id(order.id).is_cancelled  # noqa: E731
    about = (words, order.account, f"申し込み {order.number}", url_for("staff.orders.show", number=order.number), typed)
    return ActionPages(*about, perform, is_done, lambda: _send(order, found))


def _cancel(order: Order, typed: ReasonForm) -> None:
    until = typed.chosen_day if isinstance(typed, LastDayForm) else clock.today()
    cancel_paid(order, until, current_staff(), typed.why, companies(), settings().installation_id)


def _send(order: Order, found: Refundable) -> None:
    refund = order.refunds.where(Refund.ordinal == found.ordinal).first()
    if refund and refund.is_under_way:
        refunds.send(refund, company_of(found.method))


def _money(found: Refundable) -> str:
    if found.rest_yen <= 0:
        return NOTHING
    if found.payment:
        return BY_COMPANY.format(yen(found.rest_yen), row_of(found.method).company_name, found.method.label)
    return BY_TRANSFER.format(yen(found.rest_yen))


def _order(number: str) -> Order:
    order = details.order_by_number(number) or abort(404)
    return abort(404) if order.is_draft else order
