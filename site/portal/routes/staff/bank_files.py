"""銀行のファイル: read, shown (what is new, what is known), and imported whole."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import BankFile
from portal.actions.staff import bank_lists
from portal.actions.staff.searching import SearchQuery
from portal.actions.transfers import bank_files
from portal.actions.transfers.bank_files import ImportPlan, NotAsShown
from portal.actions.transfers.deposits import NotPossible
from portal.enums import LineState
from portal.forms.reading import whole_number
from portal.forms.staff.bank_file import BankFileForm
from portal.rules.transfers.bank_files.csv_file import WHOSE, UnknownCsv
from portal.rules.transfers.bank_files.reading import content_of
from portal.rules.transfers.bank_files.statement import Unreadable
from portal.screens.second_look import SecondLook
from portal.screens.staff.deposit_pages import CHANGED
from portal.screens.staff.list_page import search
from portal.web.current import catalog, current_staff
from portal.web.view_marks import loses_input, shows_form, takes_file, types_nothing

blueprint = Blueprint("bank", __name__)
LIST, FORM, LOOK, TEXT, SHOW = (f"staff/bank/{name}.html" for name in ("list", "new", "look", "_plan", "show"))
DONE = "{}件を取り込みました（入金 {}件、手入力済み {}件、取消・組戻し {}件、対象外 {}件）。"
BY_ANOTHER = "このファイルは、{}が先に取り込んでいます。今回は何も変更されていません。"


@blueprint.get("/bank")
def index() -> ResponseReturnValue:
    found = bank_lists.files(SearchQuery(page=search().page_number))
    return render_template(LIST, found=found, corrections=bank_lists.open_corrections())


@blueprint.get("/bank/new")
@shows_form
def new() -> ResponseReturnValue:
    return _form_page(BankFileForm(catalog().bank_accounts))


@blueprint.post("/bank/new")
@takes_file
@loses_input
def read() -> ResponseReturnValue:
    form = BankFileForm(catalog().bank_accounts)
    if not form.validate():
        return _form_page(form, 422)
    try:
        content = content_of(form.file.data.stream)
        file = bank_files.keep(content, form.name, current_staff(), catalog().bank_accounts, form.chosen)
    except UnknownCsv:
        return _ask_for_columns(form, content)
    except Unreadable as problem:
        form.refuse(str(problem))
        return _form_page(form, 422)
    return _to(file)


def _ask_for_columns(form: BankFileForm, content: bytes) -> ResponseReturnValue:
    """Staff say what its columns are. Whose account it is, is said before: such a file does not say it."""
    if form.needs_account:
        form.account.errors = [WHOSE]
        return _form_page(form, 422)
    file = bank_files.keep_unknown(content, form.name, current_staff(), form.chosen)
    return redirect(url_for("staff.columns.form", number=file.number), code=303)


@blueprint.get("/bank/<number>")
def show(number: str) -> ResponseReturnValue:
    file = file_or_404(number)
    if not file.is_imported:
        return _look(file)
    state = next((state for state in LineState if state == request.args.get("state")), None)
    found = bank_lists.lines_of(file, state, whole_number(request.args.get("page")) or 1)
    kept = {"number": number} | ({"state": state} if state else {})
    return render_template(SHOW, file=file, found=found, counts_of=bank_lists.states_of(file), chosen=state, kept=kept)


@blueprint.post("/bank/<number>/import")
@types_nothing
def bring(number: str) -> ResponseReturnValue:
    file = file_or_404(number)
    forced = [record for text in request.form.getlist("another") if (record := whole_number(text))]
    try:
        shown = {"is_as_shown": lambda plan: _text(file, plan).was_shown}
        bank_files.import_file(file, current_staff(), catalog().bank_accounts, forced, **shown)
    except NotAsShown as changed:
        return _look_page(file, changed.plan, CHANGED)
    except Unreadable as problem:
        return _refused(problem)
    except NotPossible:
        pass  # pressed twice: the same answer
    imported = file_or_404(number)
    is_mine = imported.staff == current_staff()
    flash(DONE.format(*bank_lists.imported(imported)) if is_mine else BY_ANOTHER.format(imported.staff.name))
    return _to(imported)


def file_or_404(number: str) -> BankFile:
    return bank_lists.file_by_number(number) or abort(404)


def _form_page(form: BankFileForm, status: int = 200) -> ResponseReturnValue:
    return render_template(FORM, form=form), status


def _look(file: BankFile) -> ResponseReturnValue:
    try:
        plan = bank_files.plan_of(file, catalog().bank_accounts)
    except UnknownCsv:
        return redirect(url_for("staff.columns.form", number=file.number), code=303)
    except Unreadable as problem:
        return _refused(problem)
    return _look_page(file, plan)


def _look_page(file: BankFile, plan: ImportPlan, notice: str | None = None) -> ResponseReturnValue:
    return _text(file, plan).page(LOOK, notice=notice, file=file, plan=plan, gone_at=bank_files.gone_at(file))


def _text(file: BankFile, plan: ImportPlan) -> SecondLook:
    return SecondLook(render_template(TEXT, file=file, plan=plan))


def _refused(problem: Unreadable) -> ResponseReturnValue:
    """The settings changed since the file was kept: its account is not the company's any more."""
    flash(f"{problem} 何も取り込まれていません。")
    return redirect(url_for("staff.bank.new"), code=303)


def _to(file: BankFile) -> ResponseReturnValue:
    return redirect(url_for("staff.bank.show", number=file.number), code=303)
