"""The wallet company's pages for buying points: with their own sign-in, or during the linking of a wallet."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.forms.reading import whole_number
from portal.sandbox.books import JAPAN, wallet_mails, wallet_visits, wallets
from portal.sandbox.books.wallet_visits import Visit
from portal.sandbox.pages import books, browser, check_form_token, form_token
from portal.sandbox.published import TEST_WALLETS, WALLET_PASSWORD
from portal.sandbox.wallet import onwards, page_of, posted_visit, true_state, visit_or_404
from portal.sandbox.wallet_form import CHOICES, IdForm, PointsForm, read_id, read_points

START = "wallet points"
KINDS = {"opening": "開始時", "purchase": "ポイント購入", "refund": "返金", "debit": "お支払い"}
ENTRIES_SHOWN = MAILS_SHOWN = 5

blueprint = Blueprint("wallet_points", __name__, url_prefix="/wallet")


@blueprint.get("")
def start() -> ResponseReturnValue:
    return _start_page(IdForm(), _way_back(request.args.get("back", "")))


@blueprint.post("")
def begin() -> ResponseReturnValue:
    check_form_token(START)
    form, back = read_id(request.form), _way_back(request.form.get("back", ""))
    if form.mistakes:
        return _start_page(form, back), 422
    return onwards(wallet_visits.open_own(books(), form.wallet_id, back, browser()))


@blueprint.get("/link/<token>/points")
def choose(token: str) -> ResponseReturnValue:
    visit = visit_or_404(token)
    return _points_page(visit, PointsForm()) if visit.state == "signed_in" else true_state(visit)


@blueprint.post("/link/<token>/points")
def buy(token: str) -> ResponseReturnValue:
    visit = posted_visit(token)
    if visit.state != "signed_in":
        return onwards(visit)
    form, number = read_points(request.form), request.form.get("number", "")
    if form.mistakes:
        return _points_page(visit, form), 422
    if whole_number(number) is not None:
        wallet_visits.buy(books(), token, form.points, int(number))
    return redirect(url_for("wallet_points.choose", token=token), code=303)


def _way_back(path: str) -> str:
    """Only a path on the origin shared with the portal."""
    is_clean = len(path) <= 300 and not any(character <= " " or character == "\\" for character in path)
    return path if is_clean and path.startswith("/") and not path.startswith("//") else ""


def _start_page(form: IdForm, back: str) -> str:
    values = {"wallets": TEST_WALLETS, "test_password": WALLET_PASSWORD, "form_token": form_token(START)}
    return render_template("sandbox/wallet_start.html", form=form, back=back, **values)


def _points_page(visit: Visit, form: PointsForm) -> str:
    entries = wallets.newest_entries(books(), visit.wallet_id, ENTRIES_SHOWN)
    rows = [(entry.at.astimezone(JAPAN), KINDS[entry.kind], entry.yen) for entry in entries]
    points = wallets.points_of(books(), visit.wallet_id)
    mails = wallet_mails.newest_mails(books(), visit.wallet_id, MAILS_SHOWN)
    letters = [(mail.at.astimezone(JAPAN), mail) for mail in mails]
    values = {"rows": rows, "letters": letters, "points": points, "choices": CHOICES, "form_token": form_token(page_of(visit.token))}
    return render_template("sandbox/wallet_points.html", visit=visit, form=form, **values)
