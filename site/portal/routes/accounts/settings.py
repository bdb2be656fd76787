"""アカウント設定: the password and the linked wallet."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from models import Account
from portal.actions.accounts import accounts, authentication
from portal.actions.renewals.method_reset import remove_wallet
from portal.forms.password import PasswordForm
from portal.routes.renewals.reset import flash_sent_charges
from portal.rules.accounts.limit_words import guessed_ja
from portal.rules.accounts.limits import TooMany
from portal.screens.known_browser import CUSTOMERS_OWN
from portal.screens.overview import Overview
from portal.web.current import catalog, client_address, companies, current_account, settings, site_texts
from portal.web.view_marks import answers_again, loses_input, shows_form, types_nothing

blueprint = Blueprint("account", __name__)
CHANGED = "パスワードを変更しました。ほかの端末では、もう一度ログインが必要です。"
UNLINKED = "おさいぽ!の連携を解除しました。"


@blueprint.get("/account")
@shows_form
def show() -> ResponseReturnValue:
    return _page(_form())


def _as_the_first_press() -> ResponseReturnValue | None:
    """The first press ended the session with the old password. Whoever sent the same new one gets the same answer."""
    known = {"address": client_address(), "device": CUSTOMERS_OWN.mark(), "secret": settings().secret_key}
    if authentication.is_own_password(session.ended.account, request.form.get("new", ""), **known) is not True:
        return None
    account = session.ended.account
    session.begin_again()
    return _changed(account)


@blueprint.post("/account/password")
@loses_input
@answers_again(_as_the_first_press)
def change_password() -> ResponseReturnValue:
    form, account = _form(), current_account()
    if not form.validate():
        return _page(form, 422)
    known = {"address": client_address(), "device": CUSTOMERS_OWN.mark(), "secret": settings().secret_key}
    match authentication.is_own_password(account, form.current.data, **known):
        case TooMany() as refusal:
            form.current.errors = [guessed_ja(refusal)]
            return _page(form, 429)
        case False:
            return _wrong_password(form)
    if not accounts.change_password(account, form.new.data, site_texts(), own=session.row):
        return _wrong_password(form)
    session.begin(account)
    return _changed(account)


@blueprint.get("/account/wallet")
def confirm_unlinking() -> ResponseReturnValue:
    wallet = current_account().wallet
    if wallet is None:
        return redirect(url_for("account.show"), code=303)
    contract = Overview(current_account())
    return render_template("accounts/unlink_wallet.html", wallet=wallet, contract=contract, setting=current_account().renewal_setting)


@blueprint.post("/account/wallet")
@types_nothing
def unlink() -> ResponseReturnValue:
    found = remove_wallet(current_account(), companies(), catalog())
    if found:
        flash(UNLINKED)
        flash_sent_charges(found)
    return redirect(url_for("account.show"), code=303)


def _changed(account: Account) -> Response:
    """This browser is one of those that know the new password."""
    flash(CHANGED)
    return CUSTOMERS_OWN.remember(make_response(redirect(url_for("account.show"), code=303)), account)


def _form() -> PasswordForm:
    return PasswordForm((*site_texts(), *accounts.own_texts(current_account())))


def _wrong_password(form: PasswordForm) -> ResponseReturnValue:
    form.current.errors = ["いまのパスワードが違います。"]
    return _page(form, 422)


def _page(form: PasswordForm, status: int = 200) -> ResponseReturnValue:
    return render_template("accounts/settings.html", form=form, wallet=current_account().wallet), status
