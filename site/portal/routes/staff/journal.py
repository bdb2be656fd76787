"""仕訳 of a day (2026-11-29) or a month (2026-11), as files for accounting software."""

from calendar import monthrange
from datetime import date
from tempfile import SpooledTemporaryFile

from flask import Blueprint, Response, abort

from portal import clock
from portal.actions.staff import journal
from portal.rules.staff.journal_files import FORMATS, write
from portal.screens.staff.csv_file import KEPT_IN_MEMORY, csv_file
from portal.store import database as store
from portal.web.current import catalog

blueprint = Blueprint("journal", __name__, url_prefix="/journal")
TYPES = {"utf-8-sig": "text/csv; charset=utf-8", "cp932": "text/csv; charset=shift_jis"}


@blueprint.get("/<period>/<form>.csv")
def file(period: str, form: str) -> Response:
    first, last = days_of(period) or abort(404)
    found = FORMATS.get(form) or abort(404)
    content = SpooledTemporaryFile(KEPT_IN_MEMORY)  # noqa: SIM115
    with store.snapshot():
        write(journal.entries(first, last, clock.today()), found, catalog().accounting, content)
    return csv_file(content, f"journal-{period}-{form}.csv", TYPES[found.encoding])


def days_of(period: str) -> tuple[date, date] | None:
    """The first and the last day; None if it is neither a day nor a month, or has not begun."""
    is_month = len(period) == len("2026-11")
    try:
        first = date.fromisoformat(f"{period}-01" if is_month else period)
    except ValueError:
        return None
    if first > clock.today() or not first.isoformat().startswith(period):
        return None
    return first, first.replace(day=monthrange(first.year, first.month)[1]) if is_month else first
