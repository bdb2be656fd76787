"""Another plan for a customer's server, from its next term. Made by staff alone: the term that runs keeps its plan and its price."""

from dataclasses import dataclass
from datetime import date, timedelta

from models import Account, Schedule
from portal import clock
from portal.actions import history
from portal.actions.mail import account_mails
from portal.actions.orders.drafts import lock_account
from portal.actions.refusals import NotPossible
from portal.actions.renewals import sent_notices
from portal.actions.renewals.next_charges import upcoming
from portal.actions.renewals.snapshot import snapshot_of
from portal.catalog import Catalog, Plan
from portal.rules.renewals.next_renewals import NextRenewals
from portal.rules.renewals.snapshot import Snapshot
from portal.store.database import database

SAME = "このお客様のプランは、すでに「{}」です。"
CLOSED = "このアカウントは閉じられています。"
NO_PLAN = "プラン「{}」はありません。次のどれかを指定してください：{}"
PLACED = "申し込み {} の支払いを待っているため、プランを変えられません。支払いか取り消しの後に、もう一度行ってください。"
RESERVED = "お客様が次回のご契約内容を予約しているため、プランを変えられません。予約を取り消していただいた後に、もう一度行ってください。"
PAID_AHEAD = "次の契約期間が支払い済みのため、プランを変えられません。{}に始まった後に、もう一度行ってください。"


@dataclass(frozen=True)
class PlanChange:
    """`counts_from`: the first day of the next term; None: there is no server yet, and the first contract has the new plan."""

    before: str
    after: Plan
    counts_from: date | None
    upcoming: NextRenewals


def change_plan(account: Account, plan_id: str, actor: str, reason: str, catalog: Catalog) -> PlanChange:
    """Mail and history. A charge that was announced takes at most what its notice said. Raises NotPossible."""
    with database.atomic():
        account = lock_account(account.id)
        after = _plan(plan_id, catalog)
        before, snapshot = account.plan, snapshot_of(account)
        _refuse_unless_possible(account, snapshot, after)
        Account.update(plan=after.id).where(Account.id == account.id).execute()
        account = Account.get_by_id(account.id)
        history.record("account", account.login, before, after.id, actor, f"プランを{after.name}に変更：{reason}", account=account)
        sent_notices.withdraw(account)
        Schedule.wake(account, clock.today())
        counts_from = snapshot.server.ends_on + timedelta(days=1) if snapshot.server else None
        changed = PlanChange(_name(before, catalog), after, counts_from, upcoming(account, catalog))
        account_mails.plan_changed(account, changed.before, after.name, counts_from, changed.upcoming, reason)
        return changed


def _plan(plan_id: str, catalog: Catalog) -> Plan:
    found = next((plan for plan in catalog.plans if plan.id == plan_id), None)
    if found is None:
        raise NotPossible(NO_PLAN.format(plan_id, "、".join(plan.id for plan in catalog.plans)))
    return found


def _refuse_unless_possible(account: Account, snapshot: Snapshot, after: Plan) -> None:
    if account.is_closed:
        raise NotPossible(CLOSED)
    if account.plan == after.id:
        raise NotPossible(SAME.format(after.name))
    if order := account.placed_order:
        raise NotPossible(PLACED.format(order.number))
    if account.reservation:
        raise NotPossible(RESERVED)
    if snapshot.server and snapshot.server.is_paid_ahead(clock.today()):
        raise NotPossible(PAID_AHEAD.format(snapshot.server.starts_on))


def _name(plan_id: str, catalog: Catalog) -> str:
    """Its id, if it is sold no more."""
    return next((plan.name for plan in catalog.plans if plan.id == plan_id), plan_id)
