"""The form page and the second look before deposit money is moved by hand."""

from flask import flash, render_template
from flask.typing import ResponseReturnValue

from portal.actions.transfers.allocation_preview import AllocationPreview, UndoPreview
from portal.actions.transfers.deposits import NotPossible
from portal.forms.staff.allocation import ReasonForm
from portal.screens.second_look import SecondLook
from portal.screens.staff import second_factor

CHANGED = "表示したあとで状態が変わりました。まだ何も変更されていません。今の内容を確認してください。"

Preview = AllocationPreview | UndoPreview


def form_page(template: str, found: Preview, typed: ReasonForm, status: int = 200, notice: str | None = None) -> ResponseReturnValue:
    mistakes = [] if found.refusal else typed.mistakes
    return render_template(template, found=found, form=typed, mistakes=mistakes, notice=notice), status


def look_page(
    template: str, look: SecondLook, found: Preview, typed: ReasonForm, status: int = 200, notice: str | None = None
) -> ResponseReturnValue:
    """`status` is used only without a `notice`."""
    context = {"found": found, "form": typed, "mistakes": typed.mistakes, "is_stale": second_factor.is_stale()}
    return look.page(template, notice=notice, status=status, **context)


def say_why_not(problem: NotPossible) -> None:
    flash(f"{problem} 何も変更されていません。")
