"""独自SSL: the customer's certificates, each with its common name, its state and its own switch."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.actions.certificates import common_names
from portal.actions.refusals import NotPossible
from portal.forms.certificates import CommonNameForm
from portal.screens.certificates import CertificateRow, Certificates
from portal.web.current import current_account
from portal.web.view_marks import keeps_input

blueprint = Blueprint("certificates", __name__, url_prefix="/ssl")
HIGHEST_NUMBER = 2**31 - 1
ONE = f"/<int(max={HIGHEST_NUMBER}):certificate_id>"
CHOSEN = "コモンネームを設定し、発行の手続きを始めました。"


@blueprint.get("")
def show() -> ResponseReturnValue:
    every = Certificates(current_account())
    return render_template("certificates/list.html", rows=every.rows, sold=every.sold)


@blueprint.get(ONE)
def one(certificate_id: int) -> ResponseReturnValue:
    every = Certificates(current_account())
    found, form = _mine(every, certificate_id), CommonNameForm()
    if found.may_choose:
        form.offer(common_names.choices(current_account()))
    return _page(every, found, form)


@blueprint.post(ONE)
@keeps_input("certificates.one")
def choose(certificate_id: int) -> ResponseReturnValue:
    every = Certificates(current_account())
    found, form = _mine(every, certificate_id), CommonNameForm()
    form.offer(common_names.choices(current_account()))
    if not form.validate():
        return _page(every, found, form, 422)
    try:
        common_names.choose(found.subscription, form.common_name.data)
    except NotPossible as why:
        form.common_name.errors = [str(why)]
        return _page(every, found, form, 422)
    flash(CHOSEN)
    return redirect(url_for("certificates.one", certificate_id=certificate_id), code=303)


def _mine(every: Certificates, certificate_id: int) -> CertificateRow:
    return every.one(certificate_id) or abort(404)


def _page(every: Certificates, found: CertificateRow, form: CommonNameForm, status: int = 200) -> ResponseReturnValue:
    if form.mistakes and not (found.may_choose and form.offers_something):
        flash(form.mistakes[0].errors[0])
        return redirect(url_for("certificates.one", certificate_id=found.subscription.id), code=303)
    return render_template("certificates/one.html", found=found, form=form, contract=every.contract, **_switch(every, found)), status


def _switch(every: Certificates, found: CertificateRow) -> dict[str, object]:
    """Where 自動更新 would go, and why it cannot now."""
    on = not found.subscription.renews
    return {"on": on, "no_switch": every.why_no_switch(found, on=on)}
