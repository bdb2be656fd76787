"""領収書: every paper by the three keys of the law, one paper, CSV, and the totals of months."""

from tempfile import SpooledTemporaryFile

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from portal import clock
from portal.actions.staff import papers
from portal.actions.staff.paper_search import PaperQuery
from portal.forms.staff.papers import PaperSearchForm
from portal.rules.documents.papers import sha256
from portal.screens.papers import printed
from portal.screens.staff.csv_file import KEPT_IN_MEMORY, csv_file
from portal.screens.staff.list_page import count_search

blueprint = Blueprint("papers", __name__, url_prefix="/papers")


@blueprint.get("")
def index() -> ResponseReturnValue:
    form = PaperSearchForm(formdata=request.args)
    is_right = form.validate()
    found = papers.papers(_sought(form) if is_right else PaperQuery())
    return render_template("staff/papers/list.html", form=form, found=found), 200 if is_right else 422


@blueprint.get("/<int(max=2147483647):number>")
def show(number: int) -> ResponseReturnValue:
    stored = papers.paper(number) or abort(404)
    is_unchanged = sha256(stored.content) == stored.sha256
    return render_template("staff/papers/show.html", stored=stored, paper=printed(stored, ""), is_unchanged=is_unchanged)


@blueprint.get("/found.csv")
def found() -> ResponseReturnValue:
    form = PaperSearchForm(formdata=request.args)
    if not form.validate():
        abort(404)
    file = SpooledTemporaryFile(KEPT_IN_MEMORY)  # noqa: SIM115
    papers.write_csv(_sought(form), file)
    return csv_file(file, f"papers-{clock.today()}.csv")


@blueprint.get("/months")
def months() -> ResponseReturnValue:
    years = papers.years()
    year = request.args.get("year", default=years[0] if years else clock.today().year, type=int)
    return render_template("staff/papers/months.html", totals=papers.months(year) if year in years else [], years=years, chosen=year)


def _sought(form: PaperSearchForm) -> PaperQuery:
    if form.kept:
        count_search()
    return PaperQuery(form.first_day, form.last_day, form.least_yen, form.most_yen, form.partner, form.page_number)
