"""The wallet company's pages for linking and sign-in. A step opened again or out of order shows the visit's real state."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.sandbox.books import wallet_tries, wallet_visits, wallets
from portal.sandbox.books.wallet_tries import Attempt, TooMany
from portal.sandbox.books.wallet_visits import Visit
from portal.sandbox.pages import books, browser, check_form_token, form_token, visit_in_this_browser
from portal.sandbox.published import TEST_WALLETS, WALLET_PASSWORD
from portal.sandbox.wallet_form import IdForm, password_mistakes, read_id

WRONG = "おさいぽ!IDまたはパスワードが違います。お確かめのうえ、もう一度入力してください。"
PATHS = {"open": "wallet.enter", "named": "wallet.password", "signed_in": "wallet.confirmation"}

blueprint = Blueprint("wallet", __name__, url_prefix="/wallet/link/<token>")


@blueprint.get("")
def enter(token: str) -> ResponseReturnValue:
    """Available until the password was right, so that a mistyped ID can be corrected."""
    visit = visit_or_404(token)
    return _id_page(visit, IdForm(visit.wallet_id)) if visit.state in ("open", "named") else true_state(visit)


@blueprint.post("")
def name(token: str) -> ResponseReturnValue:
    visit = posted_visit(token)
    if visit.state not in ("open", "named"):
        return onwards(visit)
    form = read_id(request.form)
    if form.mistakes:
        return _id_page(visit, form), 422
    return onwards(wallet_visits.name(books(), token, form.wallet_id, browser()))


@blueprint.get("/password")
def password(token: str) -> ResponseReturnValue:
    visit = visit_or_404(token)
    return _password_page(visit, {}) if visit.state == "named" else true_state(visit)


@blueprint.post("/password")
def sign_in(token: str) -> ResponseReturnValue:
    visit = posted_visit(token)
    if visit.state != "named" or request.form.get("wallet_id") != visit.wallet_id:
        return onwards(visit)
    typed = request.form.get("password", "")
    mistakes = password_mistakes(typed)
    if mistakes:
        return _password_page(visit, mistakes), 422
    match wallet_tries.sign_in(books(), visit.wallet_id, typed, request.remote_addr or ""):
        case Attempt.RIGHT:
            return onwards(wallet_visits.sign_in(books(), token, visit.wallet_id))
        case TooMany(minutes):
            return _password_page(visit, {"password": _too_many(minutes)}), 429
        case _:
            return _password_page(visit, {"password": WRONG}), 422


@blueprint.get("/confirmation")
def confirmation(token: str) -> ResponseReturnValue:
    visit = visit_or_404(token)
    if visit.state != "signed_in" or visit.is_own:
        return true_state(visit)
    points = wallets.points_of(books(), visit.wallet_id)
    return render_template("sandbox/wallet_confirmation.html", visit=visit, points=points, form_token=form_token(page_of(token)))


@blueprint.post("/confirmation")
def confirm(token: str) -> ResponseReturnValue:
    visit = posted_visit(token)
    return onwards(visit if visit.is_own else wallet_visits.link(books(), token, browser()))


@blueprint.post("/cancellation")
def cancel(token: str) -> ResponseReturnValue:
    """「戻る」 is a button and not a link, because it changes state: it ends the visit."""
    posted_visit(token)
    return onwards(wallet_visits.give_up(books(), token))


def visit_or_404(token: str) -> Visit:
    visit = wallet_visits.find_visit(books(), token)
    visit_in_this_browser(visit)
    return visit


def posted_visit(token: str) -> Visit:
    visit = visit_or_404(token)
    check_form_token(page_of(token))
    return visit


def page_of(token: str) -> str:
    return f"wallet visit {token}"


def true_state(visit: Visit) -> ResponseReturnValue:
    back = visit.way_back(browser())
    return render_template("sandbox/wallet_over.html", visit=visit, back=back) if visit.is_over else onwards(visit)


def onwards(visit: Visit) -> ResponseReturnValue:
    """A second press of a button leads to the result of the first."""
    if visit.is_over:
        return redirect(visit.way_back(browser()) or url_for("wallet_points.start"), code=303)
    if visit.is_own and visit.state == "signed_in":
        return redirect(url_for("wallet_points.choose", token=visit.token), code=303)
    return redirect(url_for(PATHS[visit.state], token=visit.token), code=303)


def _too_many(minutes: int) -> str:
    return f"続けて間違えたため、ログインの受け付けを止めています。{minutes}分たってから、もう一度お試しください。ポイントはそのままです。"


def _id_page(visit: Visit, form: IdForm) -> str:
    values = {"wallets": TEST_WALLETS, "test_password": WALLET_PASSWORD, "form_token": form_token(page_of(visit.token))}
    return render_template("sandbox/wallet_id.html", visit=visit, form=form, **values)


def _password_page(visit: Visit, mistakes: dict[str, str]) -> str:
    form = {"mistakes": mistakes}
    return render_template("sandbox/wallet_password.html", visit=visit, form=form, form_token=form_token(page_of(visit.token)))
