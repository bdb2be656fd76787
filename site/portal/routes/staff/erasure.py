"""個人データの消去 of a customer who has left: what goes, what stays and why, and OK once the law's time is over."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Account
from portal.actions.history import by_staff
from portal.actions.privacy import erasure
from portal.actions.privacy.erasure import Standing
from portal.actions.refusals import NotPossible
from portal.forms.staff.allocation import CodeForm
from portal.screens.second_look import SecondLook
from portal.screens.staff import second_factor
from portal.screens.staff.deposit_pages import CHANGED
from portal.web.current import catalog, current_staff
from portal.web.view_marks import types_nothing

blueprint = Blueprint("erasure", __name__, url_prefix="/accounts/<login>/erasure")
DONE = "個人データを消去しました。"


@blueprint.get("")
def look(login: str) -> ResponseReturnValue:
    account = Account.by_login(login) or abort(404)
    return _page(account, CodeForm())


@blueprint.post("")
@types_nothing
def press_ok(login: str) -> ResponseReturnValue:
    account, form = Account.by_login(login) or _erased_before(), CodeForm()
    if account.erased_at:
        return _done()
    found = _standing(account)
    if not _look(account, found).was_shown:
        return _changed(account, form)
    if not second_factor.is_confirmed(form):
        return _page(account, form, status=422)
    try:
        is_erased = erasure.erase(account, catalog().retention, by_staff(current_staff()))
    except NotPossible:
        return _changed(account, form)
    if is_erased:
        return _done()
    flash(erasure.HAS_METHOD)
    return redirect(url_for("staff.erasure.look", login=account.login), code=303)


def _changed(account: Account, form: CodeForm) -> ResponseReturnValue:
    """Another press may have been the first."""
    now = Account.get_by_id(account.id)
    return _done() if now.erased_at else _page(now, form, CHANGED, 409)


def _erased_before() -> Account:
    """Who was erased has another login: the button was pressed twice."""
    number = request.form.get("account", "")
    found = Account.get_or_none(Account.id == int(number)) if number.isascii() and number.isdigit() and len(number) < 10 else None
    return found if found and found.erased_at else abort(404)


def _standing(account: Account) -> Standing:
    return erasure.standing(account, catalog().retention)


def _look(account: Account, found: Standing) -> SecondLook:
    return SecondLook(render_template("staff/accounts/_erasure.html", customer=account, found=found))


def _page(account: Account, form: CodeForm, notice: str | None = None, status: int = 200) -> ResponseReturnValue:
    found = _standing(account)
    context = {"customer": account, "found": found, "form": form, "mistakes": form.mistakes, "is_stale": second_factor.is_stale()}
    return _look(account, found).page("staff/accounts/erasure.html", notice=notice, status=status, **context)


def _done() -> ResponseReturnValue:
    flash(DONE)
    return redirect(url_for("staff.contracts.index"), code=303)
