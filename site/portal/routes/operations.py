"""Health checks for operators: is the process alive, and is it ready for requests."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from peewee import PeeweeException

from models import Installation
from portal.store import migrations
from portal.web.current import settings
from portal.web.view_marks import public

blueprint = Blueprint("operations", __name__)


@blueprint.get("/healthz")
@public
def health() -> ResponseReturnValue:
    return "ok\n", {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}


@blueprint.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    """Ready if the database answers, has this version's schema, and belongs to this installation."""
    try:
        is_ready = migrations.is_current() and Installation.get_by_id(1).installation_id == settings().installation_id
    except (PeeweeException, Installation.DoesNotExist):
        is_ready = False
    return ("ok\n" if is_ready else "not ready\n"), (200 if is_ready else 503), {"Content-Type": "text/plain; charset=utf-8"}
