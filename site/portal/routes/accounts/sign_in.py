"""Customer sign-in and sign-out."""

from flask import Blueprint, Response, make_response, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError

from models import Account
from portal.actions.accounts import authentication
from portal.actions.accounts.authentication import Closed, Refused
from portal.forms.sign_in import SignInForm
from portal.rules.accounts.limit_words import guessed_ja
from portal.rules.accounts.limits import TooMany
from portal.screens.known_browser import CUSTOMERS_OWN
from portal.web import kept_input, outdated
from portal.web.current import catalog, client_address, client_browser, settings
from portal.web.guard import safe_next
from portal.web.session_end import end_of
from portal.web.view_marks import forgets_cache, loses_input, no_page, public, types_nothing

blueprint = Blueprint("auth", __name__)
CLOSED = "このアカウントは閉じられているため、ログインできません。サポート窓口（{0.email}、電話 {0.phone}）へお問い合わせください。"
AGAIN = "画面を開いてから時間がたったため、まだログインしていません。パスワードをもう一度入力してください。"


@blueprint.get("/login")
@public
def sign_in() -> ResponseReturnValue:
    if session.account:
        return redirect(safe_next(request.args.get("next")), code=303)
    return _page(SignInForm())


@blueprint.post("/login")
@public
@loses_input
def enter() -> ResponseReturnValue:
    form = SignInForm()
    if not form.validate():
        return _page(form, 422)
    secret = settings().secret_key
    who = {"address": client_address(), "device": CUSTOMERS_OWN.mark(), "browser": client_browser(), "form": session.form}
    match authentication.sign_in(form.typed_id, form.password.data, **who, secret=secret):
        case TooMany() as refusal:
            form.login.errors = [guessed_ja(refusal)]
            return _page(form, 429)
        case Refused():
            form.login.errors = ["ログインIDまたはパスワードが違います。大文字と小文字もご確認ください。"]
            return _page(form, 422)
        case Closed():
            form.login.errors = [CLOSED.format(catalog().company)]
            return _page(form, 403)
        case account:
            return _signed_in(account)


@blueprint.get("/session")
@no_page
def go_on() -> ResponseReturnValue:
    """[ログインを続ける]: the seconds that the session lasts now."""
    return str(end_of(session.row).seconds_left), {"Content-Type": "text/plain; charset=utf-8"}


@blueprint.post("/logout")
@public
@forgets_cache
@types_nothing
def sign_out() -> ResponseReturnValue:
    session.end()
    return redirect(outdated.after_signing_out(), code=303)


@blueprint.get("/forget")
@public
@no_page
@forgets_cache
def forget() -> ResponseReturnValue:
    """The page after signing out asks for it as an image: the page that was left is in the browser's back/forward cache only by then."""
    return "", 204


@blueprint.errorhandler(CSRFError)
def pressed_again(error: CSRFError) -> ResponseReturnValue:
    """The form's session ended because this form, or another tab's, was sent before: the answer is that of the first."""
    if request.endpoint == "auth.sign_out" and session.account is None:
        return redirect(outdated.after_signing_out(), code=303)
    if request.endpoint == "auth.enter" and session.account and session.account.login == SignInForm().typed_id:
        return redirect(safe_next(request.form.get("next")), code=303)
    if request.endpoint == "auth.enter" and session.has_cookie and not session.account:
        form = SignInForm()
        form.password.errors = [AGAIN]
        return _page(form, 422)
    return outdated.refused(error)


def _page(form: SignInForm, status: int = 200) -> ResponseReturnValue:
    next_address = safe_next(request.values.get("next"))
    return render_template("accounts/sign_in.html", form=form, next=next_address, why=outdated.why_sign_in()), status


def _signed_in(account: Account) -> Response:
    session.begin(account)
    kept_input.forget_of_others()
    return CUSTOMERS_OWN.remember(make_response(redirect(safe_next(request.form.get("next")), code=303)), account)
