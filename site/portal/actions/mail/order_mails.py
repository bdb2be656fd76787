"""Mails about orders. Call them inside the transaction of the event."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from peewee import Query

from models import Account, Allocation, Mail, Order, Payment, Refund
from portal import clock
from portal.actions.mail import outbox, rendering
from portal.catalog import BankAccount, Catalog, payable_to
from portal.enums import MailKind, MailState, Method
from portal.rules.payments.methods import row_of
from portal.rules.renewals.next_renewals import NextRenewals
from portal.store.prepared import Prepared

Lines = Iterable[rendering.Item]
Accounts = tuple[BankAccount, ...]
Closed = tuple[date, ...]


def order_accepted(order: Order, account: Account, lines: Lines, accounts: Accounts, closed: Closed) -> None:
    """お支払い情報 of a transfer order. Each call writes one more mail: requested again, or with a new due date after a method change."""
    before = how_many(MailKind.ORDER_ACCEPTED, order, account)
    about = _transfer(order, lines, accounts, closed, is_again=before > 0)
    _write(MailKind.ORDER_ACCEPTED, next_entity(MailKind.ORDER_ACCEPTED, order, account), account, **about)


def is_under_way(order: Order, account: Account, lines: Lines, accounts: Accounts, closed: Closed, *, since: datetime) -> bool:
    """True if お支払い情報 with exactly this content is still unsent, or was written after that moment."""
    written = [_transfer(order, list(lines), accounts, closed, is_again=is_again) for is_again in (False, True)]
    bodies = [rendering.render(MailKind.ORDER_ACCEPTED, account.name, **about).body for about in written]
    unsent = Mail.state.in_([MailState.WAITING, MailState.SENDING])
    return _about(MailKind.ORDER_ACCEPTED, order, account).where(unsent | (Mail.created_at > since), Mail.body.in_(bodies)).exists()


@dataclass(frozen=True)
class Confirmed:
    """An order that was paid, for its mail."""

    order: Order
    account: Account
    payment: Payment | None
    lines: Lines
    upcoming: NextRenewals
    waived_yen: int


def payments_confirmed(found: Sequence[Confirmed]) -> None:
    """The orders were paid: the next charges, their amounts and deadlines to change, and what must be renewed by hand.

    A second payment after an undo gets its own mail.
    """
    entities = next_entities(MailKind.PAYMENT_CONFIRMED, [(each.order, each.account) for each in found])
    mails = [(entity, each.account, _confirmed(each)) for entity, each in zip(entities, found, strict=True)]
    outbox.queue_all(MailKind.PAYMENT_CONFIRMED, mails)


def _confirmed(found: Confirmed) -> dict[str, object]:
    order, payment, lines, upcoming = found.order, found.payment, found.lines, found.upcoming
    about = {"method": Method(order.method), "paid_on": order.paid_on, "lines": lines, "upcoming": upcoming}
    about |= {"paid_with": _paid_with(payment), "is_automatic": payment is not None and payment.is_automatic}
    about |= {"waived_yen": found.waived_yen, "keeps_renewal": order.is_automatic and payment is None}
    return about | _sums(order)


def _paid_with(payment: Payment | None) -> str:
    """The card. The wallet only for an automatic charge."""
    if payment is None or not (payment.is_automatic or payment.payment_method.last4):
        return ""
    return payment.payment_method.paid_with


def payment_refused(order: Order, payment: Payment, code: str) -> None:
    about = {"number": order.number, "total_yen": order.total_yen, "code": code, "method": Method(payment.method)}
    _write(MailKind.CARD_REFUSED, f"payment {payment.key}", order.account, **about)


def order_expired(order: Order, account: Account, held_yen: int = 0) -> None:
    """`held_yen`: the parts that came. An order may expire again, after late money; that is a second mail."""
    entity = next_entity(MailKind.ORDER_EXPIRED, order, account)
    about = {"number": order.number, "total_yen": order.total_yen, "due_on": order.due_on, "held_yen": held_yen}
    about["gives_days_back"] = order.gives_days_back
    _write(MailKind.ORDER_EXPIRED, entity, account, **about)


def money_returned(refund: Refund, account: Account) -> None:
    """Money went back: how much, when, which way and why."""
    order, method = refund.order, Method(refund.method)
    about = {"number": order.number if order else "", "yen": refund.yen, "returned_on": refund.returned_on, "reason": refund.reason}
    about |= {"method": method, "note": row_of(method).returned, "is_kept": order is not None and order.is_paid}
    paid_with = refund.payment.payment_method.paid_with if refund.payment else ""
    _write(MailKind.MONEY_RETURNED, f"refund {refund.key}", account, paid_with=paid_with, **about)


def order_cancelled(order: Order, account: Account, reason: str, held_yen: int, *, by_staff: bool = True) -> None:
    """Staff have cancelled it, or it was over with what it added to. `held_yen`: the parts that came."""
    entity = next_entity(MailKind.ORDER_CANCELLED, order, account)
    about = {"number": order.number, "total_yen": order.total_yen, "reason": reason, "held_yen": held_yen, "by_staff": by_staff}
    _write(MailKind.ORDER_CANCELLED, entity, account, **about)


def due_date_moved(order: Order, account: Account, reason: str) -> None:
    about = {"number": order.number, "total_yen": order.total_yen, "missing_yen": order.missing_yen}
    about |= {"due_on": order.due_on, "reason": reason}
    _write(MailKind.DUE_DATE_MOVED, next_entity(MailKind.DUE_DATE_MOVED, order, account), account, **about)


def allocation_undone(
    order: Order, account: Account, allocation: Allocation, reason: str, undone: tuple[rendering.Undone, ...], catalog: Catalog
) -> None:
    """Staff undid this allocation of the order; the order is as it is afterwards. `undone`: its withdrawn terms."""
    about = {"number": order.number, "yen": allocation.yen, "reason": reason, "undone": undone, "missing_yen": order.missing_yen}
    if order.is_placed and order.due_on:
        accounts = payable_to(catalog.payable_accounts, account.virtual_number)
        about["transfer"] = rendering.Transfer(accounts, order.number, order.due_on)
    _write(MailKind.ALLOCATION_UNDONE, f"{_entity(order)} undone {allocation.number}", account, **about)


def paid_order_cancelled(
    order: Order, account: Account, reason: str, terms: tuple[rendering.Withdrawn, ...], refund: Refund | None, held_yen: int
) -> None:
    """Staff cancelled a paid order: what can be used until when, and what becomes of the money."""
    about = {"number": order.number, "total_yen": order.total_yen, "reason": reason, "terms": terms, "method": Method(order.method)}
    if refund:
        about |= {"refund_yen": refund.yen, "paid_with": refund.payment.payment_method.paid_with}
    _write(MailKind.PAID_ORDER_CANCELLED, _entity(order), account, held_yen=held_yen, **about)


def how_many(kind: MailKind, order: Order, account: Account) -> int:
    """How many mails of that kind exist for the order."""
    return _about(kind, order, account).count()


def _about(kind: MailKind, order: Order, account: Account) -> Query:
    return account.mails.where(Mail.kind == kind, Mail.entity.startswith(_entity(order)))


def _transfer(order: Order, lines: Lines, accounts: Accounts, closed: Closed, *, is_again: bool) -> dict[str, object]:
    accounts = payable_to(accounts, order.account.virtual_number)
    received_yen = order.received_yen
    is_too_late = order.due_on < clock.today() and not received_yen
    transfer = rendering.Transfer(accounts, order.number, order.due_on, closed, received_yen, is_again, is_too_late)
    lines = tuple(lines)
    renewed = [line for line in lines if line.subscription]
    undone = [line for line in lines if line.is_undone]
    about = {"renews": bool(renewed), "gives_days_back": bool(undone), "begins": len(renewed) + len(undone) < len(lines)}
    about["is_late"] = any(line.starts_on <= clock.today() for line in renewed)
    return {"lines": lines, "transfer": transfer} | about | _sums(order)


def next_entity(kind: MailKind, order: Order, account: Account) -> str:
    """The entity of the next mail of that kind about the order."""
    [entity] = next_entities(kind, [(order, account)])
    return entity


def next_entities(kind: MailKind, orders: Sequence[tuple[Order, Account]]) -> list[str]:
    """The same for several. Nearly always it is the first mail of each, which one look into an index tells."""
    written = {mail.entity for mail in _written(kind, [_entity(order) for order, _ in orders])}

    def entity(order: Order, account: Account) -> str:
        first = _entity(order)
        before = how_many(kind, order, account) if first in written else 0
        return first + (f" again {before}" if before else "")

    return [entity(*each) for each in orders]


@Prepared
def _written(kind: Any, entities: list[Any]) -> Query:
    return Mail.select(Mail.entity).where(Mail.kind == kind, Mail.entity.in_(entities))


def _write(kind: MailKind, entity: str, account: Account, **values: object) -> None:
    outbox.queue(kind, entity, account, **values)


def _entity(order: Order) -> str:
    return f"order {order.number}"


def _sums(order: Order) -> dict[str, object]:
    return {name: getattr(order, name) for name in ("number", "total_yen", "tax_yen", "tax_percent")}
