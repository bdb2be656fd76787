"""The bank's page at a charge with its holder present. Opened again, it leads back to the shop."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.sandbox.books import charges, proofs
from portal.sandbox.books.proofs import Proof
from portal.sandbox.pages import books, check_form_token, form_token, may_lead_to

blueprint = Blueprint("proof", __name__, url_prefix="/card/proof/<token>")
ANSWERS = {"accept": lambda *about: charges.take(*about, is_proved=True), "refuse": charges.refuse}


@blueprint.get("")
def show(token: str) -> ResponseReturnValue:
    proof = _proof_or_404(token)
    if proof.is_over:
        return redirect(proof.return_url, code=303)
    return render_template("sandbox/proof.html", proof=proof, form_token=form_token(_page(token)))


@blueprint.post("")
def answer(token: str) -> ResponseReturnValue:
    check_form_token(_page(token))
    proof, answered = _proof_or_404(token), ANSWERS.get(request.form.get("do", ""))
    if answered is None:
        return redirect(url_for("proof.show", token=token), code=303)
    answered(books(), proof.card_token, proof.yen, proof.key)
    return redirect(proof.return_url, code=303)


def _proof_or_404(token: str) -> Proof:
    proof = proofs.find_proof(books(), token) or abort(404)
    may_lead_to(proof.return_url)
    return proof


def _page(token: str) -> str:
    return f"card proof {token}"
