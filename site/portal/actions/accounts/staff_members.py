"""Staff accounts: created by the operator, with a password and a second factor (RFC 6238, 6 digits, 30 seconds).

A code is valid once. After ten wrong codes new browsers are refused for a while; a browser that has passed before is counted alone, a
recovery code still works, and the operator can reset the second factor.
"""

import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import pyotp

from models import CountedTry, RecoveryCode, Session, Staff
from portal import clock
from portal.actions import history
from portal.actions.accounts import limits
from portal.actions.accounts.accounts import NotAcceptable, check_password, check_person, hash_password
from portal.actions.accounts.authentication import STAFF, known_browser
from portal.actions.accounts.limits import Who
from portal.enums import StaffRole
from portal.rules.accounts.limits import Limited, TooMany
from portal.security_log import SecurityEvent, note
from portal.store.database import database

RECOVERY_CODES = 10
GROUPS = 6  # of 4 letters and digits: 118 bits, so a plain hash is enough
SECONDS = 30
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True)
class Enrolment:
    """Shown only once: the secret for the authenticator app, and the recovery codes."""

    staff: Staff
    totp: pyotp.TOTP
    recovery_codes: tuple[str, ...]


@dataclass(frozen=True)
class Passed:
    """The second factor is right. `recovery_codes_left` is set only if a recovery code was used."""

    recovery_codes_left: int | None = None


@dataclass(frozen=True)
class WrongCode:
    """Neither a current code nor an unused recovery code."""


@dataclass(frozen=True)
class UsedCode:
    """A right code that was used before."""


def add_staff(
    login: str, password: str, name: str, *, site: Iterable[str], role: StaffRole = StaffRole.ACTING, actor: str = "operator"
) -> Enrolment:
    """Raises NotAcceptable if the login is taken or malformed, or the password is refused. `site`: see add_account."""
    login = login.strip().lower()
    check_person(login, name)
    check_password(password, (*site, login, name))
    with database.atomic():
        if Staff.select().where(Staff.login == login).exists():
            raise NotAcceptable(f"ログインID「{login}」はすでに使われています。")
        about = {"login": login, "name": name, "role": role, "password_hash": hash_password(password), "created_at": clock.now()}
        staff = Staff.create(totp_secret=pyotp.random_base32(), **about)
        history.record("staff", login, None, "active", actor, f"担当者を追加（{role.label}）", account=None)
        return _enrolment(staff)


def renew_second_factor(login: str, *, actor: str = "operator") -> Enrolment:
    """A new secret and new recovery codes. Ends every session, and enables a disabled staff member again."""
    with database.atomic():
        staff = _existing(login)
        values = {"totp_secret": pyotp.random_base32(), "totp_step": 0, "is_active": True}
        Staff.update(values).where(Staff.id == staff.id).execute()
        RecoveryCode.delete().where(RecoveryCode.staff == staff).execute()
        Session.delete().where(Session.staff == staff).execute()
        factor = CountedTry.kind.in_([Limited.CODE, Limited.RECOVERY])
        CountedTry.delete().where(factor, CountedTry.who == history.by_staff(staff)).execute()
        history.record(
            "staff", staff.login, "active" if staff.is_active else "disabled", "active", actor, "第二要素を作り直した", account=None
        )
        return _enrolment(Staff.get_by_id(staff.id))


def disable(login: str, *, actor: str = "operator") -> None:
    """End every session and refuse sign-in under this login. Raises NotAcceptable for an unknown login."""
    with database.atomic():
        staff = _existing(login)
        Session.delete().where(Session.staff == staff).execute()
        if Staff.update(is_active=False).where(Staff.id == staff.id, Staff.is_active).execute():
            history.record("staff", staff.login, "active", "disabled", actor, "担当者を停止", account=None)


