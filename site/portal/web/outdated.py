"""One way out of every outdated page: for each case where it leads and what is said, for pages and fragments alike.

A session that has ended leads to the sign-in page with the reason, and from there back to the page. Everything else gets a page of its own
that says what was not done, with a link to the nearest page that can be read.
"""

from datetime import timedelta

from flask import Response, current_app, make_response, redirect, request, session, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from models import Account, Domain, KeptInput, Order, PaymentMethodSetup, Subscription
from portal.enums import LabelEnum
from portal.security_log import SecurityEvent, note
from portal.web import kept_input
from portal.web.area import current_area
from portal.web.errors import error_page, known_error
from portal.web.fragments import stand_in, wants_fragment
from portal.web.own_pages import is_from_elsewhere
from portal.web.return_code import with_return_code
from portal.web.sessions import WITHOUT_SESSION
from portal.web.view_marks import mark_of, mark_of_this_view


class Reason(LabelEnum):
    """Why the sign-in page is shown, in words that are true for the case."""

    ENDED = "ended", "ログインの有効期限が切れたか、ほかの画面でログアウトされました。もう一度ログインしてください。"
    NOT_DONE = (
        "not-done",
        "ログインの有効期限が切れたか、ほかの画面でログアウトされたため、先ほどの操作は行われていません。"
        "ログインすると、その画面に戻ります。",
    )
    KEPT = (
        "kept",
        "ログインの有効期限が切れたか、ほかの画面でログアウトされたため、先ほどの操作は行われていません。"
        f"{KeptInput.LASTS // timedelta(minutes=1)}分以内に同じ方がログインすると、"
        "入力した内容（パスワードを除く）が元の画面にもう一度表示されます。",
    )
    LOST = (
        "lost",
        "ログインの有効期限が切れたか、ほかの画面でログアウトされたため、先ほどの操作は行われていません。"
        "入力した内容は残っていません。お手数ですが、ログインしてからもう一度入力してください。",
    )
    NO_COOKIE = (
        "no-cookie",
        "ブラウザーから Cookie（クッキー）が届かなかったため、先ほどの操作は行われていません。"
        "Cookie を受け入れる設定にして、もう一度ログインしてください。ブラウザーを閉じたあとの画面からも、操作は続けられません。",
    )


NO_COOKIE = (
    "Cookie（クッキー）を確認できません",
    "ブラウザーから Cookie が届かなかったため、何も行われていません。Cookie を受け入れる設定にして、画面を開き直してください。",
)
FROM_ELSEWHERE = (
    "ほかのサイトから送られた操作は受け付けていません",
    "何も行われていません。下のリンクから画面を開き、そこから操作してください。",
)
OTHER_SIGN_IN = (
    "この画面からは操作できません",
    "この画面は、いまのログイン（{}）で開かれたものではありません。何も行われていません。",
)
_OUT = "out"
TOO_OLD = ("画面の有効期限が切れました", "画面を開いてから時間がたったため、何も行われていません。")
NAMED_IN_ADDRESSES = {
    "number": Order.number,
    "reference": PaymentMethodSetup.reference,
    "domain_id": Domain.id,
    "certificate_id": Subscription.id,
}


def signed_out() -> Response:
    """Nobody is signed in, and this address needs somebody: to the sign-in page, and back from there."""
    note(SecurityEvent.NOT_SIGNED_IN)
    page = with_return_code(readable_address())
    page = "" if page == url_for(current_area().sign_in) else page  # home, where a sign-in leads without being told
    reason = _reason()
    if wants_fragment():
        link = _sign_in_address(page, reason)
        response = stand_in("errors/_signed_out.html", say=reason.label, text=reason.label, link=link)
    else:
        response = make_response(redirect(_sign_in_address(page, reason), code=303))
    if reason is Reason.KEPT and not kept_input.keep(response, _page_of_form(page), session.ended):
        return _lost(page)
    return response


