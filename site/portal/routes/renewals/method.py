"""お支払い方法だけを変更する（今は支払わない）: a new card, wallet or charge day for later charges. Automatic renewal stays on."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import PaymentMethodSetup
from portal.actions.orders.drafts import OutOfStep
from portal.actions.payments.setups import begin_setup, refresh_setup
from portal.actions.renewals import method_change
from portal.enums import Method, SetupState
from portal.forms.payments import MethodForm
from portal.rules.payments.declines import setup_failed_text
from portal.rules.payments.methods import is_day_alone, row_of
from portal.rules.renewals.forecast import forecasts, with_renewal_method
from portal.rules.renewals.snapshot import RenewalMethod
from portal.screens.offers import offered_methods
from portal.screens.overview import Overview
from portal.screens.second_look import SecondLook
from portal.web.current import card_company, catalog, client_address, company_of, current_account, get_or_404, wallet_company
from portal.web.return_code import return_code
from portal.web.view_marks import keeps_input, types_nothing

blueprint = Blueprint("method", __name__)
OFF = "自動更新は設定されていません。更新のお手続きで、新しいお支払い方法を選べます。"
CHANGED = "表示したあとで内容が変わりました。新しい内容をご確認のうえ、もう一度 OK を押してください。まだ変更は行われていません。"
OVERTAKEN = "ほかの画面での操作が先に行われたため、お支払い方法は変更されていません。いまの状態をご確認ください。"
DONE = "お支払い方法を変更しました。今回のお支払いは行われていません。次回のお支払いは、下のとおりです。"


@blueprint.before_request
def only_with_renewal() -> Any:
    """Load the setup from the customer's own. Without automatic renewal there is no method to change."""
    if "reference" in (request.view_args or {}):
        mine = PaymentMethodSetup.with_method().where(PaymentMethodSetup.account == current_account(), PaymentMethodSetup.order.is_null())
        g.setup = get_or_404(mine, reference=request.view_args["reference"], method=request.endpoint.partition(".")[2].split("_")[-1])
    g.contract = Overview(current_account())
    if g.contract.snapshot.renewal_method:
        return None
    flash(OFF)
    return redirect(url_for("contract.show"), code=303)


@blueprint.get("/renewal/method")
def choose() -> ResponseReturnValue:
    renewal_method = g.contract.snapshot.renewal_method
    return _choice(_form(data={"method": renewal_method.method, "wallet_day": renewal_method.wallet_day}))


@blueprint.post("/renewal/method")
@keeps_input("method.choose")
def pick() -> ResponseReturnValue:
    form, account = _form(), current_account()
    if not form.validate():
        return _choice(form, 422)
    if is_day_alone(g.contract.snapshot.renewal_method.method, form.chosen):
        return redirect(url_for("method.day", day=form.day), code=303)
    back = lambda reference: url_for(f"method.{form.chosen}", reference=reference)  # noqa: E731
    about = {"account": account, "address": client_address(), "shop": catalog().company.name, "wallet_day": form.day}
    address = begin_setup(form.chosen, company_of(form.chosen), back, **about)
    return redirect(address, code=303)


@blueprint.get("/renewal/method/card/<reference>")
def card(reference: str) -> ResponseReturnValue:
    return _back_from_company(refresh_setup(g.setup, card_company(), return_code()))


@blueprint.get("/renewal/method/wallet/<reference>")
def wallet(reference: str) -> ResponseReturnValue:
    return _back_from_company(refresh_setup(g.setup, wallet_company(), return_code()))


@blueprint.post("/renewal/method/card/<reference>")
@types_nothing
def set_card(reference: str) -> ResponseReturnValue:
    return _set(g.setup)


@blueprint.post("/renewal/method/wallet/<reference>")
@types_nothing
def set_wallet(reference: str) -> ResponseReturnValue:
    return _set(g.setup)


@blueprint.get("/renewal/method/day/<int:day>")
def day(day: int) -> ResponseReturnValue:
    return _final(_with_day(day))


