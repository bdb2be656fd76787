"""Payment by bank transfer: the final confirmation and [OK], then what the customer can do until the money arrives."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.actions.orders.drafts import OutOfStep
from portal.actions.transfers import bank_orders
from portal.enums import Method
from portal.forms.transfers import TransferForm
from portal.rules.accounts.limit_words import refusal_ja
from portal.screens import steps
from portal.screens.confirmation import accepted, final_screen, look_at, must_look_again, say_unless_pressed_twice
from portal.screens.offers import offer_of
from portal.screens.payment_information import planned_transfer, transfer_of
from portal.web.current import catalog
from portal.web.view_marks import keeps_input, types_nothing

blueprint = Blueprint("bank", __name__)
steps.enforce(blueprint)
MAILED = "お支払い情報をメールでお送りします。「送信済みメール」でもご確認いただけます。"
REPORTED = "振込のご連絡を受け付けました。入金を確認すると、「入金確認済」になります。"
NOT_GIVEN_UP = "ご入金またはお支払いの結果を確認しているため、お申し込みを取り消せませんでした。お問い合わせ窓口へご連絡ください。"


@blueprint.get("/orders/<number>/bank")
def confirm(number: str) -> ResponseReturnValue:
    return _confirmation()


@blueprint.post("/orders/<number>/bank")
@types_nothing
def place(number: str) -> ResponseReturnValue:
    offer = offer_of(g.order, Method.BANK)
    if offer is None:
        return redirect(url_for("payment.choose", number=number), code=303)
    look = look_at(offer)
    if notice := must_look_again(offer, look):
        return _confirmation(notice)
    try:
        transfer = planned_transfer(g.order, offer.quote)
        bank_orders.place(g.order, accepted(offer, look), catalog().payable_accounts, transfer.closed_days, due_on=transfer.due_on)
    except OutOfStep:
        say_unless_pressed_twice(look)
    return steps.to_order(g.order)


@blueprint.get("/orders/<number>/report")
def report(number: str) -> ResponseReturnValue:
    return _report_page(_report_form(data={"paid_on": clock.today().isoformat()}))


@blueprint.post("/orders/<number>/report")
@keeps_input("bank.report")
def send_report(number: str) -> ResponseReturnValue:
    form = _report_form()
    if not form.validate():
        return _report_page(form, 422)
    bank_orders.report(g.order, form.payer_name, form.day)
    flash(REPORTED)
    return redirect(url_for("contract.show"), code=303)


@blueprint.post("/orders/<number>/bank/mail")
@types_nothing
def send_mail(number: str) -> ResponseReturnValue:
    transfer = transfer_of(g.order)
    refusal = bank_orders.mail_again(g.order, catalog().payable_accounts, transfer.closed_days)
    flash(refusal_ja(refusal) if refusal else MAILED)
    return redirect(url_for("contract.show"), code=303)


@blueprint.get("/orders/<number>/cancel")
def confirm_giving_up(number: str) -> ResponseReturnValue:
    return render_template("transfers/cancel.html", order=g.order)


@blueprint.post("/orders/<number>/cancel")
@types_nothing
def give_up(number: str) -> ResponseReturnValue:
    if not bank_orders.give_up(g.order):
        flash(NOT_GIVEN_UP)
    return steps.to_order(g.order)


def _confirmation(notice: str | None = None) -> ResponseReturnValue:
    offer = offer_of(g.order, Method.BANK)
    if offer is None:
        return redirect(url_for("payment.choose", number=g.order.number), code=303)
    return final_screen(offer, url_for("bank.place", number=g.order.number), notice=notice)


def _report_form(**kwargs) -> TransferForm:
    return TransferForm(clock.day_of(g.order.placed_at), clock.today(), **kwargs)


def _report_page(form: TransferForm, status: int = 200) -> ResponseReturnValue:
    return render_template("transfers/report.html", form=form, order=g.order), status
