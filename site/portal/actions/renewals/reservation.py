"""「次回の自動更新から変更する」: reserves other lines for the next automatic charge. Nothing is charged here."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from models import Account, Order, Reservation, Schedule
from portal import clock
from portal.actions import history
from portal.actions.mail import renewal_mails
from portal.actions.orders import confirmations
from portal.actions.orders.confirmations import ConfirmedScreen
from portal.actions.orders.drafts import OutOfStep, cancel, lock_account
from portal.actions.renewals import sent_notices
from portal.actions.renewals.reserved_lines import reserved_of, written
from portal.actions.renewals.snapshot import snapshot_of
from portal.catalog import Catalog, Document
from portal.enums import OrderKind, OrderState
from portal.rules.orders.quote import Line
from portal.rules.renewals.change_window import Closed, change_window
from portal.rules.renewals.renewal_group import RenewalGroup, renewal_group
from portal.rules.renewals.snapshot import Reserved
from portal.store.database import database


def make(
    account: Account,
    typed: dict[str, str],
    lines: tuple[Line, ...],
    dropped: frozenset[int],
    documents: tuple[Document, ...] | None,
    ends_on: date,
    confirmed: ConfirmedScreen,
    catalog: Catalog,
) -> None:
    """Reserve these lines for the automatic charge of `ends_on`; `dropped` subscriptions will not renew. Replaces an older reservation.

    `documents`: agreed to now; None if nothing new was chosen, so that those of the older reservation stay.
    Does nothing if exactly this is reserved: the button was pressed twice.
    Raises OutOfStep after the last day to change, if no automatic charge is planned for that end, or if it would charge something else,
    because of what was ordered, ended or changed since the lines were shown.
    """
    with database.atomic():
        account = lock_account(account.id)
        group = _changeable_group(account, Reserved(ends_on, lines, dropped), catalog)
        if account.reservation and reserved_of(account.reservation) == Reserved(ends_on, lines, dropped):
            return
        agreed = _kept_documents(account.reservation, ends_on) if documents is None else [_document(document) for document in documents]
        content = written(lines, dropped, agreed)
        values = {"ends_on": ends_on, "typed": json.dumps(typed, ensure_ascii=False), "content": content}
        values |= {"yen": sum(line.yen for line in lines), "made_at": clock.now()}
        if not Reservation.update(values).where(Reservation.account == account).execute():
            Reservation.create(account=account, **values)
        kept = confirmations.keep(confirmed, account, confirmations.RESERVATION)
        reason = f"{ends_on}に終わる契約の次回の自動更新を{values['yen']}円で予約"
        history.record("account", account.login, None, "reserved", history.by(account), reason, account=account)
        cancel_declined_order(account, ends_on, history.by(account))
        sent_notices.withdraw(account)
        names = tuple(entitlement.name for entitlement in snapshot_of(account).entitlements if entitlement.subscription in dropped)
        renewal_mails.reserved(account, kept, ends_on, lines, group.plan.charge, names)


def undo(account: Account, catalog: Catalog) -> bool:
    """Delete the reservation. False if there is none. Raises OutOfStep after the last day to change."""
    with database.atomic():
        account = lock_account(account.id)
        found = account.reservation
        if found is None:
            return False
        if isinstance(change_window(snapshot_of(account), clock.today(), catalog, found.ends_on), Closed):
            raise OutOfStep
        found.delete_instance()
        history.record("account", account.login, "reserved", "no reservation", history.by(account), "予約の取り消し", account=account)
        cancel_declined_order(account, found.ends_on, history.by(account))
        sent_notices.withdraw(account)
        group = renewal_group(snapshot_of(account), found.ends_on, clock.today(), catalog)
        renewal_mails.reservation_undone(account, found, group)
        return True


def _changeable_group(account: Account, reserved: Reserved, catalog: Catalog) -> RenewalGroup:
    snapshot, today, ends_on = snapshot_of(account), clock.today(), reserved.ends_on
    if ends_on not in snapshot.ends or isinstance(change_window(snapshot, today, catalog, ends_on), Closed):
        raise OutOfStep
    group = renewal_group(replace(snapshot, reserved=reserved), ends_on, today, catalog)
    if not group.plan.days or _charged(group.quote.lines) != _charged(reserved.lines):
        raise OutOfStep
    return group


def _charged(lines: Iterable[Line]) -> Counter[tuple[str, int | None, int]]:
    """What is paid for, in whatever order. Yen."""
    return Counter((line.product, line.subscription, line.yen) for line in lines)


def cancel_declined_order(account: Account, ends_on: date, actor: str) -> None:
    """Cancel an automatic order that waits for a retry: its lines are outdated. The retry will place a new one."""
    declined = account.orders.where(Order.kind == OrderKind.AUTO, Order.state == OrderState.PLACED, Order.renews_end == ends_on)
    for order in list(declined):
        if not order.is_by_transfer:
            cancel(order, actor, "次回の自動更新の内容を変更したため")
    Schedule.wake(account, clock.today())


def _kept_documents(older: Reservation | None, ends_on: date) -> list[dict[str, str]]:
    return json.loads(older.content)["documents"] if older is not None and older.ends_on == ends_on else []


def _document(document: Document) -> dict[str, str]:
    about = {"document": document.id, "version": document.version, "title": document.title, "sha256": document.sha256}
    return about | {"agreed_at": clock.now().isoformat()}
