"""Webhooks of payment companies. Only the signature is trusted, and the order of arrival does not matter."""

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from portal.actions.payments import webhooks
from portal.gateways.card import BadEvent, CardEvent, CardUpdated, CompanyEvent, DisputeReported, RefundReported
from portal.security_log import SecurityEvent, note
from portal.store import database as store
from portal.web.current import catalog, company_named
from portal.web.view_marks import public, types_nothing

blueprint = Blueprint("notices", __name__)


@blueprint.post("/notices/<name>")
@public
@types_nothing
def receive(name: str) -> ResponseReturnValue:
    store.ensure_connection()
    company, body = company_named(name) or abort(404), request.get_data()
    try:
        event, text = company.parse_event(dict(request.headers), body), body.decode()
    except (BadEvent, UnicodeDecodeError):
        note(SecurityEvent.BAD_WEBHOOK)  # bad signature, too old or unreadable
        abort(400)
    if not _is_taken(name, company.name, event, text):
        return "later\n", 503, {"Content-Type": "text/plain; charset=utf-8"}
    return "ok\n", {"Content-Type": "text/plain; charset=utf-8"}


def _is_taken(name: str, company: str, event: CardEvent | None, text: str) -> bool:
    """False: the company should send it again later."""
    match event:
        case CompanyEvent():
            return webhooks.receive(name, event, text, catalog())
        case RefundReported():
            return webhooks.receive_refund(name, event, text)
        case DisputeReported():
            return webhooks.receive_dispute(name, event, text)
        case CardUpdated():
            webhooks.receive_card(name, company, event, text)
    return True
