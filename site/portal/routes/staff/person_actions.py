"""What staff do about a customer's sign-in: mail a link for a new password, end every sign-in. Each with a reason and a second look."""

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue

from models import Account
from portal.actions.accounts import password_reset, sessions
from portal.actions.history import by_staff
from portal.actions.refusals import NotPossible
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
NOBODY = "このお客様がログインしている端末はありません。"


@blueprint.get("/accounts/<login>/<any('password-link', 'sessions-end'):change>")
def form(login: str, change: str) -> ResponseReturnValue:
    return _pages(login, change).ask()


@blueprint.post("/accounts/<login>/<any('password-link', 'sessions-end'):change>")
@keeps_input("staff.person.form")
def look(login: str, change: str) -> ResponseReturnValue:
    return _pages(login, change).look()


@blueprint.post("/accounts/<login>/<any('password-link', 'sessions-end'):change>/ok")
@keeps_input("staff.person.form")
def press_ok(login: str, change: str) -> ResponseReturnValue:
    return _pages(login, change).press_ok()


def _pages(login: str, change: str) -> ActionPages:
    account = Account.by_login(login) or abort(404)
    typed, actor = ReasonForm(), by_staff(current_staff())
    about = {"customer": account, "back": url_for("staff.contracts.show", login=account.login), "form": typed}
    if change == "password-link":
        was_sent = lambda: password_reset.was_just_sent(account, actor, typed.why)  # noqa: E731
        send = lambda found: password_reset.send_link(account, actor, found.why)  # noqa: E731
        return ActionPages(LINK, subject=account.email, perform=send, is_done=was_sent, **about)
    is_out = lambda: not sessions.open_sessions(account)  # noqa: E731
    return ActionPages(END, subject="", perform=lambda found: _end(account, actor, found.why), is_done=is_out, **about)


def _end(account: Account, actor: str, reason: str) -> None:
    if not sessions.end_all(account, actor, reason):
        raise NotPossible(NOBODY)
