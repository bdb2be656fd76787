"""The second factor on pages: its error messages, and how long a code stays fresh before money is moved by hand."""

from datetime import datetime, timedelta

from flask import session

from models import Staff
from portal import clock
from portal.actions.accounts import staff_members
from portal.actions.accounts.staff_members import Passed, UsedCode, WrongCode
from portal.forms.staff.allocation import CodeForm
from portal.rules.accounts.limits import TooMany
from portal.screens.known_browser import STAFFS_OWN
from portal.web.current import client_address, current_staff, settings

FRESH_FOR = timedelta(minutes=10)
LEFT = "回復コードを1個使いました。残りは{}個です。少なくなったら、管理者に作り直しを依頼してください。"
NEEDED = "前回の確認から10分以上たっています。認証アプリのコードを入力してください。"
_WRONG = "確認コードが違います。認証アプリに今表示されている6桁のコードか、未使用の回復コードを入力してください。"
_USED = "このコードは、すでに使われています。認証アプリの表示が変わるのを待って、新しいコードを入力してください。"
_LOCKED = (
    "確認コードの間違いが続いたため、受け付けを止めています。{}分ほどたってから、もう一度お試しください。"
    "お急ぎの場合は回復コードを使うか、管理者に認証の作り直しを依頼してください。"
)


def remember() -> None:
    """Store the time of a correct code in the session."""
    session["confirmed_at"] = clock.real_now().isoformat()


def is_stale() -> bool:
    return clock.real_now() - datetime.fromisoformat(session["confirmed_at"]) > FRESH_FOR


def is_confirmed(form: CodeForm) -> bool:
    """True if money may be moved now: the last code is fresh, or the form has a correct new one. Else the field gets the error."""
    if not is_stale():
        return True
    if not (form.code.data or "").strip():
        form.code.errors = [NEEDED]
        return False
    result = check(current_staff(), form.code.data)
    if isinstance(result, Passed):
        remember()
        return True
    form.code.errors = [sentence(result)]
    return False


def check(staff: Staff, code: str) -> Passed | WrongCode | UsedCode | TooMany:
    """Check a typed code from this browser."""
    return staff_members.check_code(staff, code, address=client_address(), device=STAFFS_OWN.mark(), secret=settings().secret_key)


def sentence(result: WrongCode | UsedCode | TooMany) -> str:
    match result:
        case TooMany(minutes):
            return _LOCKED.format(minutes)
        case UsedCode():
            return _USED
        case _:
            return _WRONG


def status(result: WrongCode | UsedCode | TooMany) -> int:
    return 429 if isinstance(result, TooMany) else 422
