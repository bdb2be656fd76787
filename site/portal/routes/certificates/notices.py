"""Answers of the hosting side. Only the signature is trusted; an answer may come twice, and late."""

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from portal.actions.certificates import answers
from portal.gateways.card import BadEvent
from portal.gateways.hosting_answers import parse_answer
from portal.security_log import SecurityEvent, note
from portal.store import database as store
from portal.web.current import settings
from portal.web.view_marks import public, types_nothing

blueprint = Blueprint("hosting_notices", __name__)
TEXT = {"Content-Type": "text/plain; charset=utf-8"}


@blueprint.post("/notices/hosting")
@public
@types_nothing
def receive() -> ResponseReturnValue:
    store.ensure_connection()
    body, secret = request.get_data(), settings().provision_secret if settings().provision_url else ""
    try:
        answer, text = parse_answer(secret, dict(request.headers), body), body.decode()
    except (BadEvent, UnicodeDecodeError):
        note(SecurityEvent.BAD_WEBHOOK)  # bad signature, too old or unreadable
        abort(400)
    if not answers.receive(answer, text):
        return "unknown\n", 422, TEXT
    return "ok\n", TEXT