def set_password(login: str, password: str, *, site: Iterable[str], actor: str = "operator") -> None:
    """A new password; every session ends. The second factor stays. Raises NotAcceptable for an unknown login or a refused password."""
    with database.atomic():
        staff = _existing(login)
        check_password(password, (*site, staff.login, staff.name))
        Staff.update(password_hash=hash_password(password)).where(Staff.id == staff.id).execute()
        Session.delete().where(Session.staff == staff).execute()
        state = "active" if staff.is_active else "disabled"
        history.record("staff", staff.login, state, state, actor, "パスワードを変更", account=None)


def set_role(login: str, role: StaffRole, *, actor: str = "operator") -> None:
    """What the staff member may do from the next request on. Raises NotAcceptable for an unknown login."""
    with database.atomic():
        staff = _existing(login)
        if Staff.update(role=role).where(Staff.id == staff.id, Staff.role != role).execute():
            history.record("staff", staff.login, staff.role, role, actor, "権限を変更", account=None)


def check_code(staff: Staff, typed: str, *, address: str, device: str | None, secret: str) -> Passed | WrongCode | UsedCode | TooMany:
    """Check a code of 6 digits (any width) or a recovery code of `staff`."""
    plain = "".join(unicodedata.normalize("NFKC", typed).split()).replace("-", "").lower()
    is_code = len(plain) == 6 and plain.isascii() and plain.isdigit()
    who = Who(history.by_staff(staff), address, known_browser(device, STAFF.owner(staff), secret), staff)
    tried = limits.count(Limited.CODE if is_code else Limited.RECOVERY, who)
    if isinstance(tried, TooMany):
        return tried
    found = _check_totp(staff, plain) if is_code else _check_recovery(staff, plain)
    if isinstance(found, Passed):
        tried.take_back()
    else:
        note(SecurityEvent.WRONG_CODE, person=staff)
    return found


def _check_totp(staff: Staff, code: str) -> Passed | WrongCode | UsedCode:
    now = int(clock.real_now().timestamp()) // SECONDS
    step = _step_of(staff, code, now)
    if step is None:
        return WrongCode()
    return Passed() if staff.use_step(step, newest=now + 1) else UsedCode()


def _check_recovery(staff: Staff, code: str) -> Passed | WrongCode:
    """A recovery code cannot be guessed, so it needs no slow hash."""
    mine = (RecoveryCode.staff == staff) & RecoveryCode.used_at.is_null()
    used = RecoveryCode.update(used_at=clock.real_now()).where(mine, RecoveryCode.code_hash == _code_hash(code)).execute()
    if not used:
        return WrongCode()
    left = RecoveryCode.select().where(mine).count()
    history.record("staff", staff.login, "active", "active", history.by_staff(staff), f"回復コードを使用（残り{left}個）", account=None)
    return Passed(left)


def signed_in(staff: Staff) -> None:
    history.record("staff", staff.login, None, "signed in", history.by_staff(staff), "ログイン", account=None)
    note(SecurityEvent.SIGNED_IN, person=staff)


def use_keys(staff: Staff, *, is_on: bool) -> None:
    """Whether single keys work in lists, from now on, wherever this member of staff signs in."""
    Staff.update(uses_keys=is_on).where(Staff.id == staff.id).execute()


def _step_of(staff: Staff, code: str, now: int) -> int | None:
    """The time step of this code: now, or one step before or after, because clocks differ."""
    totp = pyotp.TOTP(staff.totp_secret)
    steps = [step for step in (now - 1, now, now + 1) if hmac.compare_digest(totp.generate_otp(step), code)]
    return max(steps, default=None)


def _existing(login: str) -> Staff:
    staff = Staff.get_or_none(Staff.login == login.strip().lower())
    if staff is None:
        raise NotAcceptable(f"担当者「{login}」はいません。")
    return staff


def _enrolment(staff: Staff) -> Enrolment:
    codes = tuple("-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(GROUPS)) for _ in range(RECOVERY_CODES))
    RecoveryCode.insert_many([{"staff": staff, "code_hash": _code_hash(code.replace("-", ""))} for code in codes]).execute()
    return Enrolment(staff, pyotp.TOTP(staff.totp_secret), codes)


def _code_hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
