"""Mails about renewals and the end of a contract. Call them inside the transaction of the event."""

from collections.abc import Sequence
from datetime import date
from urllib.parse import urljoin

from models import Account, Confirmation, Mail, Order, Payment, RenewalSetting, Reservation
from portal import clock
from portal.actions.mail import outbox, rendering
from portal.enums import MailKind, Method
from portal.gateways.wallet import Shortfall
from portal.rules.orders.quote import Line
from portal.rules.payments.declines import AUTHENTICATION
from portal.rules.renewals.charge_days import Charge
from portal.rules.renewals.endings import Ending
from portal.rules.renewals.next_renewals import NextRenewals
from portal.rules.renewals.open_orders import OpenOrder
from portal.rules.renewals.renewal_group import RenewalGroup
from portal.rules.renewals.snapshot import Entitlement, Notice, RenewalMethod, Snapshot
from portal.rules.renewals.timeline import why_unpaid

# What these mails say about a coming day may become wrong when the account changes.
FORESEEING = (MailKind.RENEWAL_NOTICE, MailKind.RENEWAL_BY_HAND, MailKind.CARD_EXPIRES, MailKind.DELETION_AHEAD, MailKind.RENEWAL_FAILED)
MOST_IN_ONE_MAIL = 8
Names = tuple[str, ...]  # of products that nobody can renew any more
WithServer = tuple[tuple[Entitlement, ...], date | None]  # options that are paid longer than their server lives, and the day of its 解約


def withdraw(accounts: Sequence[Account]) -> list[Mail]:
    """Withdraw what these mails said of the future, because the accounts changed. Returns the withdrawn ones."""
    return outbox.withdraw(accounts, Mail.kind.in_(FORESEEING))


def payable_of(snapshot: Snapshot, entitlements: Sequence[Entitlement]) -> rendering.Payable | None:
    """The open order that renews one of these: every mail about their end names it, and asks for no second one."""
    order, subscriptions = snapshot.open_order, {entitlement.subscription for entitlement in entitlements}
    if order is None or not order.subscriptions & subscriptions:
        return None
    due_on = order.pay_until
    states = (order.is_undecided, order.is_partly, order.is_reported, due_on is not None and due_on < clock.today())
    return rendering.Payable(order.number, order.method, due_on, *states)


def _held(group: RenewalGroup) -> rendering.Held | None:
    plan = group.plan
    if not plan.is_on_hold or plan.held_by is None:
        return None
    return rendering.Held(plan.held_by.number, plan.held_by.method, group.beside_order, plan.is_on_hold_for_another_order)


def notice(account: Account, snapshot: Snapshot, group: RenewalGroup, notice: Notice) -> Mail | None:
    charge, renewal_method = group.plan.charge, snapshot.renewal_method
    about = {"ends_on": group.ends_on, "lines": group.quote.lines, "total_yen": group.quote.yen, "left_out": group.quote.left_out}
    about |= {"charge": charge, "method": renewal_method.method, "paid_with": renewal_method.paid_with}
    about |= {"is_second": notice.is_second, "is_moved": group.plan.moved_on is not None}
    about |= {"is_card_expired": renewal_method.expires_before(charge.charged_on), "held": _held(group)}
    return _write(MailKind.RENEWAL_NOTICE, account, _about(notice), good_until=charge.last_change_on, **about)


def by_hand(
    account: Account,
    ends_on: date,
    entitlements: tuple[Entitlement, ...],
    notice: Notice,
    reason: str,
    with_server: WithServer,
    gone: Names,
    payable: rendering.Payable | None = None,
    never_set_up: Names = (),
    not_issued: Names = (),
) -> Mail | None:
    about = {"ends_on": ends_on, "lines": entitlements, "reason": reason, "is_second": notice.is_second, "never_set_up": never_set_up}
    about |= {"with_server": with_server[0], "deletion_on": with_server[1], "withdrawn": gone, "payable": payable, "not_issued": not_issued}
    return _write(MailKind.RENEWAL_BY_HAND, account, _about(notice), good_until=max(ends_on, clock.today()), **about)


def card_expires(account: Account, snapshot: Snapshot, group: RenewalGroup, notice: Notice) -> Mail | None:
    charge, renewal_method = group.plan.charge, snapshot.renewal_method
    about = {"ends_on": group.ends_on, "total_yen": group.quote.yen, "charge": charge}
    about |= {"card": renewal_method.paid_with, "expires": renewal_method.card_expires, "held": _held(group)}
    return _write(MailKind.CARD_EXPIRES, account, _about(notice), good_until=charge.charged_on, **about)


def failed(
    order: Order,
    payment: Payment,
    code: str,
    lines: tuple[Line, ...],
    *,
    pay_by: date,
    good_until: date,
    retry_on: date | None = None,
    is_over: bool = False,
    shortfall: Shortfall | None = None,
) -> bool:
    """One mail per failed attempt. `is_over`: the renewal was stopped meanwhile. `shortfall`: the wallet had not enough points."""
    entity, account = f"payment {payment.key}", order.account
    about = {"number": order.number, "ends_on": order.renews_end, "lines": lines, "total_yen": order.total_yen}
    about |= {"code": code, "method": Method(payment.method), "retry_on": retry_on, "pay_by": pay_by, "is_over": is_over}
    about["may_authenticate"] = code == AUTHENTICATION and not is_over and not account.is_closed
    if shortfall:
        about |= {"missing_points": shortfall.points, "points_page": urljoin(rendering.letterhead().portal_url, shortfall.address)}
    return outbox.queue(MailKind.RENEWAL_FAILED, entity, account, good_until=good_until, **about) is not None


