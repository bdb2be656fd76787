"""再発行 of a paper whose 宛名 is wrong, with a reason and a second look."""

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue

from models import Account, Invoice
from portal.actions.history import by_staff
from portal.actions.payments import reissued_papers
from portal.actions.staff import papers
from portal.forms.staff.allocation import ReasonForm
from portal.screens.papers import printed
from portal.screens.staff.action_pages import ActionPages, Words
from portal.web.current import current_staff
from portal.web.view_marks import keeps_input

blueprint = Blueprint("reissue", __name__, url_prefix="/papers/<int(max=2147483647):number>/reissue")
REISSUE = Words(
    "取り消して再発行する",
    "宛名に誤りがあったときに、この書類を取り消し（番号は残ります）、同じ内容を新しい番号で発行します。"
    "新しい書類の宛名は、お客様がはじめて開くときに書きます。",
    "取り消して再発行する",
    "書類を取り消し、新しい番号で発行しました。",
)


@blueprint.get("")
def form(number: int) -> ResponseReturnValue:
    return _pages(number).ask()


@blueprint.post("")
@keeps_input("staff.reissue.form")
def look(number: int) -> ResponseReturnValue:
    return _pages(number).look()


@blueprint.post("/ok")
@keeps_input("staff.reissue.form")
def press_ok(number: int) -> ResponseReturnValue:
    return _pages(number).press_ok()


def _pages(number: int) -> ActionPages:
    stored = papers.paper(number) or abort(404)
    shown = printed(stored, "")
    account, subject = Account.get_by_id(stored.account_id), f"{shown.heading}　宛名：{shown.addressee}"
    actor, back = by_staff(current_staff()), url_for("staff.papers.show", number=number)
    again = lambda typed: reissued_papers.reissue(Invoice.get_by_id(stored.id), actor, typed.why)  # noqa: E731
    return ActionPages(REISSUE, account, subject, back, ReasonForm(), again, lambda: reissued_papers.was_reissued(stored))
