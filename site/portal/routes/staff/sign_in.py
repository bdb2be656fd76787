"""Staff sign-in: password, then a one-time code."""

from datetime import datetime, timedelta

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError

from models import Staff
from portal import clock
from portal.actions.accounts import authentication, staff_members
from portal.actions.accounts.authentication import STAFF, Refused
from portal.actions.accounts.staff_members import Passed, UsedCode
from portal.forms.sign_in import SignInForm
from portal.forms.staff.sign_in import CodeForm
from portal.rules.accounts.limit_words import guessed_ja
from portal.rules.accounts.limits import TooMany
from portal.screens.known_browser import STAFFS_OWN
from portal.screens.staff import second_factor
from portal.web import kept_input, outdated
from portal.web.current import client_address, settings
from portal.web.guard import safe_staff_next
from portal.web.server_session import PROOF, proof_of
from portal.web.session_end import end_of
from portal.web.view_marks import forgets_cache, loses_input, no_page, public, types_nothing

blueprint = Blueprint("auth", __name__)
AGAIN = "画面を開いてから時間がたったため、まだログインしていません。パスワードをもう一度入力してください。"
TIME_FOR_THE_CODE = timedelta(minutes=10)


@blueprint.get("/login")
@public
def sign_in() -> ResponseReturnValue:
    if session.staff:
        return redirect(safe_staff_next(request.args.get("next")), code=303)
    return _password_page(SignInForm())


@blueprint.post("/login")
@public
@loses_input
def enter() -> ResponseReturnValue:
    form = SignInForm()
    if not form.validate():
        return _password_page(form, 422)
    known = {"device": STAFFS_OWN.mark(), "secret": settings().secret_key, "area": STAFF}
    match authentication.sign_in(form.typed_id, form.password.data, address=client_address(), **known):
        case TooMany() as refusal:
            form.login.errors = [guessed_ja(refusal)]
            return _password_page(form, 429)
        case Refused():
            form.login.errors = ["ログインIDまたはパスワードが違います。大文字と小文字もご確認ください。"]
            return _password_page(form, 422)
        case staff:
            return _half_way(staff)


@blueprint.get("/code")
@public
def code() -> ResponseReturnValue:
    return _redirect_or_none() or _code_page(CodeForm())


@blueprint.post("/code")
@public
@loses_input
def enter_code() -> ResponseReturnValue:
    staff, form = staff_half_way(), CodeForm()
    if staff is None:
        return _redirect_or_none()
    if not form.validate():
        return _code_page(form, 422)
    result = second_factor.check(staff, form.code.data)
    if isinstance(result, UsedCode) and session.was_used:
        return redirect(safe_staff_next(session.get("next")), code=303)
    if not isinstance(result, Passed):
        form.code.errors = [second_factor.sentence(result)]
        return _code_page(form, second_factor.status(result))
    return _signed_in(staff, result, safe_staff_next(session.get("next")))


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


@blueprint.errorhandler(CSRFError)
def pressed_again(error: CSRFError) -> ResponseReturnValue:
    """The form's session ended because this form, or another tab's, was sent before: the answer is that of the first."""
    if session.staff:
        is_signing_out = request.endpoint == "staff.auth.sign_out"
        return outdated.refused(error) if is_signing_out else redirect(safe_staff_next(request.form.get("next")), code=303)
    if request.endpoint == "staff.auth.enter" and session.has_cookie:
        form = SignInForm()
        form.password.errors = [AGAIN]
        return _password_page(form, 422)
    if request.endpoint == "staff.auth.sign_out":
        return redirect(outdated.after_signing_out(), code=303)
    if session.has_cookie:
        return redirect(url_for("staff.auth.sign_in"), code=303)
    return outdated.refused(error)


def _half_way(staff: Staff) -> Response:
    """The password was right. Until the code is checked, the session opens only the code page."""
    next_address = safe_staff_next(request.form.get("next"))
    session.begin()
    session.update(half={"staff": staff.id, "at": clock.real_now().isoformat(), PROOF: proof_of(staff)}, next=next_address)
    return make_response(redirect(url_for("staff.auth.code"), code=303))


def staff_half_way() -> Staff | None:
    half = session.get("half")
    if half is None or clock.real_now() - datetime.fromisoformat(half["at"]) > TIME_FOR_THE_CODE:
        return None
    staff = Staff.active(half["staff"])
    return staff if staff and half.get(PROOF) == proof_of(staff) else None


def _redirect_or_none() -> ResponseReturnValue | None:
    """Redirect unless the password was checked just now and the code is still missing."""
    if session.staff:
        return redirect(url_for("staff.awaited.show"), code=303)
    return None if staff_half_way() else redirect(url_for("staff.auth.sign_in"), code=303)


def _signed_in(staff: Staff, passed: Passed, next_address: str) -> Response:
    session.begin(staff=staff)
    kept_input.forget_of_others()
    second_factor.remember()
    staff_members.signed_in(staff)
    if passed.recovery_codes_left is not None:
        flash(second_factor.LEFT.format(passed.recovery_codes_left))
    return STAFFS_OWN.remember(make_response(redirect(next_address, code=303)), staff)


def _password_page(form: SignInForm, status: int = 200) -> ResponseReturnValue:
    next_address = safe_staff_next(request.values.get("next"))
    return render_template("staff/sign_in/password.html", form=form, next=next_address, why=outdated.why_sign_in()), status


def _code_page(form: CodeForm, status: int = 200) -> ResponseReturnValue:
    return render_template("staff/sign_in/code.html", form=form), status
