"""A forgotten password: ask for a link, open it, choose a new password. Nothing here says whether an account exists."""

import secrets

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import OneTimeLink
from portal.actions.accounts import accounts, password_reset
from portal.enums import LinkPurpose
from portal.forms.password import AskForLinkForm, NewPasswordForm
from portal.rules.accounts.limit_words import refusal_ja
from portal.rules.accounts.limits import TooMany
from portal.screens import links
from portal.screens.known_browser import CUSTOMERS_OWN
from portal.web.current import client_address, settings, site_texts
from portal.web.view_marks import loses_input, public

blueprint = Blueprint("password", __name__, url_prefix="/password")


@blueprint.get("")
@public
def ask() -> ResponseReturnValue:
    return _ask_page(AskForLinkForm())


@blueprint.post("")
@public
@loses_input
def send() -> ResponseReturnValue:
    form = AskForLinkForm()
    if not form.validate():
        return _ask_page(form, 422)
    pressed = request.form.get("form", "")[:64]
    match password_reset.ask(form.typed_name, pressed, address=client_address(), secret=settings().secret_key):
        case TooMany() as refusal:
            form.name.errors = [refusal_ja(refusal)]
            return _ask_page(form, 429)
    return redirect(url_for("password.sent"), code=303)


@blueprint.get("/link/sent")
@public
def sent() -> ResponseReturnValue:
    return render_template("accounts/password_sent.html", minutes=links.MINUTES)


@blueprint.get("/new/done")
@public
def done() -> ResponseReturnValue:
    return render_template("accounts/password_done.html")


@blueprint.get("/<token>")
@public
def open_link(token: str) -> ResponseReturnValue:
    """Opening it, as scanners of mails do, changes nothing."""
    link = links.open_or_none(token, LinkPurpose.PASSWORD)
    return _new_page(link, _form(link)) if link else links.over(token, LinkPurpose.PASSWORD)


@blueprint.post("/<token>")
@public
@loses_input
def choose(token: str) -> ResponseReturnValue:
    link = links.known(token, LinkPurpose.PASSWORD)
    if link is None:
        return links.over(token, LinkPurpose.PASSWORD)
    form = _form(link)
    if not form.validate():
        return _new_page(link, form, 422) if links.open_or_none(token, LinkPurpose.PASSWORD) else links.over(token, LinkPurpose.PASSWORD)
    found = password_reset.choose(link, form.new.data, site_texts(), secret=settings().secret_key)
    if found is None:
        return links.over(token, LinkPurpose.PASSWORD)
    return CUSTOMERS_OWN.remember(make_response(redirect(url_for("password.done"), code=303)), found.account)


def _form(link: OneTimeLink) -> NewPasswordForm:
    return NewPasswordForm((*site_texts(), *accounts.own_texts(link.account)))


def _ask_page(form: AskForLinkForm, status: int = 200) -> Response:
    """Never kept by the browser: after Back a press is a new one."""
    page = make_response(render_template("accounts/password_ask.html", form=form, pressed=secrets.token_urlsafe(12)), status)
    page.headers["Cache-Control"] = "no-store"
    return page


def _new_page(link: OneTimeLink, form: NewPasswordForm, status: int = 200) -> ResponseReturnValue:
    return render_template("accounts/password_new.html", form=form, login=link.account.login), status
