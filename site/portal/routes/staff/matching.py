"""まとめて充当: every sure match in one press, with a second look that lists them."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import MatchingRun
from portal.actions.staff.lists import ROWS, Listed
from portal.actions.transfers import matching_runs
from portal.actions.transfers.matching_runs import Pair
from portal.forms.reading import whole_number
from portal.forms.staff.allocation import CodeForm
from portal.screens.staff import second_factor
from portal.screens.staff.deposit_pages import CHANGED
from portal.web.current import catalog, current_staff
from portal.web.filters import yen
from portal.web.view_marks import types_nothing

blueprint = Blueprint("matching", __name__)
LOOK = "staff/matching/look.html"
DONE = "{}件、{}を充当しました。"
LEFT = "{}件は、表示したあとで状態が変わったため、充当していません。"


@blueprint.get("/matching")
def look() -> ResponseReturnValue:
    return _look(matching_runs.sure_pairs(), CodeForm())


@blueprint.post("/matching")
@types_nothing
def confirm() -> ResponseReturnValue:
    form, run = CodeForm(), matching_runs.run_of(request.form.get("shown", ""))
    if run is None:
        pairs = matching_runs.sure_pairs()
        if not second_factor.is_confirmed(form):
            return _look(pairs, form, 422)
        if not pairs or request.form.get("shown") != matching_runs.fingerprint(pairs):
            return _look(pairs, form, 409, CHANGED)
        run = matching_runs.begin(pairs, current_staff())
    return _carry_out(run)


def _carry_out(run: MatchingRun) -> ResponseReturnValue:
    done = matching_runs.carry_out(run, current_staff(), catalog=catalog())
    flash(DONE.format(done.count, yen(done.yen)) + (LEFT.format(done.left) if done.left else ""))
    return redirect(url_for("staff.matching.look"), code=303)


def _look(pairs: list[Pair], form: CodeForm, status: int = 200, notice: str | None = None) -> ResponseReturnValue:
    """One page of the list; what is agreed to is all of it."""
    page = min(max(whole_number(request.args.get("page")) or 1, 1), len(pairs) // ROWS + 1)
    start = (page - 1) * ROWS
    rows = matching_runs.shown(pairs[start : start + ROWS])
    about = {"found": Listed(rows, page, len(pairs) > start + ROWS), "is_stale": second_factor.is_stale()}
    about |= {"count": len(pairs), "total_yen": sum(pair.yen for pair in pairs), "sha256": matching_runs.fingerprint(pairs)}
    return render_template(LOOK, form=form, mistakes=form.mistakes, notice=notice, **about), status