def ended(
    account: Account,
    entitlements: list[Entitlement],
    pay_until: date,
    with_server: WithServer,
    gone: Names,
    payable: rendering.Payable | None,
) -> None:
    """契約終了: one mail for everything that ended on one day."""
    about = {"pay_until": pay_until, "with_server": with_server[0], "deletion_on": with_server[1], "withdrawn": gone, "payable": payable}
    for some in some_at_a_time(entitlements):
        _write(MailKind.CONTRACT_ENDED, account, _key("end", some), ends_on=some[0].ends_on, lines=some, **about)


def stopped(
    account: Account,
    entitlement: Entitlement,
    on: date,
    ending: Ending,
    with_server: tuple[Entitlement, ...],
    gone: Names,
    payable: rendering.Payable | None,
) -> None:
    about = {"lines": (entitlement,), "stopped_on": on, "pay_until": ending.pay_until, "deletion_on": ending.deleted_on}
    about |= {"with_server": with_server, "withdrawn": gone, "payable": payable, "reason": why_unpaid(entitlement)}
    _write(MailKind.CONTRACT_STOPPED, account, f"stop {entitlement.subscription} {entitlement.ends_on}", **about)


def deletion_ahead(
    account: Account,
    some: list[Entitlement],
    ending: Ending,
    with_server: tuple[Entitlement, ...],
    gone: Names,
    payable: rendering.Payable | None,
) -> Mail | None:
    """One mail about `some_at_a_time`. `ending`: of all of them."""
    about = {"lines": some, "deletion_on": ending.deleted_on, "pay_until": ending.pay_until}
    about |= {"with_server": with_server, "withdrawn": gone, "payable": payable}
    return _write(MailKind.DELETION_AHEAD, account, _key("deletion", some), good_until=ending.pay_until, **about)


def deleted(account: Account, entitlements: list[Entitlement], on: date) -> None:
    for some in some_at_a_time(entitlements):
        _write(MailKind.CONTRACT_DELETED, account, _key("deleted", some), lines=some, deleted_on=on)


def method_reset(
    account: Account,
    setting: RenewalSetting,
    entitlements: tuple[Entitlement, ...],
    renewal_method: RenewalMethod,
    *,
    payable: OpenOrder | None,
    with_server: WithServer,
    is_under_way: bool,
    reason: str = "",
) -> None:
    """One mail for each `setting` that was reset. `payable`: an order that the customer placed, which stays as it is.

    `reason`: why staff have stopped it; empty if the customer did.
    """
    options, deleted_on = with_server
    left = {option.subscription for option in options}
    about = {"lines": [mine for mine in entitlements if mine.subscription not in left], "method": renewal_method.method}
    about |= {"is_under_way": is_under_way, "payable": payable, "with_server": options, "deletion_on": deleted_on, "reason": reason}
    _write(MailKind.METHOD_RESET, account, f"reset {setting.updated_at.isoformat()}", **about)


def method_changed(account: Account, kept: Confirmation, renewal_method: RenewalMethod, upcoming: NextRenewals) -> None:
    """One mail for each accepted final screen, `kept`."""
    about = {"method": renewal_method.method, "paid_with": renewal_method.paid_with, "upcoming": upcoming}
    _write(MailKind.METHOD_CHANGED, account, f"method {kept.id}", **about)


def switched(account: Account, kept: Confirmation, product: str, upcoming: NextRenewals, *, on: bool) -> None:
    """One mail for each accepted final screen, `kept`."""
    _write(MailKind.RENEWAL_SWITCHED, account, f"switch {kept.id}", product=product, is_on=on, upcoming=upcoming)


def reserved(
    account: Account, kept: Confirmation, ends_on: date, lines: tuple[Line, ...], charge: Charge, dropped: tuple[str, ...]
) -> None:
    """One mail for each accepted final screen, `kept`."""
    about = {"ends_on": ends_on, "lines": lines, "total_yen": sum(line.yen for line in lines), "charge": charge, "dropped": dropped}
    _write(MailKind.RESERVATION_MADE, account, f"reserved {kept.id}", **about)


def reservation_undone(account: Account, undone: Reservation, group: RenewalGroup) -> None:
    """One mail for each reservation that was undone."""
    about = {"ends_on": group.ends_on, "lines": group.quote.lines, "total_yen": group.quote.yen, "charge": group.plan.charge}
    _write(MailKind.RESERVATION_UNDONE, account, f"unreserved {undone.made_at.isoformat()}", **about)


def some_at_a_time(entitlements: list[Entitlement]) -> list[list[Entitlement]]:
    return [entitlements[start : start + MOST_IN_ONE_MAIL] for start in range(0, len(entitlements), MOST_IN_ONE_MAIL)]


def _write(kind: MailKind, account: Account, key: str, *, good_until: date | None = None, **about: object) -> Mail | None:
    """What was withdrawn unsent may be written once more, as another mail."""
    entity = f"renewal {account.login} {key}"
    before = outbox.how_many_withdrawn(kind, entity, account) if kind in FORESEEING else 0
    numbered = f"{entity} {before + 1}" if before else entity
    return outbox.queue(kind, numbered, account, good_until=good_until, **about)


def _about(notice: Notice) -> str:
    return f"{notice.kind} {notice.ends_on} {notice.which}"


def _key(kind: str, entitlements: list[Entitlement]) -> str:
    return f"{kind} {'+'.join(str(entitlement.subscription) for entitlement in entitlements)} {entitlements[0].ends_on}"
