"""自動更新 of one certificate, on or off: a final screen of its own, for it obliges."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.actions.certificates import renewal_switch
from portal.actions.orders.drafts import OutOfStep
from portal.screens.certificates import CertificateRow, Certificates
from portal.screens.second_look import SecondLook
from portal.screens.switch_look import switch_look
from portal.web.current import catalog, current_account
from portal.web.view_marks import types_nothing

blueprint = Blueprint("certificate_switch", __name__)
HIGHEST_NUMBER = 2**31 - 1
ADDRESS = f"/ssl/<int(max={HIGHEST_NUMBER}):certificate_id>/renewal"
DONE = {True: "自動更新をオンにしました。今回のお支払いは行われていません。", False: "自動更新をオフにしました。"}
CHANGED = "表示したあとで内容が変わりました。新しい内容をご確認のうえ、もう一度 OK を押してください。まだ変更されていません。"
OVERTAKEN = "ほかの画面での操作か自動更新のお支払いが先に行われたため、変更されていません。いまの状態をご確認ください。"


@blueprint.get(ADDRESS)
def show(certificate_id: int) -> ResponseReturnValue:
    every = Certificates(current_account())
    found = every.one(certificate_id) or abort(404)
    on = not found.subscription.renews
    return _refused(every, found, on) or _page(every, found, on)


@blueprint.post(ADDRESS)
@types_nothing
def press(certificate_id: int) -> ResponseReturnValue:
    every = Certificates(current_account())
    found, on = every.one(certificate_id) or abort(404), request.form.get("to") == "on"
    if found.row and found.subscription.renews == on:
        return _said(found, DONE[on])
    if refused := _refused(every, found, on):
        return refused
    look = _look(every, found, on)
    if not look.was_shown:
        return _page(every, found, on, CHANGED)
    try:
        renewal_switch.switch(current_account(), found.subscription.id, look.evidence, catalog(), on=on)
    except OutOfStep:
        return _said(found, OVERTAKEN)
    return _said(found, DONE[on])


def _refused(every: Certificates, found: CertificateRow, on: bool) -> Any:
    reason = every.why_no_switch(found, on=on)
    return _said(found, reason) if reason else None


def _look(every: Certificates, found: CertificateRow, on: bool) -> SecondLook:
    return switch_look(every.contract.snapshot, every.entitlement(found), every.contract.today, on=on)


def _page(every: Certificates, found: CertificateRow, on: bool, notice: str | None = None) -> ResponseReturnValue:
    about = {"name": "独自SSL", "back": url_for("certificates.one", certificate_id=found.subscription.id), "on": on}
    return _look(every, found, on).page("renewals/switch.html", notice=notice, **about)


def _said(found: CertificateRow, sentence: str) -> ResponseReturnValue:
    flash(sentence)
    return redirect(url_for("certificates.one", certificate_id=found.subscription.id), code=303)
