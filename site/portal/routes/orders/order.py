"""One order: the contract form while it is a draft, its state afterwards."""

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Account
from portal.actions.orders import drafts
from portal.enums import OrderKind
from portal.forms.orders import ContractForm
from portal.forms.sent_form import new_page, sent_form
from portal.rules.payments.order_status import Stage
from portal.rules.renewals.by_hand import kind_by_hand
from portal.screens import additions, steps
from portal.screens.live_pages import order_page
from portal.screens.offers import estimate_of, form_for, plan_of
from portal.screens.owned import snapshot
from portal.web.current import catalog, current_account
from portal.web.filters import yen
from portal.web.fragments import page_or_fragment
from portal.web.view_marks import fragment_root, keeps_input, types_nothing

blueprint = Blueprint("orders", __name__)
steps.enforce(blueprint)
ELSEWHERE = (
    "この画面を開いたあとで、ほかの画面から内容が変更されました。この画面で選んだ内容は、まだ反映されていません。"
    "この内容で進むには、ボタンをもう一度押してください。"
)


@blueprint.post("/orders")
@types_nothing
def open_draft() -> ResponseReturnValue:
    account = current_account()
    if request.form.get("kind") in (OrderKind.RENEW, OrderKind.CHANGE):
        return _open_renewal(account)
    if plan_of(account) is None:
        return steps.without_plan()
    if account.server:
        return steps.to_contract(steps.HAS_SERVER)
    return steps.to_undecided(account) or steps.to_order(drafts.open_draft(account, OrderKind.NEW))


def _open_renewal(account: Account) -> ResponseReturnValue:
    """Open a draft for 契約更新 or 契約内容の変更. Which one depends on whether the contract renews automatically."""
    refused = steps.no_renewal() or steps.to_undecided_renewal()
    return refused or steps.to_order(drafts.open_draft(account, kind_by_hand(snapshot())))


@blueprint.get("/orders/<number>")
def show(number: str) -> ResponseReturnValue:
    if g.stage is Stage.FORM and g.order.is_addition:
        return redirect(additions.of(g.order).page(g.order), code=303)
    if g.stage is Stage.FORM:
        return _edit(form_for(g.order, preset=g.order.choices))
    live = order_page(g.order, g.payment)
    return render_template(live.template, live=live)


@blueprint.post("/orders/<number>")
@keeps_input("orders.show")
def choose(number: str) -> ResponseReturnValue:
    form, is_stored = _stored_form()
    if not is_stored:
        return _edit(form, 409, ELSEWHERE)
    if request.form.get("do") == "quote":
        return steps.to_order(g.order) if form.selection else _edit(form, 422)
    if form.agreed_selection is None:
        return _edit(form, 422)
    return redirect(url_for("payment.choose", number=number), code=303)


@blueprint.post("/orders/<number>/estimate")
@keeps_input("orders.show")
@fragment_root("estimate")
def estimate(number: str) -> ResponseReturnValue:
    form, is_stored = _stored_form()
    found = estimate_of(form)
    say = f"お見積り合計 {yen(found.total_yen)}" if found else "選択内容を確認してください"
    context = _context(form, None if is_stored else ELSEWHERE) | {"estimate": found}
    return page_or_fragment("orders/edit.html", "orders/_estimate.html", say=say if is_stored else ELSEWHERE, **context)


def _stored_form() -> tuple[ContractForm, bool]:
    """The posted form, stored with the draft before validation. False if it came late, or from an outdated page."""
    form = form_for(g.order)
    return form, drafts.remember(g.order, form.typed(), sent_form(request.form))


def _edit(form: ContractForm, status: int = 200, notice: str | None = None) -> ResponseReturnValue:
    mistakes = form.mistakes
    return render_template("orders/edit.html", mistakes=mistakes, estimate=estimate_of(form), **_context(form, notice)), status


def _context(form: ContractForm, notice: str | None) -> dict[str, object]:
    return {"form": form, "order": g.order, "catalog": catalog(), "notice": notice, "rendering": new_page(g.order.revision)}
