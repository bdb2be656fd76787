"""1日のまとめ: what came, what is open, due and late, what staff did, and whether the bank's balances agree. Made to be printed."""

from datetime import date, timedelta

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.actions.staff import bank_days, day
from portal.enums import DayPart
from portal.forms.reading import calendar_date, whole_number
from portal.rules.staff.journal_files import FORMATS

blueprint = Blueprint("day", __name__, url_prefix="/day")
FIRST_YEAR, LAST_YEAR = 2000, 2199
GROUPS = {
    "来たもの": (DayPart.DEPOSITS, DayPart.CARDS, DayPart.WALLETS, DayPart.RETURNED),
    "申し込み": (DayPart.PLACED, DayPart.PAID),
    "いま開いているもの（この日までの分）": (DayPart.AWAITED, DayPart.DUE, DayPart.LATE, DayPart.RESTS),
    "銀行の明細": (DayPart.TYPED, DayPart.IGNORED, DayPart.CORRECTIONS),
    "担当者": (DayPart.DONE,),
}


@blueprint.get("")
def today() -> ResponseReturnValue:
    """`on`: the day that was typed."""
    chosen = calendar_date(request.args.get("on")) or clock.today()
    return redirect(url_for("staff.day.show", day_text=chosen.isoformat()), code=303)


@blueprint.get("/<day_text>")
def show(day_text: str) -> ResponseReturnValue:
    chosen = day_or_404(day_text)
    around = {"before": chosen - timedelta(days=1), "after": chosen + timedelta(days=1)}
    parts = {"groups": GROUPS, "figures": day.figures(chosen), "accounts": bank_days.bank_days(chosen), "formats": FORMATS.values()}
    return render_template("staff/day/show.html", day=chosen, today=clock.today(), **around, **parts)


@blueprint.get("/<day_text>/<part>")
def rows(day_text: str, part: str) -> ResponseReturnValue:
    chosen, page = day_or_404(day_text), whole_number(request.args.get("page")) or 1
    found = next((known for known in DayPart if known == part), None) or abort(404)
    listed = day.done(chosen, page) if found is DayPart.DONE else day.rows(found, chosen, page)
    return render_template("staff/day/rows.html", day=chosen, part=found, found=listed)


def day_or_404(text: str) -> date:
    """2026-11-29 alone: one address for each day."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        abort(404)
    return found if text == found.isoformat() and FIRST_YEAR <= found.year <= LAST_YEAR else abort(404)
