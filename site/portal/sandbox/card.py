"""The card company's pages. A step opened again, or out of order, shows the entry's true state."""

import hmac
from urllib.parse import urlsplit

from flask import Blueprint, abort, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.sandbox.books import Books, entries
from portal.sandbox.books.entries import Entry
from portal.sandbox.card_form import CardForm, read_form
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
    form = read_form(request.form, _books().today())
    if form.card is None:
        return _card_page(entry, form), 422
    return _onwards(entries.accept(_books(), token, form.card) or entry)


@blueprint.get("/authentication")
def authentication(token: str) -> ResponseReturnValue:
    entry = _entry_or_404(token)
    if entry.state != "asked":
        return _true_state(entry)
    return render_template("sandbox/authentication.html", entry=entry, form_token=_form_token(token))


@blueprint.post("/authentication")
def authenticate(token: str) -> ResponseReturnValue:
    entry = _posted_entry(token)
    answer = request.form.get("do")
    if entry.state != "asked" or answer not in ("accept", "refuse"):
        return _onwards(entry)
    accepted = answer == "accept"
    return _onwards((entries.authenticate(_books(), token) if accepted else entries.give_up(_books(), token, "three_d_secure")) or entry)


@blueprint.post("/cancellation")
def cancel(token: str) -> ResponseReturnValue:
    """「戻る」 is a button, not a link: it ends the entry, and what changes something is posted."""
    entry = _posted_entry(token)
    return _onwards(entries.give_up(_books(), token, "cancelled") or entry)


def _books() -> Books:
    return current_app.extensions["books"]


def _entry_or_404(token: str) -> Entry:
    entry = entries.find_entry(_books(), token)
    if entry is None:
        abort(404)
    g.return_url = entry.return_url
    return entry


def _posted_entry(token: str) -> Entry:
    entry = _entry_or_404(token)
    if not hmac.compare_digest(_form_token(token).encode(), request.form.get("form_token", "").encode()):
        abort(403)
    return entry


def _form_token(token: str) -> str:
    """No session is needed: only who has the entry's unguessable address can have been given its token."""
    return hmac.new(str(current_app.secret_key).encode(), f"card entry {token}".encode(), "sha256").hexdigest()


def _card_page(entry: Entry, form: CardForm) -> str:
    return render_template("sandbox/card.html", entry=entry, form=form, cards=TEST_CARDS, form_token=_form_token(entry.token))


def _true_state(entry: Entry) -> ResponseReturnValue:
    return render_template("sandbox/over.html", entry=entry) if entry.is_over else _onwards(entry)


def _onwards(entry: Entry) -> ResponseReturnValue:
    """The result of a second press is that of the first."""
    if entry.is_over:
        return redirect(entry.return_url, code=303)
    return redirect(url_for("card.authentication" if entry.state == "asked" else "card.enter", token=entry.token), code=303)


def return_origin() -> str:
    """The origin that a form here may lead back to; empty if it is our own."""
    address = urlsplit(g.get("return_url", ""))
    return f"{address.scheme}://{address.netloc}" if address.netloc else ""
