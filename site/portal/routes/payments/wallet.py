"""Payment by おさいぽ!: the return from the wallet company, amount and balance, the final confirmation, and [OK]."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import PaymentMethodSetup
from portal.actions.orders.drafts import OutOfStep
from portal.actions.payments import pay
from portal.actions.payments.setups import refresh_setup
from portal.actions.renewals.method_reset import remove_wallet
from portal.enums import Method, SetupState
from portal.gateways.wallet import LinkRemoved
from portal.rules.renewals.offer import Offer
from portal.screens import steps
from portal.screens.confirmation import accepted, final_screen, look_at, must_look_again, say_unless_pressed_twice
from portal.screens.offers import offer_of
from portal.web.current import catalog, companies, get_or_404, settings, wallet_company
from portal.web.return_code import return_code
from portal.web.view_marks import types_nothing

blueprint = Blueprint("wallet", __name__)
steps.enforce(blueprint)
REMOVED = "おさいぽ!の連携が解除されています。もう一度、おさいぽ!IDの認証からお手続きください。お支払いは行われていません。"


@blueprint.get("/orders/<number>/wallet/<reference>")
def show(number: str, reference: str) -> ResponseReturnValue:
    """Shows amount and balance. Nothing is charged here."""
    before = _setup(reference)
    setup = refresh_setup(before, wallet_company(), return_code())
    if before.state == SetupState.OPEN and setup.state == SetupState.READY:
        return redirect(request.path, code=303)  # the result is stored now; reload, so that the page itself only reads
    offer = _offer(setup)
    if setup.state != SetupState.READY or offer is None:
        return _not_ready(setup)
    try:
        balance = wallet_company().balance(setup.payment_method.token)
    except LinkRemoved:
        return _link_again(setup)
    points = wallet_company().points_page(request.path).url
    context = {"setup": setup, "offer": offer, "order": g.order, "balance": balance, "points_address": points}
    return render_template("payments/wallet_amount.html", missing=max(offer.quote.total_yen - balance, 0), **context)


@blueprint.get("/orders/<number>/wallet/<reference>/confirm")
def confirm(number: str, reference: str) -> ResponseReturnValue:
    return _confirmation(_setup(reference))


@blueprint.post("/orders/<number>/wallet/<reference>/confirm")
@types_nothing
def pay_now(number: str, reference: str) -> ResponseReturnValue:
    setup = _setup(reference)
    offer = _offer(setup)
    if setup.state != SetupState.READY or offer is None:
        return _not_ready(setup)
    look = look_at(offer, setup)
    if notice := must_look_again(offer, look):
        return _confirmation(setup, notice)
    try:
        pay.pay_order(g.order, setup, accepted(offer, look), wallet_company(), settings().installation_id, catalog())
    except OutOfStep:
        say_unless_pressed_twice(look)
    return steps.to_order(g.order)


def _setup(reference: str) -> PaymentMethodSetup:
    return get_or_404(PaymentMethodSetup.with_method(), order=g.order, reference=reference, method=Method.WALLET)


def _offer(setup: PaymentMethodSetup) -> Offer | None:
    return offer_of(g.order, Method.WALLET, setup.wallet_day)


def _confirmation(setup: PaymentMethodSetup, notice: str | None = None) -> ResponseReturnValue:
    offer = _offer(setup)
    if setup.state != SetupState.READY or offer is None:
        return _not_ready(setup)
    action = url_for("wallet.pay_now", number=g.order.number, reference=setup.reference)
    return final_screen(offer, action, setup=setup, notice=notice)


def _not_ready(setup: PaymentMethodSetup) -> ResponseReturnValue:
    """Redirect for a setup that is not ready: used, still open, or failed."""
    if setup.state == SetupState.USED:
        return steps.to_order(g.order)
    if setup.state == SetupState.OPEN:
        return render_template("payments/wallet_unfinished.html", setup=setup, order=g.order)
    return redirect(url_for("payment.choose", number=g.order.number), code=303)


def _link_again(setup: PaymentMethodSetup) -> ResponseReturnValue:
    """The customer removed the link at the wallet company. Remove it here too, stop renewals by it and mail the customer."""
    if setup.payment_method.is_active:
        remove_wallet(g.order.account, companies(), catalog())
    flash(REMOVED)
    return redirect(url_for("payment.choose", number=g.order.number), code=303)
