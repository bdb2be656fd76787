"""CSV の列: staff say once what the columns of a bank's CSV are; the saved ones are listed and can be removed."""

from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import BankFile
from portal import clock
from portal.actions.transfers import bank_files, csv_mappings
from portal.actions.transfers.deposits import NotPossible
from portal.forms.reading import whole_number
from portal.forms.staff.csv_mapping import CsvMappingForm
from portal.routes.staff.bank_files import file_or_404
from portal.rules.transfers.bank_files import csv_mapping
from portal.rules.transfers.bank_files.csv_file import read
from portal.rules.transfers.bank_files.statement import StatementFile, Unreadable, account_key
from portal.web.current import catalog, current_staff
from portal.web.view_marks import loses_input, shows_form, types_nothing

blueprint = Blueprint("columns", __name__)
FORM, LIST = "staff/bank/columns.html", "staff/bank/mappings.html"
SAVED = "「{}」の読み方を覚えました。次からは、この見出しのファイルをそのまま取り込めます。"
REMOVED = "読み方を取り除きました。取り込んだ入金は変わりません。"


@dataclass(frozen=True)
class Lines:
    """The file's first lines in one of its possible encodings, and which of them is the header."""

    table: list[list[str]]
    header_line: int
    encoding: int
    encodings: int

    @property
    def header(self) -> list[str]:
        return self.table[self.header_line]

    @property
    def around_header(self) -> list[tuple[int, list[str]]]:
        """A line above it and two below, with their places. As wide as the widest: a table's rows have the same columns."""
        shown = list(enumerate(self.table))[max(0, self.header_line - 1) : self.header_line + 3]
        widest = max(len(line) for _, line in shown)
        return [(place, [*line, *[""] * (widest - len(line))]) for place, line in shown]


@blueprint.get("/bank/<number>/columns")
@shows_form
def form(number: str) -> ResponseReturnValue:
    header = whole_number(request.args.get("header"))
    file, found = _file(number), _lines(number, request.args.get("encoding"), header and header - 1)
    about = {"header_line": str(found.header_line), "encoding": str(found.encoding)}
    return _page(file, found, CsvMappingForm(found.header, data=csv_mapping.likely_columns(found.header) | about))


@blueprint.post("/bank/<number>/columns")
@loses_input
def save(number: str) -> ResponseReturnValue:
    """「試しに読む」 shows what the file says when read so; 「覚える」 keeps it."""
    file, found = _file(number), _lines(number, request.form.get("encoding"), whole_number(request.form.get("header_line")))
    typed = CsvMappingForm(found.header)
    if not typed.validate():
        return _page(file, found, typed, 422)
    try:
        trial = _trial(file, typed)
        if request.form.get("do") != "save":
            return _page(file, found, typed, trial=trial)
        csv_mappings.save(typed.mapping, current_staff())
    except Unreadable as problem:
        typed.refuse(str(problem))
        return _page(file, found, typed, 422)
    except NotPossible as problem:
        typed.bank.errors = [str(problem)]
        return _page(file, found, typed, 422)
    bank_files.name_format(file, trial.format)
    flash(SAVED.format(typed.mapping.bank))
    return redirect(url_for("staff.bank.show", number=number), code=303)


@blueprint.get("/bank/mappings")
def index() -> ResponseReturnValue:
    return render_template(LIST, mappings=csv_mappings.all_mappings())


@blueprint.post("/bank/mappings/<int:which>/removal")
@types_nothing
def remove(which: int) -> ResponseReturnValue:
    csv_mappings.remove(which, current_staff())
    flash(REMOVED)
    return redirect(url_for("staff.columns.index"), code=303)


def _file(number: str) -> BankFile:
    """Imported meanwhile, as by the other of two tabs: the page of the file says so."""
    file = file_or_404(number)
    return abort(redirect(url_for("staff.bank.show", number=number), code=303)) if file.is_imported else file


def _lines(number: str, encoding: str | None, line: int | None) -> Lines:
    """`line`: the header's place, from 0; without one the likeliest."""
    tables = csv_mapping.tables(bank_files.content_of(_file(number)))
    place = min(whole_number(encoding) or 0, len(tables) - 1)
    table = tables[place]
    if line is None or not 0 <= line < len(table):
        line = csv_mapping.likely_header(table)
    return Lines(table, line, place, len(tables))


def _trial(file: BankFile, typed: CsvMappingForm) -> StatementFile:
    """The whole file, read so. Raises Unreadable."""
    accounts = [account_key(account) for account in catalog().bank_accounts]
    whose = file.account or (accounts[0] if len(accounts) == 1 else None)
    return read(bank_files.content_of(file), whose, accounts, clock.day_of(file.read_at), (typed.mapping.profile,))


def _page(
    file: BankFile, found: Lines, typed: CsvMappingForm, status: int = 200, trial: StatementFile | None = None
) -> ResponseReturnValue:
    return render_template(FORM, file=file, found=found, form=typed, mistakes=typed.mistakes, trial=trial), status
