"""One line of a file of the bank: what has become of it, and what staff decide about it."""

from collections.abc import Callable

from flask import Blueprint, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from models import Account, BankLine, Deposit
from portal.actions.staff import bank_lists, details
from portal.actions.staff.bank_lists import LineRow
from portal.actions.transfers import line_decisions
from portal.forms.staff.allocation import ReasonForm
from portal.routes.staff.bank_files import file_or_404
from portal.routes.staff.deposits import deposit_or_404
from portal.screens.staff.action_pages import ActionPages, Words
from portal.web.current import catalog, current_staff, settings
from portal.web.view_marks import keeps_input

blueprint = Blueprint("lines", __name__)
IGNORE = Words(
    "対象外にする",
    "この行はお客様の入金ではないとして、入金一覧から除きます。あとから入金に戻せます。",
    "対象外にする",
    "対象外にしました。",
)
RESTORE = Words(
    "対象外をやめる", "この行を、もう一度扱います。入金なら、未充当の入金になります。", "対象外をやめる", "対象外をやめました。"
)
TAKE_BACK = Words(
    "銀行が取り消した入金を戻す",
    "この入金は銀行に取り消されました。充当を取り消し、全額を返金したものとして記録します。",
    "入金を取り消す",
    "入金を取り消しました。",
)


@blueprint.get("/bank/<number>/lines/<int:record>")
def show(number: str, record: int) -> ResponseReturnValue:
    file = file_or_404(number)
    row = bank_lists.line_of(file, record) or abort(404)
    about = {"proposals": bank_lists.taken_back_by(row.line) if row.line.is_open_correction else []}
    about["may_be_ignored"] = row.line.is_open_correction or (row.deposit is not None and not line_decisions.is_used(row.deposit))
    return render_template("staff/bank/line.html", file=file, row=row, line=row.line, **about)


@blueprint.get("/bank/<number>/lines/<int:record>/ignoring")
def ignoring(number: str, record: int) -> ResponseReturnValue:
    return _ignoring(number, record).ask()


@blueprint.post("/bank/<number>/lines/<int:record>/ignoring")
@keeps_input("staff.lines.ignoring")
def look_at_ignoring(number: str, record: int) -> ResponseReturnValue:
    return _ignoring(number, record).look()


@blueprint.post("/bank/<number>/lines/<int:record>/ignoring/ok")
@keeps_input("staff.lines.ignoring")
def ignore(number: str, record: int) -> ResponseReturnValue:
    return _ignoring(number, record).press_ok()


@blueprint.get("/bank/<number>/lines/<int:record>/restoring")
def restoring(number: str, record: int) -> ResponseReturnValue:
    return _restoring(number, record).ask()


@blueprint.post("/bank/<number>/lines/<int:record>/restoring")
@keeps_input("staff.lines.restoring")
def look_at_restoring(number: str, record: int) -> ResponseReturnValue:
    return _restoring(number, record).look()


@blueprint.post("/bank/<number>/lines/<int:record>/restoring/ok")
@keeps_input("staff.lines.restoring")
def restore(number: str, record: int) -> ResponseReturnValue:
    return _restoring(number, record).press_ok()


@blueprint.get("/bank/<number>/lines/<int:record>/deposits/<deposit_number>")
def taking_back(number: str, record: int, deposit_number: str) -> ResponseReturnValue:
    return _taking_back(number, record, deposit_number).ask()


@blueprint.post("/bank/<number>/lines/<int:record>/deposits/<deposit_number>")
@keeps_input("staff.lines.taking_back")
def look_at_taking_back(number: str, record: int, deposit_number: str) -> ResponseReturnValue:
    return _taking_back(number, record, deposit_number).look()


@blueprint.post("/bank/<number>/lines/<int:record>/deposits/<deposit_number>/ok")
@keeps_input("staff.lines.taking_back")
def take_back(number: str, record: int, deposit_number: str) -> ResponseReturnValue:
    return _taking_back(number, record, deposit_number).press_ok()


def _ignoring(number: str, record: int) -> ActionPages:
    row = _row(number, record)
    ignore = lambda typed: line_decisions.ignore(row.line, current_staff(), typed.why)  # noqa: E731
    return _pages(IGNORE, row, ignore, lambda: _now(row).ignored_reason is not None)


def _restoring(number: str, record: int) -> ActionPages:
    row = _row(number, record)
    restore = lambda typed: line_decisions.restore(row.line, current_staff(), typed.why)  # noqa: E731
    return _pages(RESTORE, row, restore, lambda: _now(row).ignored_reason is None)


def _taking_back(number: str, record: int, deposit_number: str) -> ActionPages:
    row, deposit = _row(number, record), deposit_or_404(deposit_number)
    owners = details.customers_of(deposit)
    ours = {"installation_id": settings().installation_id, "catalog": catalog()}
    take = lambda typed: line_decisions.take_back(row.line, deposit, current_staff(), typed.why, **ours)  # noqa: E731
    is_done = lambda: _now(row).deposit_id == deposit.id  # noqa: E731
    return _pages(TAKE_BACK, row, take, is_done, customer=owners[0] if owners else None, deposit=deposit)


def _pages(
    words: Words,
    row: LineRow,
    perform: Callable[[ReasonForm], object],
    is_done: Callable[[], bool],
    *,
    customer: Account | None = None,
    deposit: Deposit | None = None,
) -> ActionPages:
    line = row.line
    subject = f"{line.record}件目の行 {line.yen:,}円 {line.payer}"
    back = url_for("staff.lines.show", number=line.file.number, record=line.record)
    return ActionPages(words, customer, subject, back, ReasonForm(), perform, is_done, deposit=deposit)


def _row(number: str, record: int) -> LineRow:
    file = file_or_404(number)
    row = bank_lists.line_of(file, record) or abort(404)
    row.line.file = file
    return row


def _now(row: LineRow) -> BankLine:
    """What it has become since it was shown."""
    return BankLine.get_by_id(row.line.id)
