"""Paying with おさいぽ!: back from the wallet company, amount and balance, the final confirmation, and [OK]."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Entry
from portal.actions.orders.drafts import OutOfStep
from portal.actions.payments import pay
from portal.enums import EntryState, Method
from portal.gateways.wallet import LinkRemoved
from portal.rules.payments.declines import no_wallet_text
from portal.rules.renewals.offer import Offer
from portal.screens import steps
from portal.screens.confirmation import CHANGED, accepted, content_of, final_screen, say_unless_pressed_twice, sha256
from portal.screens.offers import offer_of
from portal.web.current import get_or_404, settings, wallet_company

blueprint = Blueprint("wallet", __name__)
steps.enforce(blueprint)
REMOVED = "おさいぽ!の連携が解除されています。もう一度、おさいぽ!IDの認証からお手続きください。お支払いは行われていません。"


@blueprint.get("/orders/<number>/wallet/<reference>")
def show(number: str, reference: str) -> ResponseReturnValue:
    """Amount and balance; nothing is taken here."""
    before = _entry(reference)
    entry = pay.look_at_link(before, wallet_company())
    if before.state == EntryState.OPEN and entry.state == EntryState.READY:
        return redirect(request.path, code=303)  # what was written down is written; the page itself only reads
    offer = _offer(entry)
    if entry.state != EntryState.READY or offer is None:
        return _elsewhere(entry)
    try:
        balance = wallet_company().balance(entry.token)
    except LinkRemoved:
        return _link_again(entry)
    points = wallet_company().points_page(request.path).url
    context = {"entry": entry, "offer": offer, "order": g.order, "balance": balance, "points_address": points}
    return render_template("payments/wallet_amount.html", missing=max(offer.quote.total_yen - balance, 0), **context)


@blueprint.get("/orders/<number>/wallet/<reference>/confirm")
def confirm(number: str, reference: str) -> ResponseReturnValue:
    return _confirmation(_entry(reference))


@blueprint.post("/orders/<number>/wallet/<reference>/confirm")
def pay_now(number: str, reference: str) -> ResponseReturnValue:
    entry = _entry(reference)
    offer = _offer(entry)
    if entry.state != EntryState.READY or offer is None:
        return _elsewhere(entry)
    content = content_of(offer, entry)
    if request.form.get("shown") != sha256(content):
        return _confirmation(entry, CHANGED)
    try:
        pay.pay_by_wallet(g.order, entry, accepted(offer, content), wallet_company(), settings().installation_id)
    except OutOfStep:
        say_unless_pressed_twice(entry)
    return steps.to_order(g.order)


def _entry(reference: str) -> Entry:
    return get_or_404(g.order.entries, reference=reference, method=Method.WALLET)


def _offer(entry: Entry) -> Offer | None:
    return offer_of(g.order, Method.WALLET, entry.wallet_day)


def _confirmation(entry: Entry, notice: str | None = None) -> ResponseReturnValue:
    offer = _offer(entry)
    if entry.state != EntryState.READY or offer is None:
        return _elsewhere(entry)
    action = url_for("wallet.pay_now", number=g.order.number, reference=entry.reference)
    return final_screen(offer, action, entry=entry, notice=notice)


def _elsewhere(entry: Entry) -> ResponseReturnValue:
    """Where a visit without a wallet, or with one that was used, leads."""
    if entry.state == EntryState.USED:
        return steps.to_order(g.order)
    if entry.state == EntryState.OPEN:
        return render_template("payments/wallet_unfinished.html", entry=entry, order=g.order)
    if entry.state == EntryState.FAILED:
        flash(no_wallet_text(entry.code))
    return redirect(url_for("payment.choose", number=g.order.number), code=303)


def _link_again(entry: Entry) -> ResponseReturnValue:
    """The wallet was removed at its company: so it is here, and what it renews is stopped, with a mail that says so."""
    link = g.order.account.wallet_link
    if link and link.token == entry.token:
        pay.forget_wallet(g.order.account, wallet_company())
    flash(REMOVED)
    return redirect(url_for("payment.choose", number=g.order.number), code=303)
