"""振込での返金: what is planned, one 総合振込 file of it for the bank, and what the bank has paid."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import PayoutFile
from portal import clock
from portal.actions.staff import payouts as lists
from portal.actions.transfers import payout_files
from portal.forms.reading import whole_number
from portal.forms.staff.allocation import CodeForm
from portal.forms.staff.payout import FileDayForm, ToldForm
from portal.screens.staff import second_factor
from portal.screens.staff.action_pages import ActionPages, Words
from portal.web.current import catalog, current_staff, settings
from portal.web.filters import yen
from portal.web.view_marks import keeps_input, loses_input, shows_form

blueprint = Blueprint("payout_files", __name__)
MAKE = Words(
    "総合振込のファイルを作る",
    "返金の予定を1つのファイルにします。同じ返金が2つのファイルに入ることはありません。ファイルを銀行に渡すと、銀行が指定日に振り込みます。",
    "ファイルを作る",
    "ファイルを作りました。保存して、銀行に渡してください。",
)
PAID = Words(
    "返金済にする",
    "このファイルの返金を、銀行が振込指定日に振り込んだものとして記録します。お客様に返金のお知らせを送ります。",
    "返金済にする",
    "返金済にしました。",
)
NOTHING = "ファイルにする返金の予定がありません。"
GONE = "お客様の口座の情報が消去されたため、このファイルはもう作れません。"


@blueprint.get("/payouts")
def index() -> ResponseReturnValue:
    planned = lists.planned()
    found = lists.files(min(max(whole_number(request.args.get("page")) or 1, 1), 100_000))
    return render_template("staff/payouts/list.html", planned=planned, found=found, is_set_up=catalog().payouts is not None)


@blueprint.get("/payouts/file")
def file_form() -> ResponseReturnValue:
    return _making().ask(refusal="" if payout_files.planned() else NOTHING)


@blueprint.post("/payouts/file")
@keeps_input("staff.payout_files.file_form")
def file_look() -> ResponseReturnValue:
    return _making().look()


@blueprint.post("/payouts/file/ok")
@keeps_input("staff.payout_files.file_form")
def file_ok() -> ResponseReturnValue:
    return _making().press_ok()


@blueprint.get("/payouts/files/<payout_file>")
@shows_form
def show(payout_file: str) -> ResponseReturnValue:
    return _page(_file_or_404(payout_file), CodeForm())


@blueprint.post("/payouts/files/<payout_file>/saving")
@loses_input
def save(payout_file: str) -> ResponseReturnValue:
    """The file itself. Its bytes are the same each time."""
    file, typed = _file_or_404(payout_file), CodeForm()
    if not second_factor.is_confirmed(typed):
        return _page(file, typed, 422)
    content = payout_files.take_out(file, current_staff())
    if content is None:
        flash(GONE)
        return redirect(url_for("staff.payout_files.show", payout_file=payout_file), code=303)
    answer = Response(content, content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = f'attachment; filename="sofuri-{file.pays_on:%Y%m%d}-{file.number}.txt"'
    return answer


@blueprint.get("/payouts/files/<payout_file>/paid")
def paid_form(payout_file: str) -> ResponseReturnValue:
    return _paying(payout_file).ask()


@blueprint.post("/payouts/files/<payout_file>/paid")
@keeps_input("staff.payout_files.paid_form")
def paid_look(payout_file: str) -> ResponseReturnValue:
    return _paying(payout_file).look()


@blueprint.post("/payouts/files/<payout_file>/paid/ok")
@keeps_input("staff.payout_files.paid_form")
def paid_ok(payout_file: str) -> ResponseReturnValue:
    return _paying(payout_file).press_ok()


def _making() -> ActionPages:
    sender = catalog().payouts or abort(404)
    shown = payout_files.planned()
    what = [("件数", f"{len(shown)}件"), ("合計", yen(sum(payout.yen for payout in shown)))]
    what.append(("返金の番号", "、".join(payout.number for payout in shown)))
    typed = FileDayForm(clock.today(), catalog().closed_days, what)
    make = lambda form: payout_files.make(shown, form.chosen_day, payout_files.sender_of(sender), current_staff(), form.why)  # noqa: E731
    is_done = lambda: not payout_files.planned() and payout_files.was_made_by(current_staff())  # noqa: E731
    return ActionPages(MAKE, None, "", url_for("staff.payout_files.index"), typed, make, is_done)


def _paying(number: str) -> ActionPages:
    """What OK records is done after the look was compared, each refund by itself: a press that was interrupted is pressed again."""
    file = _file_or_404(number)
    left = payout_files.waiting(file)
    what = [("件数", f"{len(left)}件"), ("合計", yen(sum(payout.yen for payout in left))), ("返金日", f"{file.pays_on}")]
    back = url_for("staff.payout_files.show", payout_file=number)
    about = (
        PAID,
        None,
        f"ファイル {number}",
        back,
        ToldForm(what),
        lambda form: payout_files.begin_paying(file, current_staff(), form.why),
    )
    pay = lambda: payout_files.mark_paid(file, current_staff(), settings().installation_id)  # noqa: E731
    return ActionPages(*about, lambda: not payout_files.waiting(file), pay)


def _page(file: PayoutFile, typed: CodeForm, status: int = 200) -> ResponseReturnValue:
    rows = lists.in_file(file)
    about = {"rows": rows, "form": typed, "mistakes": typed.mistakes, "is_stale": second_factor.is_stale()}
    filed = [row.payout.is_filed for row in rows]
    about |= {"is_waiting": any(filed), "has_answers": not all(filed), "today": clock.today()}
    return render_template("staff/payouts/file.html", file=file, **about), status


def _file_or_404(number: str) -> PayoutFile:
    return lists.file_by_number(number) or abort(404)