def refused(error: CSRFError | None = None) -> Response:
    """The post has no valid token, or another site sent it. Nothing was done."""
    note(SecurityEvent.OTHER_SITE if is_from_elsewhere() else SecurityEvent.FORGED)
    if is_from_elsewhere():
        title, text = FROM_ELSEWHERE
    elif not request.cookies:
        title, text = NO_COOKIE
    elif session.account or session.staff:
        title, text = OTHER_SIGN_IN
        text = text.format(f"{session.account.name} 様" if session.account else session.staff.name)
    else:
        title, text = TOO_OLD
    return error_page(400, title, text, back=readable_address())


def not_readable(error: MethodNotAllowed) -> Response:
    """An address that only takes posts was opened: from the history, a bookmark, the address bar."""
    by_a_person = not wants_fragment() and not request.path.startswith(WITHOUT_SESSION)
    opened = request.method in ("GET", "HEAD") and by_a_person
    return make_response(redirect(readable_address(), code=303)) if opened else known_error(error)


def refuse_other_sites() -> Response | None:
    """Before every post that needs a token: is it from a page of ours?"""
    return refused() if request.method == "POST" and is_from_elsewhere() else None


def after_signing_out() -> str:
    """The sign-in page, which then also empties the browser's back/forward cache."""
    return _at_sign_in(why=_OUT)


def has_signed_out() -> bool:
    return request.args.get("why") == _OUT


def why_sign_in() -> str:
    """The sentence of the sign-in page, or nothing."""
    known = {reason.value: reason for reason in Reason}
    reason = known.get(request.args.get("why", ""))
    return "" if reason is None or (reason is Reason.KEPT and not kept_input.waits()) else reason.label


def readable_address() -> str:
    """The page to go back to: this address if it has a GET view, else the nearest parent that has one. Home for what is another's."""
    if session.account and _is_of_another(session.account):
        return url_for(current_area().home)
    parts = request.path.rstrip("/").split("/")
    while len(parts) > 1 and not can_be_read("/".join(parts)):
        parts.pop()
    address = "/".join(parts) or "/"
    return url_for(current_area().sign_in) if address in ("/", "/staff") and not (session.account or session.staff) else address


def _is_of_another(account: Account) -> bool:
    """True if the address names something of a customer that is not this one's: its page would be 404."""
    for name, column in NAMED_IN_ADDRESSES.items():
        named = (request.view_args or {}).get(name)
        if named is not None and not column.model.select().where(column == str(named), column.model.account == account).exists():
            return True
    return False


def can_be_read(address: str) -> bool:
    """True if the address is a whole page that can be opened with GET."""
    try:
        endpoint, _ = current_app.create_url_adapter(request).match(address, method="GET")
    except HTTPException:
        return False
    return not mark_of(endpoint, "is_no_page")


def _reason() -> Reason | None:
    if request.method == "GET":
        return Reason.ENDED if session.has_cookie or wants_fragment() else None  # only a page that was open asks for a fragment
    if not request.cookies:
        return Reason.NO_COOKIE
    return Reason.KEPT if kept_input.is_typed() else Reason.NOT_DONE


def _lost(page: str) -> Response:
    if wants_fragment():
        return stand_in("errors/_signed_out.html", say=Reason.LOST.label, text=Reason.LOST.label, link=_sign_in_address(page, Reason.LOST))
    return make_response(redirect(_sign_in_address(page, Reason.LOST), code=303))


def _page_of_form(page: str) -> str:
    endpoint = mark_of_this_view("keeps_input")
    return url_for(endpoint, **(request.view_args or {})) if endpoint else page


def _sign_in_address(page: str, reason: Reason | None) -> str:
    return _at_sign_in(next=page or None, why=reason.value if reason else None)


def _at_sign_in(**arguments: str | None) -> str:
    return url_for(current_area().sign_in, **arguments)
