"""お支払い方法: the choice, with the content of the order and what each method means."""

from flask import Blueprint, abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.actions import orders, pay
from portal.forms.payment import MethodForm
from portal.routes import steps
from portal.routes.offers import offer_of, offered_methods
from portal.web.current import card_company
from portal.web.fragments import page_or_fragment
from portal.words import Method

blueprint = Blueprint("payment", __name__)
steps.enforce(blueprint)
UNFINISHED = "お支払い方法を選ぶ前に、契約内容の入力が必要です。内容と同意のチェックを確認してください。"


@blueprint.get("/orders/<number>/payment")
def choose(number: str) -> ResponseReturnValue:
    return _page(MethodForm(_methods(), data={"method": g.order.method}))


@blueprint.post("/orders/<number>/payment")
def pick(number: str) -> ResponseReturnValue:
    form = MethodForm(_methods())
    if not form.validate():
        return _page(form, 422)
    if g.order.is_draft:
        orders.remember(g.order, g.order.choices, form.chosen)
    if request.form.get("do") == "show":
        return _page(form)
    if offer_of(g.order, form.chosen) is None:
        return _to_form()
    return redirect(_first_step(form.chosen), code=303)


def _methods() -> list[Method]:
    """At least one: without a company that takes money there is nothing to choose, and the page says so."""
    return offered_methods() or abort(503)


def _page(form: MethodForm, status: int = 200) -> ResponseReturnValue:
    offer = offer_of(g.order, form.chosen or form.offered[0])
    if offer is None:
        return _to_form()
    say = f"{offer.method.label}の説明を表示しました"
    context = {"form": form, "mistakes": form.mistakes, "offer": offer, "order": g.order, "payment": g.payment}
    return page_or_fragment("payment/choose.html", "payment/_panel.html", status=status, say=say, **context)


def _to_form() -> ResponseReturnValue:
    flash(UNFINISHED)
    return steps.to_order(g.order)


def _first_step(method: Method) -> str:
    number = g.order.number
    return pay.begin_card_entry(g.order, card_company(), lambda reference: url_for("card.confirm", number=number, reference=reference))
