"""振込での返金: planned for the rest of a deposit or for an order, taken back, or not paid by the bank. Files: payout_files.py."""

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue

from models import Order, Payout
from portal.actions.payments.refundable import refundable
from portal.actions.staff import details
from portal.actions.staff import payouts as lists
from portal.actions.transfers import payouts
from portal.actions.transfers.payouts import Payee
from portal.actions.transfers.returns import rest_of
from portal.enums import PayoutState
from portal.forms.staff.allocation import ReasonForm
from portal.forms.staff.payout import PayoutForm
from portal.routes.staff.deposits import deposit_or_404
from portal.screens.staff.action_pages import ActionPages, Words
from portal.web.current import catalog, companies, current_staff
from portal.web.view_marks import keeps_input, loses_input, shows_form

blueprint = Blueprint("payouts", __name__)
PLAN = Words(
    "振込で返金する",
    "お客様の口座に振込で返金する予定にします。まだ振り込まれません。「振込での返金」で、ほかの予定と合わせて銀行のファイルを作ります。",
    "返金の予定にする",
    "返金の予定にしました。「振込での返金」で銀行のファイルを作ってください。",
)
WITHDRAW = Words(
    "返金の予定を取りやめる",
    "この返金の予定を取りやめます。お金は、もとのお預かりか申し込みに戻ります。",
    "取りやめる",
    "返金の予定を取りやめました。",
)
FAIL = Words(
    "振込不能にする",
    "銀行がこの返金を振り込めなかったことを記録します。お金は、もとのお預かりか申し込みに戻り、口座を確かめてから、もう一度返金の予定にできます。"
    "銀行から戻ったお金が銀行のファイルにあれば、その行は対象外にしてください。",
    "振込不能にする",
    "振込不能にしました。",
)


@blueprint.get("/deposits/<number>/payout")
@shows_form
def rest_form(number: str) -> ResponseReturnValue:
    found = rest_of(deposit_or_404(number))
    return _rest(number).ask(refusal=payouts.refusal_of_rest(found) or "")


@blueprint.post("/deposits/<number>/payout")
@loses_input
def rest_look(number: str) -> ResponseReturnValue:
    return _rest(number).look()


@blueprint.post("/deposits/<number>/payout/ok")
@loses_input
def rest_ok(number: str) -> ResponseReturnValue:
    return _rest(number).press_ok()


@blueprint.get("/orders/<order_number>/payout")
@shows_form
def order_form(order_number: str) -> ResponseReturnValue:
    return _order(order_number).ask(refusal=refundable(_order_or_404(order_number)).refusal(companies()) or "")


@blueprint.post("/orders/<order_number>/payout")
@loses_input
def order_look(order_number: str) -> ResponseReturnValue:
    return _order(order_number).look()


@blueprint.post("/orders/<order_number>/payout/ok")
@loses_input
def order_ok(order_number: str) -> ResponseReturnValue:
    return _order(order_number).press_ok()


@blueprint.get("/payouts/<payout>/withdrawal")
def withdrawal_form(payout: str) -> ResponseReturnValue:
    return _closing(payout, PayoutState.WITHDRAWN).ask()


@blueprint.post("/payouts/<payout>/withdrawal")
@keeps_input("staff.payouts.withdrawal_form")
def withdrawal_look(payout: str) -> ResponseReturnValue:
    return _closing(payout, PayoutState.WITHDRAWN).look()


@blueprint.post("/payouts/<payout>/withdrawal/ok")
@keeps_input("staff.payouts.withdrawal_form")
def withdrawal_ok(payout: str) -> ResponseReturnValue:
    return _closing(payout, PayoutState.WITHDRAWN).press_ok()


@blueprint.get("/payouts/<payout>/failure")
def failure_form(payout: str) -> ResponseReturnValue:
    return _closing(payout, PayoutState.FAILED).ask()


@blueprint.post("/payouts/<payout>/failure")
@keeps_input("staff.payouts.failure_form")
def failure_look(payout: str) -> ResponseReturnValue:
    return _closing(payout, PayoutState.FAILED).look()


@blueprint.post("/payouts/<payout>/failure/ok")
@keeps_input("staff.payouts.failure_form")
def failure_ok(payout: str) -> ResponseReturnValue:
    return _closing(payout, PayoutState.FAILED).press_ok()


def _rest(number: str) -> ActionPages:
    deposit = deposit_or_404(number)
    found, typed = rest_of(deposit), _form(deposit.rest_yen)
    plan = lambda form: payouts.plan_rest(found, form.amount, Payee(**form.payee), current_staff(), form.why)  # noqa: E731
    is_done = lambda: _was_planned(Payout.deposit == deposit, typed)  # noqa: E731
    back = url_for("staff.deposits.show", number=number)
    return ActionPages(PLAN, found.account, f"入金 {number}", back, typed, plan, is_done, deposit=deposit)


def _order(number: str) -> ActionPages:
    order = _order_or_404(number)
    found = refundable(order)
    typed = _form(found.rest_yen)
    plan = lambda form: payouts.plan_of_order(found, form.amount, Payee(**form.payee), current_staff(), form.why)  # noqa: E731
    is_done = lambda: _was_planned(Payout.order == order, typed)  # noqa: E731
    back = url_for("staff.orders.show", number=number)
    return ActionPages(PLAN, order.account, f"申し込み {number}", back, typed, plan, is_done)


def _closing(number: str, to: PayoutState) -> ActionPages:
    payout = lists.by_number(number) or abort(404)
    words, act = (WITHDRAW, payouts.withdraw) if to is PayoutState.WITHDRAWN else (FAIL, payouts.fail)
    close = lambda form: act(payout, current_staff(), form.why)  # noqa: E731
    is_done = lambda: Payout.get_by_id(payout.id).state == to  # noqa: E731
    about = f"{payout.yen:,}円の返金（{number}）"
    back = url_for("staff.payout_files.index")
    return ActionPages(words, payout.account, about, back, ReasonForm(), close, is_done, deposit=payout.deposit)


def _form(most_yen: int) -> PayoutForm:
    """Everything that is left. 404 where the catalog names nobody who pays by a file."""
    if catalog().payouts is None:
        abort(404)
    return PayoutForm(most_yen, data={"yen": f"{most_yen:,}"})


def _was_planned(of: object, typed: PayoutForm) -> bool:
    """True if this member of staff has planned just this: the button was pressed twice."""
    planned = Payout.select().where(of, Payout.is_live(), Payout.staff == current_staff(), Payout.reason == typed.why)
    wanted = typed.payee | {"yen": typed.amount}
    return any({name: getattr(payout, name) for name in wanted} == wanted for payout in planned)


def _order_or_404(number: str) -> Order:
    order = details.order_by_number(number) or abort(404)
    return abort(404) if order.is_draft else order
