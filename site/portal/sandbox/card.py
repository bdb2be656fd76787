"""The card company's pages. A step opened again, or out of order, shows the entry's true state."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.sandbox.books import setups
from portal.sandbox.books.setups import Entry
from portal.sandbox.card_form import CardForm, read_form
from portal.sandbox.pages import books, check_form_token, form_token, may_lead_to
from portal.sandbox.published import TEST_CARDS

blueprint = Blueprint("card", __name__, url_prefix="/card/entry/<token>")


@blueprint.get("")
def enter(token: str) -> ResponseReturnValue:
    entry = _entry_or_404(token)
    return _card_page(entry, CardForm()) if entry.state == "open" else _true_state(entry)


@blueprint.post("")
def send(token: str) -> ResponseReturnValue:
    entry = _posted_entry(token)
    if entry.state != "open":
        return _onwards(entry)
    form = read_form(request.form, books().today())
    if form.card is None:
        return _card_page(entry, form), 422
    return _onwards(setups.accept(books(), token, form.card) or entry)


@blueprint.get("/authentication")
def authentication(token: str) -> ResponseReturnValue:
    entry = _entry_or_404(token)
    if entry.state != "asked":
        return _true_state(entry)
    return render_template("sandbox/authentication.html", entry=entry, form_token=form_token(_page(token)))


@blueprint.post("/authentication")
def authenticate(token: str) -> ResponseReturnValue:
    entry = _posted_entry(token)
    answer = request.form.get("do")
    if entry.state != "asked" or answer not in ("accept", "refuse"):
        return _onwards(entry)
    accepted = answer == "accept"
    return _onwards((setups.authenticate(books(), token) if accepted else setups.give_up(books(), token, "three_d_secure")) or entry)


@blueprint.post("/cancellation")
def cancel(token: str) -> ResponseReturnValue:
    """「戻る」 is a button, not a link: it ends the entry, and what changes something is posted."""
    entry = _posted_entry(token)
    return _onwards(setups.give_up(books(), token, "cancelled") or entry)


def _entry_or_404(token: str) -> Entry:
    entry = setups.find_entry(books(), token)
    if entry is None:
        abort(404)
    may_lead_to(entry.return_url)
    return entry


def _posted_entry(token: str) -> Entry:
    entry = _entry_or_404(token)
    check_form_token(_page(token))
    return entry


def _page(token: str) -> str:
    return f"card entry {token}"


def _card_page(entry: Entry, form: CardForm) -> str:
    return render_template("sandbox/card.html", entry=entry, form=form, cards=TEST_CARDS, form_token=form_token(_page(entry.token)))


def _true_state(entry: Entry) -> ResponseReturnValue:
    return render_template("sandbox/over.html", entry=entry) if entry.is_over else _onwards(entry)


def _onwards(entry: Entry) -> ResponseReturnValue:
    """The result of a second press is that of the first."""
    if entry.is_over:
        return redirect(entry.return_url, code=303)
    return redirect(url_for("card.authentication" if entry.state == "asked" else "card.enter", token=entry.token), code=303)
