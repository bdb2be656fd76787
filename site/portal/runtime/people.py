"""Commands about people: customers' accounts and staff."""

import os
import sys
from collections.abc import Callable
from getpass import getpass
from typing import Any

import segno

from models import Account
from portal.actions.accounts import accounts, addresses, password_reset, sessions, staff_members
from portal.actions.history import OPERATOR
from portal.actions.renewals import closing
from portal.actions.transfers.deposits import NotPossible
from portal.catalog import Catalog, load_catalog
from portal.enums import StaffRole
from portal.formats import date_ja, yen
from portal.rules.accounts.passwords import site_texts
from portal.rules.renewals.next_renewals import Renewal
from portal.runtime.commands import settings_of_worker
from portal.runtime.settings import settings_from
from portal.store.opening import Refused, open_database


def add_account(login: str, password_stdin: bool, **details: Any) -> None:
    settings = settings_from(os.environ)
    catalog = load_catalog(settings.company_folder)
    plans = [plan.id for plan in catalog.plans]
    if details["plan"] not in plans:
        raise Refused(f"プラン「{details['plan']}」はありません。次のどれかを指定してください：{'、'.join(plans)}")
    open_database(settings)
    details["site"] = site_texts(catalog, settings.public_url)
    _asked(lambda: accounts.add_account(login=login, password=_password(password_stdin), **details))
    print(f"アカウント「{login}」を作りました。")


def disable_account(login: str, reason: str) -> None:
    change_account(login, reason, closing.close, _opened_catalog())


def enable_account(login: str, reason: str) -> None:
    change_account(login, reason, closing.reopen, _opened_catalog())


def change_account(login: str, reason: str, change: Callable[..., list[Renewal]], catalog: Catalog) -> None:
    """Close the account or open it again; print the charges that are held or come next."""
    account = _known(login)
    try:
        charges = change(account, OPERATOR, reason, catalog)
    except NotPossible as error:
        raise Refused(str(error)) from error
    done, what = ("閉じました", "行いません") if change is closing.close else ("再び開きました", "行います")
    print(f"アカウント「{account.login}」を{done}。")
    for renewal in charges:
        print(f"{date_ja(renewal.charge.charged_on)}の自動更新のお支払い {yen(renewal.yen)}を{what}。")


def send_password_link(login: str, reason: str) -> None:
    """The customer chooses the password: nobody else knows it."""
    settings_of_worker()
    account = _known(login)
    try:
        link = password_reset.send_link(account, OPERATOR, reason)
    except NotPossible as error:
        raise Refused(str(error)) from error
    print(f"パスワードを決め直すためのリンクを {link.address} に送ります（worker が送信してから30分間、1回だけ使えます）。")


def change_account_address(login: str, email: str, reason: str) -> None:
    """At once: the customer cannot confirm it, for example because the old address is wrong."""
    settings_of_worker()
    account = _known(login)
    try:
        _asked(lambda: addresses.correct(account, email, OPERATOR, reason))
    except NotPossible as error:
        raise Refused(str(error)) from error
    print(f"アカウント「{account.login}」のメールアドレスを {email} に変えました。前のアドレスと新しいアドレスの両方にお知らせを送ります。")


def end_account_sessions(login: str, reason: str) -> None:
    settings_of_worker()
    ended = sessions.end_all(_known(login), OPERATOR, reason)
    print(f"アカウント「{login}」のログインを{ended}件終わらせました。")


def _known(login: str) -> Account:
    account = Account.by_login(login)
    if account is None:
        raise Refused(f"アカウント「{login}」はありません。")
    return account


def _opened_catalog() -> Catalog:
    return load_catalog(settings_of_worker().company_folder)


def add_staff(login: str, name: str | None, role: str, password_stdin: bool) -> None:
    settings = settings_from(os.environ)
    catalog = load_catalog(settings.company_folder)
    open_database(settings)
    about = {"site": site_texts(catalog, settings.public_url), "role": StaffRole(role)}
    made = _asked(lambda: staff_members.add_staff(login, _password(password_stdin), name or login, **about))
    _show(made, catalog.company.service_name)


def reset_staff(login: str) -> None:
    settings = settings_from(os.environ)
    company = load_catalog(settings.company_folder).company
    open_database(settings)
    _show(_asked(lambda: staff_members.renew_second_factor(login)), company.service_name)


def set_staff_password(login: str, password_stdin: bool) -> None:
    settings = settings_from(os.environ)
    site = site_texts(load_catalog(settings.company_folder), settings.public_url)
    open_database(settings)
    _asked(lambda: staff_members.set_password(login, _password(password_stdin), site=site))
    print(f"担当者「{login}」のパスワードを変えました。ログイン中の画面は終わります。")


def set_staff_role(login: str, role: str) -> None:
    open_database(settings_from(os.environ))
    _asked(lambda: staff_members.set_role(login, StaffRole(role)))
    print(f"担当者「{login}」の権限を「{StaffRole(role).label}」にしました。次の操作から、そのとおりになります。")


def disable_staff(login: str) -> None:
    open_database(settings_from(os.environ))
    _asked(lambda: staff_members.disable(login))
    print(f"担当者「{login}」を停止しました。ログイン中の画面も使えなくなります。")


def _asked(wish: Callable[[], Any]) -> Any:
    try:
        return wish()
    except accounts.NotAcceptable as error:
        raise Refused(str(error)) from error


def _show(enrolment: staff_members.Enrolment, service: str) -> None:
    """Shown once only: no command can read the secret or the codes from the database."""
    staff, uri = enrolment.staff, enrolment.totp.provisioning_uri(name=enrolment.staff.login, issuer_name=service)
    print(f"担当者「{staff.login}」（{staff.name}）がログインできます。ログイン画面：/staff/login")
    print("\n1. 認証アプリで、次の QR コードを読み取ってください（この画面でだけ表示します）。\n")
    segno.make(uri).terminal(compact=True)
    print(f"\n   読み取れないときは、次のアドレスを認証アプリに登録してください。\n   {uri}")
    print("\n2. 次の回復コードを、安全な場所に保管してください。認証アプリを使えないとき、1個につき1回だけ使えます。\n")
    print("\n".join(f"   {code}" for code in enrolment.recovery_codes))


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    try:
        password = getpass("パスワード：")
        repeated = getpass("パスワード（もう一度）：")
    except EOFError as error:
        raise Refused("パスワードを入力できません。端末から実行するか、--password-stdin を使ってください。") from error
    if password != repeated:
        raise Refused("2回のパスワードが一致しません。もう一度実行してください。")
    return password
