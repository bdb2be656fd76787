"""The production commands of cli.py. They raise Refused, UnsafeSettings or CatalogError, with one sentence for the operator."""

import os
import signal
import sys
import threading
from collections.abc import Callable
from getpass import getpass
from pathlib import Path
from typing import Any

import segno

from models import Account
from portal.actions.accounts import accounts, staff_members
from portal.actions.renewals import closing
from portal.actions.renewals.withdrawn import accounts_with_withdrawn
from portal.actions.transfers.deposits import NotPossible
from portal.catalog import Catalog, load_catalog
from portal.formats import date_ja, yen
from portal.gateways.companies import Companies, companies_for
from portal.jobs import worker as loop
from portal.jobs.run_due import forecast, run
from portal.rules.renewals.next_renewals import Renewal
from portal.runtime.letterhead import write_mails_for
from portal.runtime.logs import keep_card_numbers_out_of_logs
from portal.runtime.server import gunicorn_command, refuse_taken_port
from portal.runtime.settings import Settings, UnsafeSettings, sample_company, settings_from, settings_of_real_use
from portal.store import database as store
from portal.store.opening import Refused, migrate_database, open_database

OPERATOR = "operator"


def serve() -> None:
    """Replace this process with gunicorn."""
    settings = settings_of_real_use(os.environ)
    load_catalog(settings.company_folder)
    open_database(settings)
    store.close()
    refuse_taken_port(settings.host, settings.port)
    command = gunicorn_command(settings, "portal.app:from_environment()")
    os.execv(command[0], command)


def migrate() -> None:
    applied = migrate_database(settings_of_real_use(os.environ))
    print("\n".join(f"適用しました：{name}" for name in applied) or "データベースは最新です。")


def worker() -> None:
    settings = settings_of_worker()
    work_until_stopped(settings, companies_for(settings))


def run_due(dry_run: bool) -> int:
    settings = settings_of_worker()
    return one_pass(settings, companies_for(settings), dry_run)


def add_account(login: str, password_stdin: bool, **details: Any) -> None:
    settings = settings_from(os.environ)
    plans = [plan.id for plan in load_catalog(settings.company_folder).plans]
    if details["plan"] not in plans:
        raise Refused(f"プラン「{details['plan']}」はありません。次のどれかを指定してください：{'、'.join(plans)}")
    open_database(settings)
    try:
        accounts.add_account(login=login, password=_password(password_stdin), **details)
    except accounts.NotAcceptable as error:
        raise Refused(str(error)) from error
    print(f"アカウント「{login}」を作りました。")


def disable_account(login: str, reason: str) -> None:
    change_account(login, reason, closing.close, _opened_catalog())


def enable_account(login: str, reason: str) -> None:
    change_account(login, reason, closing.reopen, _opened_catalog())


def change_account(login: str, reason: str, change: Callable[..., list[Renewal]], catalog: Catalog) -> None:
    """Close the account or open it again; print the charges that are held or come next."""
    account = Account.by_login(login)
    if account is None:
        raise Refused(f"アカウント「{login}」はありません。")
    try:
        charges = change(account, OPERATOR, reason, catalog)
    except NotPossible as error:
        raise Refused(str(error)) from error
    done, what = ("閉じました", "行いません") if change is closing.close else ("再び開きました", "行います")
    print(f"アカウント「{account.login}」を{done}。")
    for renewal in charges:
        print(f"{date_ja(renewal.charge.charged_on)}の自動更新のお支払い {yen(renewal.yen)}を{what}。")


def _opened_catalog() -> Catalog:
    return load_catalog(settings_of_worker().company_folder)


def add_staff(login: str, name: str | None, password_stdin: bool) -> None:
    settings = settings_from(os.environ)
    company = load_catalog(settings.company_folder).company
    open_database(settings)
    _show(_asked(lambda: staff_members.add_staff(login, _password(password_stdin), name or login)), company.service_name)


def reset_staff(login: str) -> None:
    settings = settings_from(os.environ)
    company = load_catalog(settings.company_folder).company
    open_database(settings)
    _show(_asked(lambda: staff_members.renew_second_factor(login, settings.secret_key)), company.service_name)


def disable_staff(login: str) -> None:
    open_database(settings_from(os.environ))
    _asked(lambda: staff_members.disable(login))
    print(f"社員「{login}」を停止しました。ログイン中の画面も使えなくなります。")


def _asked(wish: Callable[[], Any]) -> Any:
    try:
        return wish()
    except accounts.NotAcceptable as error:
        raise Refused(str(error)) from error


def _show(enrolment: staff_members.Enrolment, service: str) -> None:
    """Shown once only: no command can read the secret or the codes from the database."""
    staff, uri = enrolment.staff, enrolment.totp.provisioning_uri(name=enrolment.staff.login, issuer_name=service)
    print(f"社員「{staff.login}」（{staff.name}）がログインできます。ログイン画面：/staff/login")
    print("\n1. 認証アプリで、次の QR コードを読み取ってください（この画面でだけ表示します）。\n")
    segno.make(uri).terminal(compact=True)
    print(f"\n   読み取れないときは、次のアドレスを認証アプリに登録してください。\n   {uri}")
    print("\n2. 次の回復コードを、安全な場所に保管してください。認証アプリを使えないとき、1個につき1回だけ使えます。\n")
    print("\n".join(f"   {code}" for code in enrolment.recovery_codes))


def check_catalog(folder: Path | None) -> None:
    folder = folder or Path(os.environ.get("COMPANY_FOLDER") or sample_company())
    catalog = load_catalog(folder)
    print(f"{folder} に誤りはありません（{catalog.company.name}、プラン {len(catalog.plans)} 件、約款など {len(catalog.documents)} 件）。")
    if os.environ.get("DATABASE_URL"):
        _say_who_is_concerned(catalog)


def _say_who_is_concerned(catalog: Catalog) -> None:
    """Where a database is configured: how many accounts have something that this catalog no longer sells."""
    try:
        open_database(settings_from(os.environ))
    except (Refused, UnsafeSettings) as refusal:
        print(f"契約中のアカウントの数は、調べていません：{refusal}")
        return
    for name, count in accounts_with_withdrawn(catalog).items():
        print(f"お取り扱いを終了：{name}　契約中のアカウント {count} 件（更新できなくなります）")


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


# ---- shared with the commands of a demo ----------------------------------------------------------------------------------


def settings_of_worker() -> Settings:
    """Load the settings, open the database, and set the sender of mails."""
    keep_card_numbers_out_of_logs()
    settings = settings_from(os.environ)
    write_mails_for(load_catalog(settings.company_folder), settings)
    open_database(settings)
    return settings


def work_until_stopped(settings: Settings, companies: Companies, pass_lock: loop.PassLock = loop.no_lock) -> None:
    """Run passes until Ctrl-C or SIGTERM."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    loop.run(settings, companies, stop=stop, pass_lock=pass_lock)


def one_pass(settings: Settings, companies: Companies, dry_run: bool) -> int:
    return forecast(settings, companies) if dry_run else run(settings, companies)
