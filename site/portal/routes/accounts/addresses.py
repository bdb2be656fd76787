"""Mail addresses: ask for a new one, or a second one for notices, with the password; confirm it by the link that was mailed to it."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.actions.accounts import addresses, authentication
from portal.actions.accounts.authentication import Refused
from portal.enums import LinkPurpose
from portal.forms.people import AddressForm
from portal.rules.accounts.limit_words import guessed_ja, refusal_ja
from portal.rules.accounts.limits import TooMany
from portal.screens import links
from portal.screens.known_browser import CUSTOMERS_OWN
from portal.web.current import client_address, current_account, settings
from portal.web.view_marks import keeps_input, public, types_nothing

blueprint = Blueprint("addresses", __name__)
PURPOSES = (LinkPurpose.ADDRESS, LinkPurpose.NOTICES)
SENT = "{} に確認のリンクをお送りします。リンクを開いてボタンを押すまで、何も変わりません。"
STOPPED = "お知らせの宛先をなくしました。お知らせは、ご登録のメールアドレスにだけお送りします。"


@blueprint.get("/account/address")
def edit() -> ResponseReturnValue:
    return _page(LinkPurpose.ADDRESS, AddressForm())


@blueprint.post("/account/address")
@keeps_input("addresses.edit")
def ask() -> ResponseReturnValue:
    return _asked(LinkPurpose.ADDRESS)


@blueprint.get("/account/notices")
def edit_notices() -> ResponseReturnValue:
    return _page(LinkPurpose.NOTICES, AddressForm())


@blueprint.post("/account/notices")
@keeps_input("addresses.edit_notices")
def ask_for_notices() -> ResponseReturnValue:
    return _asked(LinkPurpose.NOTICES)


@blueprint.post("/account/notices/end")
@types_nothing
def stop_notices() -> ResponseReturnValue:
    addresses.stop_notices(current_account())
    flash(STOPPED)
    return redirect(url_for("account.show"), code=303)


@blueprint.get("/address/new/done")
@public
def done() -> ResponseReturnValue:
    return render_template("accounts/address_done.html")


@blueprint.get("/address/<token>")
@public
def open_link(token: str) -> ResponseReturnValue:
    """Opening it, as scanners of mails do, changes nothing."""
    link = links.open_or_none(token, *PURPOSES)
    if link is None:
        return links.over(token, *PURPOSES)
    return render_template("accounts/address_confirm.html", link=link, is_for_notices=link.purpose == LinkPurpose.NOTICES)


@blueprint.post("/address/<token>")
@public
@types_nothing
def confirm(token: str) -> ResponseReturnValue:
    link = links.known(token, *PURPOSES)
    if link is None or not addresses.confirm(link):
        return links.over(token, *PURPOSES)
    return redirect(url_for("addresses.done"), code=303)


def _asked(purpose: LinkPurpose) -> ResponseReturnValue:
    form, account = AddressForm(), current_account()
    form.known = (account.email, account.notice_email) if purpose == LinkPurpose.NOTICES else (account.email,)
    if not form.validate():
        return _page(purpose, form, 422)
    known = {"address": client_address(), "device": CUSTOMERS_OWN.mark(), "secret": settings().secret_key}
    match authentication.is_own_password(account, form.current.data, **known):
        case TooMany() as refusal:
            form.current.errors = [guessed_ja(refusal)]
            return _page(purpose, form, 429)
        case False:
            return _wrong_password(purpose, form)
    match addresses.ask(account, form.typed_address, purpose, client=client_address()):
        case TooMany() as refusal:
            form.address.errors = [refusal_ja(refusal)]
            return _page(purpose, form, 429)
        case Refused():
            return _wrong_password(purpose, form)
    flash(SENT.format(form.typed_address))
    return redirect(url_for("account.show"), code=303)


def _wrong_password(purpose: LinkPurpose, form: AddressForm) -> ResponseReturnValue:
    form.current.errors = ["いまのパスワードが違います。"]
    return _page(purpose, form, 422)


def _page(purpose: LinkPurpose, form: AddressForm, status: int = 200) -> ResponseReturnValue:
    about = {"is_for_notices": purpose == LinkPurpose.NOTICES, "minutes": links.MINUTES}
    return render_template("accounts/address.html", form=form, **about), status
