"""振込名義: the names that payers use for a customer, as staff have confirmed them. Each can be forgotten."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from models import Account, PayerAlias
from portal.actions.staff import details
from portal.actions.transfers import aliases
from portal.web.current import current_staff
from portal.web.view_marks import types_nothing

blueprint = Blueprint("names", __name__)
FORGOTTEN = "振込名義を忘れました。この名義の入金は、これからは名義だけでは照合されません。"


@blueprint.get("/accounts/<login>/payer-names")
def index(login: str) -> ResponseReturnValue:
    account = _account_or_404(login)
    return render_template("staff/accounts/payer_names.html", customer=account, names=details.payer_names_of(account))


@blueprint.post("/accounts/<login>/payer-names/<int:which>/forgetting")
@types_nothing
def forget(login: str, which: int) -> ResponseReturnValue:
    account = _account_or_404(login)
    alias = account.payer_aliases.where(PayerAlias.id == which).first()
    if alias:
        aliases.forget(alias, current_staff())
    flash(FORGOTTEN)
    return redirect(url_for("staff.names.index", login=account.login), code=303)


def _account_or_404(login: str) -> Account:
    return Account.by_login(login) or abort(404)
