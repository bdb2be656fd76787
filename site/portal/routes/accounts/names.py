"""お名前の変更."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.actions.accounts import names
from portal.forms.people import NameForm
from portal.rules.accounts.limit_words import refusal_ja
from portal.rules.accounts.limits import TooMany
from portal.web.current import current_account
from portal.web.view_marks import keeps_input

blueprint = Blueprint("names", __name__, url_prefix="/account/name")
CHANGED = "お名前を変更しました。"


@blueprint.get("")
def edit() -> ResponseReturnValue:
    return _page(NameForm())


@blueprint.post("")
@keeps_input("names.edit")
def change() -> ResponseReturnValue:
    form = NameForm()
    if not form.validate():
        return _page(form, 422)
    match names.change(current_account(), form.typed_name):
        case TooMany() as refusal:
            form.name.errors = [refusal_ja(refusal)]
            return _page(form, 429)
    flash(CHANGED)
    return redirect(url_for("account.show"), code=303)


def _page(form: NameForm, status: int = 200) -> ResponseReturnValue:
    return render_template("accounts/name.html", form=form, awaited=current_account().placed_transfer), status