@blueprint.post("/renewal/method/day/<int:day>")
@types_nothing
def set_day(day: int) -> ResponseReturnValue:
    renewal_method = _with_day(day)
    if g.contract.snapshot.renewal_method.wallet_day == day:
        flash(DONE)
        return redirect(url_for("contract.show"), code=303)
    look = _look(renewal_method)
    if not look.was_shown:
        return _final(renewal_method, CHANGED)
    return _done(lambda: method_change.set_wallet_day(current_account(), day, look.evidence, catalog()))


def _back_from_company(setup: PaymentMethodSetup) -> ResponseReturnValue:
    """If the setup's result was stored just now, reload, so that the page itself only reads."""
    if g.setup.state == SetupState.OPEN and setup.state == SetupState.READY:
        return redirect(request.path, code=303)
    return _final_or_redirect(setup)


def _set(setup: PaymentMethodSetup) -> ResponseReturnValue:
    if setup.state != SetupState.READY:
        return _final_or_redirect(setup)
    renewal_method = _renewal_method(setup)
    look = _look(renewal_method)
    if not look.was_shown:
        return _final(renewal_method, CHANGED)
    return _done(lambda: method_change.set_method(current_account(), setup, look.evidence, catalog()), setup)


def _done(change: Any, setup: PaymentMethodSetup | None = None) -> ResponseReturnValue:
    try:
        change()
        flash(DONE)
    except OutOfStep:
        if setup is None or PaymentMethodSetup.get_by_id(setup.id).state == SetupState.READY:
            flash(OVERTAKEN)
    return redirect(url_for("contract.show"), code=303)


def _final_or_redirect(setup: PaymentMethodSetup) -> ResponseReturnValue:
    """The final screen, or a redirect if the setup is open, failed or used."""
    if setup.state == SetupState.READY:
        return _final(_renewal_method(setup))
    if setup.state == SetupState.OPEN:
        return render_template("renewals/unfinished.html", setup=setup)
    if setup.state == SetupState.FAILED:
        flash(setup_failed_text(setup.method, setup.code))
        return redirect(url_for("method.choose"), code=303)
    return redirect(url_for("contract.show"), code=303)


def _final(renewal_method: RenewalMethod, notice: str | None = None) -> ResponseReturnValue:
    context = {"renewal_method": renewal_method, "is_day_alone": request.endpoint in ("method.day", "method.set_day")}
    look = _look(renewal_method)
    if notice and look.was_accepted:
        flash(DONE)
        return redirect(url_for("contract.show"), code=303)
    return look.page("renewals/method_final.html", notice=notice, action=request.path, **context)


def _look(renewal_method: RenewalMethod) -> SecondLook:
    """What the customer agrees to: compared on [OK], and stored as evidence."""
    contract = g.contract
    after = forecasts(with_renewal_method(contract.snapshot, renewal_method), contract.today, catalog())
    before = {found.ends_on: found.charge for found in contract.forecasts}
    context = {"contract": contract, "renewal_method": renewal_method, "after": after, "before": before}
    return SecondLook(render_template("renewals/_method.html", **context))


def _renewal_method(setup: PaymentMethodSetup) -> RenewalMethod:
    found = setup.payment_method
    return RenewalMethod(Method(setup.method), g.contract.today, setup.wallet_day, found.expires, found.paid_with)


def _with_day(day: int) -> RenewalMethod:
    """The current wallet with another charge day."""
    renewal_method = g.contract.snapshot.renewal_method
    if not row_of(renewal_method.method).has_own_day or day not in catalog().renewal.wallet_days:
        abort(404)
    return replace(renewal_method, wallet_day=day, set_on=g.contract.today)


def _form(**kwargs: Any) -> MethodForm:
    """Only methods that can be charged automatically and are available."""
    offered = [method for method in offered_methods() if row_of(method).renews_by_itself]
    return MethodForm(offered or abort(503), catalog().renewal.wallet_days, **kwargs)


def _choice(form: MethodForm, status: int = 200) -> ResponseReturnValue:
    snapshot, today = g.contract.snapshot, g.contract.today
    same_method = forecasts(with_renewal_method(snapshot, replace(snapshot.renewal_method, set_on=today)), today, catalog())
    return render_template("renewals/method.html", form=form, mistakes=form.mistakes, contract=g.contract, same_method=same_method), status
