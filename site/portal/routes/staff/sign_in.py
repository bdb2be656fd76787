"""Staff sign-in: password, then a one-time code."""

import secrets
from datetime import datetime, timedelta

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError

from models import Staff
from portal import clock
from portal.actions.accounts import authentication, staff_members
from portal.actions.accounts.authentication import STAFF, Refused, device_mark
from portal.actions.accounts.sign_in_limits import TooMany
from portal.actions.accounts.staff_members import Passed, UsedCode
from portal.forms.sign_in import SignInForm
from portal.forms.staff.sign_in import CodeForm
from portal.screens.staff import second_factor
from portal.web import kept_input, outdated
from portal.web.current import client_address, settings
from portal.web.guard import safe_staff_next
from portal.web.sessions import seconds_left
from portal.web.view_marks import forgets_cache, no_page, public

blueprint = Blueprint("auth", __name__)
DEVICE_COOKIE = "staff-device"
ONE_YEAR = 365 * 24 * 60 * 60
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
def enter() -> ResponseReturnValue:
    form = SignInForm()
    if not form.validate():
        return _password_page(form, 422)
    known = {"device": request.cookies.get(DEVICE_COOKIE), "secret": settings().secret_key, "area": STAFF}
    match authentication.sign_in(form.typed_id, form.password.data, address=client_address(), **known):
        case TooMany(minutes):
            form.login.errors = [f"間違いが続いたため、受け付けを止めています。{minutes}分ほどたってから、もう一度お試しください。"]
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
def enter_code() -> ResponseReturnValue:
    staff, form = staff_half_way(), CodeForm()
    if staff is None:
        return _redirect_or_none()
    if not form.validate():
        return _code_page(form, 422)
    result = staff_members.check_code(staff, form.code.data, address=client_address(), secret=settings().secret_key)
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
    return str(seconds_left(session.row)), {"Content-Type": "text/plain"}


@blueprint.post("/logout")
@public
@forgets_cache
def sign_out() -> ResponseReturnValue:
    session.end()
    return redirect(url_for("staff.auth.sign_in"), code=303)


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
    if request.endpoint == "staff.auth.sign_out" or session.has_cookie:
        return redirect(url_for("staff.auth.sign_in"), code=303)
    return outdated.refused(error)


def _half_way(staff: Staff) -> Response:
    """The password was right. Until the code is checked, the session opens only the code page."""
    next_address = safe_staff_next(request.form.get("next"))
    session.begin()
    session.update(half={"staff": staff.id, "at": clock.real_now().isoformat()}, next=next_address)
    return make_response(redirect(url_for("staff.auth.code"), code=303))


def staff_half_way() -> Staff | None:
    half = session.get("half")
    if half is None or clock.real_now() - datetime.fromisoformat(half["at"]) > TIME_FOR_THE_CODE:
        return None
    return Staff.active(half["staff"])


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
    response = make_response(redirect(next_address, code=303))
    mark = device_mark(STAFF.name(staff.login), settings().secret_key, secrets.token_urlsafe(9))
    options = {"path": "/staff/login", "httponly": True, "samesite": "Strict", "secure": settings().is_https}
    response.set_cookie(DEVICE_COOKIE, mark, max_age=ONE_YEAR, **options)
    return response


def _password_page(form: SignInForm, status: int = 200) -> ResponseReturnValue:
    next_address = safe_staff_next(request.values.get("next"))
    return render_template("staff/sign_in/password.html", form=form, next=next_address, why=outdated.why_sign_in()), status


def _code_page(form: CodeForm, status: int = 200) -> ResponseReturnValue:
    return render_template("staff/sign_in/code.html", form=form), status
