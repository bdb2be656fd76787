"""Commands about many customers, and about one as a whole."""

import os
from collections.abc import Iterator
from pathlib import Path

from models import Account, Mail, Order
from portal import clock
from portal.actions.history import OPERATOR
from portal.actions.privacy import erasure
from portal.actions.refusals import NotPossible
from portal.actions.renewals import importing
from portal.actions.renewals.plan_change import change_plan
from portal.actions.renewals.snapshot import snapshot_of
from portal.actions.staff.customers import Customer, customer
from portal.catalog import Catalog, load_catalog
from portal.enums import MailKind, OrderState
from portal.formats import date_ja, moment_ja, short_moment, yen
from portal.rules.renewals.account_file import LARGEST_FILE, Mistaken, read
from portal.rules.renewals.calendar import calendar
from portal.runtime.commands import settings_of_worker
from portal.runtime.settings import settings_from
from portal.store.database import database
from portal.store.opening import Refused, open_database

NEXT = 5


def import_accounts(file: Path, dry_run: bool) -> None:
    """All of the file, or nothing of it: every bad line is named."""
    settings = settings_of_worker()
    catalog = load_catalog(settings.company_folder)
    try:
        with file.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
        plan = importing.plan_of(read(content, catalog, clock.today()))
    except OSError as error:
        raise Refused(f"{file} を読めません：{error.strerror}") from error
    except Mistaken as refusal:
        raise Refused(f"{file}：次の行を直してください。何も取り込んでいません。\n{refusal}") from refusal
    contracts = sum(person.contract is not None for person in plan.new)
    about = f"新しいアカウント {len(plan.new)}件（契約のあるもの {contracts}件）、取り込み済み {len(plan.known)}件"
    if dry_run:
        print(f"{about}を取り込みます（まだ何も変わっていません）。")
        return
    _import(plan, catalog, file)
    print(f"{about}。新しいお客様に、最初のパスワードを決めるリンクを送ります（worker が送信してから30分間、1回だけ使えます）。")


def _import(plan: importing.Plan, catalog: Catalog, file: Path) -> None:
    made = 0
    try:
        for _ in importing.carry_out(plan, catalog, OPERATOR):
            made += 1
    except Mistaken as refusal:
        raise Refused(
            f"{file}：{made}件を取り込んだところで止まりました。同じファイルをもう一度取り込んでください。\n{refusal}"
        ) from refusal


def change_account_plan(login: str, plan: str, reason: str, dry_run: bool) -> None:
    """From the next term. `dry_run`: say when it counts and what is charged then, and change nothing."""
    catalog = load_catalog(settings_of_worker().company_folder)
    account = _known(login)
    try:
        with database.atomic() as transaction:
            changed = change_plan(account, plan, OPERATOR, reason, catalog)
            if dry_run:
                transaction.rollback()
    except NotPossible as error:
        raise Refused(str(error)) from error
    when = f"{date_ja(changed.counts_from)}に始まる次の契約期間" if changed.counts_from else "最初のお申し込み"
    done = "変えます（まだ何も変わっていません）" if dry_run else "変えました"
    print(f"アカウント「{login}」のプランを、{changed.before}から{changed.after.name}に{done}。")
    print(f"{when}から変わります。お客様にメールでお知らせします。")
    for renewal in changed.upcoming.charged:
        names = "、".join(line.name for line in renewal.lines)
        print(f"次の自動更新：{date_ja(renewal.charge.charged_on)}　{names}　{yen(renewal.yen)}")


def erase_account(login: str, dry_run: bool) -> None:
    """As staff's page does it: at once, if the last record is old enough. `dry_run`: say whether, or from which day."""
    numbers = load_catalog(settings_of_worker().company_folder).retention
    account = _known(login)
    found = erasure.standing(account, numbers)
    what = f"申し込み {found.orders}件、メール {found.mails}件、領収書など {found.papers}件（最後の記録 {date_ja(found.last_record_on)}）"
    if dry_run or found.why_not:
        print(f"{account.login}：{what}")
        if found.why_not:
            raise Refused(f"消去できません。{found.why_not}消去できるのは、早くて {date_ja(found.from_on)} からです。")
        print("いま消去できます（まだ何も変わっていません）。")
        return
    try:
        erased = erasure.erase(account, numbers, OPERATOR)
    except NotPossible as error:
        raise Refused(str(error)) from error
    if not erased:
        raise Refused(erasure.HAS_METHOD)
    print(f"{login} の個人データを消去しました。{what}は、お名前のないまま残ります。")


def _known(login: str) -> Account:
    account = Account.by_login(login)
    if account is None:
        raise Refused(f"アカウント「{login}」はありません。")
    return account


def show_account(login: str) -> None:
    """One screen, as staff's page of the customer says it. Nothing that opens anything: no password, no token, no link."""
    settings = settings_from(os.environ)
    catalog = load_catalog(settings.company_folder)
    open_database(settings)
    found = customer(login)
    if found is None:
        raise Refused(f"アカウント「{login}」はありません。")
    print("\n".join(_about(found, catalog)))


def _plan_name(plan: str, catalog: Catalog) -> str:
    return next((found.name for found in catalog.plans if found.id == plan), plan)


def _about(found: Customer, catalog: Catalog) -> Iterator[str]:
    account, today = found.account, clock.today()
    snapshot = snapshot_of(account, with_sent_notices=True, terms=found.terms)
    yield f"{account.login}　{account.name} 様"
    state = f"閉じています（{moment_ja(account.closed_at)}から）" if account.closed_at else "開いています"
    yield f"アカウント：{state}　プラン：{_plan_name(account.plan, catalog)}　作成：{moment_ja(account.created_at)}"
    yield f"メール：{account.email}{f'、お知らせの宛先 {account.notice_email}' if account.notice_email else ''}"
    yield "契約："
    for one in snapshot.entitlements or ():
        until = f"停止中（{date_ja(one.stopped_until)}まで支払えます）" if one.stopped_until else f"{date_ja(one.usable_until)}まで"
        yield f"　{one.name}　{until}　自動更新{'あり' if one.renews else 'なし'}"
    method = snapshot.renewal_method
    yield f"自動更新のお支払い方法：{f'{method.method.label} {method.paid_with}' if method else 'なし'}"
    yield "今後の予定："
    for day in calendar(snapshot, today, catalog)[:NEXT]:
        entries = [f"{entry.kind.label}（{'、'.join(entry.names)}）" for entry in day.entries]
        yield f"　{date_ja(day.on)}　{'、'.join(entries) or '本日'}"
    yield "支払われていない申し込み："
    for order in account.orders.where(Order.state == OrderState.PLACED).order_by(Order.id):
        due = f"　お支払い期限 {date_ja(order.due_on)}" if order.due_on else ""
        yield f"　{order.number}　{order.kind_label}　{order.method_label}　{yen(order.total_yen)}（入金 {yen(order.received_yen)}）{due}"
    yield f"お預かりしている金額：{yen(found.held_yen)}"
    yield "最近のメール："
    for mail in account.mails.order_by(Mail.id.desc()).limit(NEXT):
        yield f"　{short_moment(mail.created_at)}　{MailKind(mail.kind).label}　{mail.state_label}"
