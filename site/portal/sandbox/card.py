"""The card company's pages. A step opened again or out of order shows the setup's real state."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.sandbox.books import setups
from portal.sandbox.books.setups import CardSetup
from portal.sandbox.card_form import CardForm, read_form
from portal.sandbox.pages import books, browser, check_form_token, form_token, visit_in_this_browser
from portal.sandbox.published import TEST_CARDS

blueprint = Blueprint("card", __name__, url_prefix="/card/entry/<token>")


@blueprint.get("")
def enter(token: str) -> ResponseReturnValue:
    setup = _setup_or_404(token)
    return _card_page(setup, CardForm()) if setup.state == "open" else _true_state(setup)


@blueprint.post("")
def send(token: str) -> ResponseReturnValue:
    setup = _posted_setup(token)
    if setup.state != "open":
        return _onwards(setup)
    form = read_form(request.form, books().today())
    if form.card is None:
        return _card_page(setup, form), 422
    return _onwards(setups.accept(books(), token, form.card, browser()) or setup)


@blueprint.get("/authentication")
def authentication(token: str) -> ResponseReturnValue:
    setup = _setup_or_404(token)
    if setup.state != "asked":
        return _true_state(setup)
    return render_template("sandbox/authentication.html", setup=setup, form_token=form_token(_page(token)))


@blueprint.post("/authentication")
def authenticate(token: str) -> ResponseReturnValue:
    setup = _posted_setup(token)
    answer = request.form.get("do")
    if setup.state != "asked" or answer not in ("accept", "refuse"):
        return _onwards(setup)
    if answer == "refuse":
        return _onwards(setups.give_up(books(), token, "three_d_secure") or setup)
    return _onwards(setups.authenticate(books(), token, browser()) or setup)


@blueprint.post("/cancellation")
def cancel(token: str) -> ResponseReturnValue:
    """「戻る」 is a button and not a link, because it changes state: it ends the setup."""
    setup = _posted_setup(token)
    return _onwards(setups.give_up(books(), token, "cancelled") or setup)


def _setup_or_404(token: str) -> CardSetup:
    setup = setups.find_setup(books(), token)
    visit_in_this_browser(setup)
    return setup


def _posted_setup(token: str) -> CardSetup:
    setup = _setup_or_404(token)
    check_form_token(_page(token))
    return setup


def _page(token: str) -> str:
    return f"card setup {token}"


def _card_page(setup: CardSetup, form: CardForm) -> str:
    return render_template("sandbox/card.html", setup=setup, form=form, cards=TEST_CARDS, form_token=form_token(_page(setup.token)))


def _true_state(setup: CardSetup) -> ResponseReturnValue:
    return render_template("sandbox/over.html", setup=setup, back=setup.way_back(browser())) if setup.is_over else _onwards(setup)


def _onwards(setup: CardSetup) -> ResponseReturnValue:
    """A second press of a button leads to the result of the first."""
    if setup.is_over:
        return redirect(setup.way_back(browser()), code=303)
    return redirect(url_for("card.authentication" if setup.state == "asked" else "card.enter", token=setup.token), code=303)
