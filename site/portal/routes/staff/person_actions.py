"""What staff do for a customer: mail a link for a new password, end every sign-in, correct the mail address or the name.

Each with a reason and a second look.
"""

from functools import partial

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue

from models import Account
from portal.actions.accounts import addresses, names, password_reset, sessions
from portal.actions.history import by_staff
from portal.actions.refusals import NotPossible
from portal.forms.people import CorrectedAddressForm, CorrectedNameForm
from portal.forms.staff.allocation import ReasonForm
from portal.screens import links
from portal.screens.staff.action_pages import ActionPages, Words
from portal.web.current import current_staff
from portal.web.view_marks import keeps_input

blueprint = Blueprint("person", __name__)
LINK = Words(
    "パスワードのリンクを送る",
    f"お客様が新しいパスワードを決めるためのリンクを、ご登録のメールアドレスに送ります。リンクは、送信してから{links.MINUTES}分のあいだ、1回だけ使えます。"
    "前に送ったリンクは使えなくなります。いまのパスワードは、お客様が決め直すまで使えます。",
    "リンクを送る",
    "パスワードのリンクを送ります。",
)
END = Words(
    "ログイン中の端末をログアウトさせる",
    "お客様がログインしている端末を、すべてログアウトさせます。パスワードはそのままなので、もう一度ログインできます。",
    "ログアウトさせる",
    "お客様の端末を、すべてログアウトさせました。",
)
ADDRESS = Words(
    "メールアドレスを変更する",
    "ご登録のメールアドレスを、すぐに変更します。前のアドレスと新しいアドレスの両方に、お知らせを送ります。"
    "まだ送っていないメールは、新しいアドレスへ送ります。前のアドレスに送ったパスワードのリンクは使えなくなります。",
    "メールアドレスを変更する",
    "メールアドレスを変更しました。",
)
NAME = Words(
    "お名前を変更する",
    "ご登録のお名前を変更します。すでに記録した申し込みやメールのお名前は変わりません。お振り込みは、前のお名前でも照合します。",
    "お名前を変更する",
    "お名前を変更しました。",
)
NOBODY = "このお客様がログインしている端末はありません。"


@blueprint.get("/accounts/<login>/<any('password-link', 'sessions-end', address, name):change>")
def form(login: str, change: str) -> ResponseReturnValue:
    return _pages(login, change).ask()


@blueprint.post("/accounts/<login>/<any('password-link', 'sessions-end', address, name):change>")
@keeps_input("staff.person.form")
def look(login: str, change: str) -> ResponseReturnValue:
    return _pages(login, change).look()


@blueprint.post("/accounts/<login>/<any('password-link', 'sessions-end', address, name):change>/ok")
@keeps_input("staff.person.form")
def press_ok(login: str, change: str) -> ResponseReturnValue:
    return _pages(login, change).press_ok()


def _pages(login: str, change: str) -> ActionPages:
    account = Account.by_login(login) or abort(404)
    pages = {"password-link": _link, "sessions-end": _sessions, "address": _address, "name": _name}
    return pages[change](account, by_staff(current_staff()), url_for("staff.contracts.show", login=account.login))


def _link(account: Account, actor: str, back: str) -> ActionPages:
    form = ReasonForm()
    send = lambda typed: password_reset.send_link(account, actor, typed.why)  # noqa: E731
    return ActionPages(LINK, account, account.email, back, form, send, lambda: password_reset.was_just_sent(account, actor, form.why))


def _sessions(account: Account, actor: str, back: str) -> ActionPages:
    is_out = lambda: not sessions.open_sessions(account)  # noqa: E731
    return ActionPages(END, account, "", back, ReasonForm(), lambda typed: _end(account, actor, typed.why), is_out)


def _address(account: Account, actor: str, back: str) -> ActionPages:
    form, now = CorrectedAddressForm(), partial(Account.get_by_id, account.id)
    form.known = (account.email,)
    correct = lambda typed: addresses.correct(account, typed.typed_value, actor, typed.why)  # noqa: E731
    return ActionPages(ADDRESS, account, _to(account.email, form), back, form, correct, lambda: now().email == form.typed_value)


def _name(account: Account, actor: str, back: str) -> ActionPages:
    form, now = CorrectedNameForm(), partial(Account.get_by_id, account.id)
    correct = lambda typed: names.correct(account, typed.typed_value, actor, typed.why)  # noqa: E731
    return ActionPages(NAME, account, _to(account.name, form), back, form, correct, lambda: now().name == form.typed_value)


def _to(before: str, form: CorrectedAddressForm | CorrectedNameForm) -> str:
    return f"{before} → {form.typed_value}" if form.typed_value else before


def _end(account: Account, actor: str, reason: str) -> None:
    if not sessions.end_all(account, actor, reason):
        raise NotPossible(NOBODY)
