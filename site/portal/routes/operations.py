"""For operators: is the process alive, is it ready for requests, and what has been counted and waits."""

from collections.abc import Iterator

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue
from peewee import PeeweeException

from models import Installation
from portal import clock
from portal.actions.operations.health import gauges
from portal.actions.operations.health import health as system_health
from portal.formats import short_moment
from portal.rules.operations.health import Health, troubles
from portal.store import database as store
from portal.store import migrations
from portal.web.current import metrics_text, settings
from portal.web.proxies import has_token, is_asked_on_this_machine
from portal.web.view_marks import public

blueprint = Blueprint("operations", __name__)
PLAIN = {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}
PROMETHEUS = PLAIN | {"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
MEGABYTE = 1024 * 1024


@blueprint.get("/healthz")
@public
def health() -> ResponseReturnValue:
    return "ok\n", PLAIN


@blueprint.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    """Ready if the database answers, has this version's schema, and belongs to this installation.

    A worker that is away or mails that wait are no reason to send customers elsewhere: they are lines, and only for this machine.
    """
    try:
        store.ensure_connection()
        is_ready = migrations.is_current() and Installation.get_by_id(1).installation_id == settings().installation_id
        lines = list(_lines(system_health())) if is_ready and is_asked_on_this_machine() else []
    except (PeeweeException, Installation.DoesNotExist):
        is_ready, lines = False, []
    return "\n".join(["ok" if is_ready else "not ready", *lines, ""]), (200 if is_ready else 503), PLAIN


@blueprint.get("/metrics")
@public
def metrics() -> ResponseReturnValue:
    """For this machine, or with METRICS_TOKEN. Numbers only: of the database counts and ages."""
    if not is_asked_on_this_machine() and not has_token(settings().metrics_token):
        abort(404)
    try:
        store.ensure_connection()
        found = gauges()
    except PeeweeException:
        found = {"portal_database_up": 0}
    return metrics_text(found), PROMETHEUS


def _lines(found: Health) -> Iterator[str]:
    state = "あり" if found.is_worker_expected else "なし"
    yield f"worker: {state}" + (f"（最後に動いたのは {short_moment(found.worker_at)}）" if found.worker_at else "")
    for name, since in (("unsent mail", found.mail_since), ("unasked payment", found.payment_since), ("unsent event", found.hosting_since)):
        yield f"oldest {name}: {short_moment(since) if since else '-'}"
    yield f"free disk: {'-' if found.free_bytes is None else found.free_bytes // MEGABYTE} MB"
    for trouble in troubles(found, clock.now(), clock.real_now()):
        yield f"trouble {trouble.kind.value}: {trouble.sentence}"
