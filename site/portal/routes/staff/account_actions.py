"""What staff change about a customer: close or open the account, stop the automatic renewal. Each with a reason and a second look."""

from functools import partial

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue

from models import Account
from portal.actions.history import by_staff
from portal.actions.renewals import closing, method_reset
from portal.actions.transfers.deposits import NotPossible
from portal.forms.staff.allocation import ReasonForm
from portal.screens.staff.action_pages import ActionPages, Words
from portal.web.current import catalog, companies, current_staff
from portal.web.view_marks import keeps_input

blueprint = Blueprint("customer", __name__)
CLOSE = Words(
    "アカウントを閉じる",
    "ログインできなくなり、ログイン中の画面も終わります。自動更新のお支払いは行いません（失敗にもなりません）。"
    "お振り込みをお待ちしている申し込みは、そのままお支払いいただけます。契約は、お支払い済みの期間で終わります。",
    "アカウントを閉じる",
    "アカウントを閉じました。",
)
OPEN = Words(
    "アカウントを再び開く",
    "ログインと自動更新のお支払いが、再びできるようになります。お支払いは、4日以上あとの、残っているお支払い日に行います。",
    "アカウントを再び開く",
    "アカウントを再び開きました。",
)
STOP = Words(
    "自動更新を止める",
    "すべての契約の自動更新を止め、登録されたカード・おさいぽ!を削除します。契約は、お支払い済みの期間で終わります。",
    "自動更新を止める",
    "自動更新を止めました。",
)
KINDS = {"closing": CLOSE, "opening": OPEN, "renewal-stop": STOP}


@blueprint.get("/accounts/<login>/<any(closing, opening, 'renewal-stop'):act>")
def form(login: str, act: str) -> ResponseReturnValue:
    return _pages(login, act).ask()


@blueprint.post("/accounts/<login>/<any(closing, opening, 'renewal-stop'):act>")
@keeps_input("staff.customer.form")
def look(login: str, act: str) -> ResponseReturnValue:
    return _pages(login, act).look()


@blueprint.post("/accounts/<login>/<any(closing, opening, 'renewal-stop'):act>/ok")
@keeps_input("staff.customer.form")
def press_ok(login: str, act: str) -> ResponseReturnValue:
    return _pages(login, act).press_ok()


def _pages(login: str, act: str) -> ActionPages:
    account = Account.by_login(login) or abort(404)
    about = (KINDS[act], account, "", url_for("staff.contracts.show", login=account.login), ReasonForm())
    now, actor = partial(Account.get_by_id, account.id), by_staff(current_staff())
    match act:
        case "closing":
            return ActionPages(*about, lambda typed: closing.close(account, actor, typed.why, catalog()), lambda: now().is_closed)
        case "opening":
            is_open = lambda: not now().is_closed  # noqa: E731
            return ActionPages(*about, lambda typed: closing.reopen(account, actor, typed.why, catalog()), is_open)
        case _:
            is_off = lambda: now().renewal_setting is None  # noqa: E731
            finish = partial(method_reset.reset, account, companies(), catalog())
            return ActionPages(*about, lambda typed: _stop(account, typed.why), is_off, finish)


def _stop(account: Account, reason: str) -> None:
    if not method_reset.stop(account, catalog(), current_staff(), reason)[0]:
        raise NotPossible("このお客様には、自動更新の設定がありません。")
