"""For presenters: an address that opens the demo at a state, and a sheet with all that is needed, on one printed page."""

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from portal import clock
from portal.demo.personas import PASSWORD, PERSONAS, STAFF
from portal.demo.tour import STOPS
from portal.sandbox.published import TEST_CARDS
from portal.web.current import catalog
from portal.web.guard import safe_next
from portal.web.view_marks import public

blueprint = Blueprint("demo_slides", __name__)


@blueprint.get("/demo/at/<login>")
@public
def at(login: str) -> ResponseReturnValue:
    """One button that signs in as this persona. A link alone must not: whoever is signed in would be somebody else without a press."""
    persona = next((each for each in PERSONAS if each.login == login), None) or abort(404)
    to = safe_next(request.args.get("to", "/contract"))
    return render_template("demo/at.html", persona=persona, story=persona.described(catalog()), to=to, password=PASSWORD)


@blueprint.get("/demo/sheet")
@public
def sheet() -> ResponseReturnValue:
    people = [(persona, persona.described(catalog())) for persona in (*PERSONAS, STAFF)]
    return render_template("demo/sheet.html", people=people, password=PASSWORD, cards=TEST_CARDS, stops=STOPS, today=clock.today())
