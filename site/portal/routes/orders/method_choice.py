"""お支払い方法: choice of the payment method, with the order's content and an explanation of each method."""

from typing import Any, assert_never

from flask import Blueprint, abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.actions.orders import drafts
from portal.actions.payments.setups import begin_setup
from portal.actions.renewals.authentication import card_to_prove
from portal.enums import Method
from portal.forms.payments import YES, MethodForm
from portal.screens import steps
from portal.screens.offers import methods_for, offer_of, what_there_is
from portal.screens.payment_information import planned_transfer
from portal.screens.refusals import newest_refusal
from portal.web.current import catalog, client_address, companies, company_of, current_account
from portal.web.fragments import page_or_fragment
from portal.web.view_marks import fragment_root, keeps_input

blueprint = Blueprint("payment", __name__)
steps.enforce(blueprint)
UNFINISHED = "お支払い方法を選ぶ前に、契約内容の入力が必要です。内容と同意のチェックを確認してください。"


@blueprint.get("/orders/<number>/payment")
def choose(number: str) -> ResponseReturnValue:
    """Preselected: the method stored with the order, else the account's renewal method."""
    renewal_method = what_there_is(g.order).renewal_method
    method, day = (
        g.order.method or (renewal_method and renewal_method.method),
        g.order.wallet_day or (renewal_method and renewal_method.wallet_day),
    )
    return _page(_form(data={"method": method, "wallet_day": day, "keeps_method": YES if g.order.keeps_method else ""}))


@blueprint.post("/orders/<number>/payment")
@keeps_input("payment.choose")
@fragment_root("panel")
def pick(number: str) -> ResponseReturnValue:
    form = _form()
    if not form.validate():
        return _page(form, 422)
    drafts.choose_method(g.order, form.chosen, form.day, keeps_method=form.is_kept)
    if request.form.get("do") == "show":
        return _page(form)
    if offer_of(g.order, form.chosen, form.day, keeps_method=form.is_kept) is None:
        return _to_form()
    return redirect(_first_step(form, request.form.get("seen", "")[:64]), code=303)


def _form(**kwargs: Any) -> MethodForm:
    """503 if no method is available."""
    return MethodForm(methods_for(g.order) or abort(503), catalog().renewal.wallet_days, **kwargs)


def _page(form: MethodForm, status: int = 200) -> ResponseReturnValue:
    method = form.shown
    offer = offer_of(g.order, method, form.day, keeps_method=form.is_kept)
    if offer is None:
        return _to_form()
    context = {
        "form": form,
        "mistakes": form.mistakes,
        "offer": offer,
        "order": g.order,
        "proves": card_to_prove(g.order, g.payment, companies().card),
        "refusal": newest_refusal(g.order, g.payment, client_address()),
    }
    context["transfer"] = planned_transfer(g.order, offer.quote) if method is Method.BANK else None
    say = f"{method.label}の説明を表示しました"
    return page_or_fragment("orders/method_choice.html", "orders/_panel.html", status=status, say=say, **context)


def _to_form() -> ResponseReturnValue:
    flash(UNFINISHED)
    return steps.to_order(g.order)


def _first_step(form: MethodForm, seen: str) -> str:
    number = g.order.number
    match form.chosen:
        case Method.BANK:
            return url_for("bank.confirm", number=number, seen=seen)
        case Method.WALLET:
            return _setup_page(form, "wallet.show", seen)
        case Method.CARD:
            return _setup_page(form, "card.confirm", seen)
        case method:
            assert_never(method)


def _setup_page(form: MethodForm, endpoint: str, seen: str) -> str:
    """Begin a setup and return the address of the company's page. The company sends the customer back to `endpoint`."""
    back = lambda reference: url_for(endpoint, number=g.order.number, reference=reference)  # noqa: E731
    about = {"account": current_account(), "address": client_address(), "shop": catalog().company.name}
    about |= {"order": g.order, "wallet_day": form.day, "seen": seen}
    return begin_setup(form.chosen, company_of(form.chosen), back, **about)
