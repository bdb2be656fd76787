"""Which mail an event of an order writes. Called inside the transaction that makes the event, so that neither is without the other."""

from datetime import date
from itertools import groupby

from models import Account, Mail, Order, OrderLine, Payment, Term
from portal import clock
from portal.actions.mail import outbox, rendering
from portal.actions.orders.stored_lines import placed_quote
from portal.actions.renewals.snapshot import snapshot_of
from portal.catalog import BankAccount
from portal.enums import MailKind, Method
from portal.rules.renewals.charge_plan import charge_plan
from portal.rules.renewals.offer import Renewal


def order_accepted(order: Order, account: Account, accounts: tuple[BankAccount, ...], closed: tuple[date, ...]) -> None:
    """お支払い情報 for a bank order. Each call writes one more: asked for again, or due on another day after a change of the method."""
    before = how_many(MailKind.ORDER_ACCEPTED, order, account)
    transfer = rendering.Transfer(accounts, order.number, order.due_on, closed, order.received_yen, is_again=before > 0)
    about = {"lines": placed_quote(order).lines, "transfer": transfer} | _sums(order)
    _write(MailKind.ORDER_ACCEPTED, _next_entity(MailKind.ORDER_ACCEPTED, order, account), account, **about)


def payment_confirmed(order: Order, account: Account, payment: Payment | None) -> None:
    """The order was paid; what of it is charged next, when, and until when that can be changed. Call it once the terms exist.

    After an undo a second one is its own mail.
    """
    terms = {term.order_line_id: term for term in order.terms}
    lines = [_as_begun(line, terms[line.id]) for line in order.lines.order_by(OrderLine.position)]
    renewals, by_hand = _goes_on(account, order, lines)
    about = {"method": Method(order.method), "paid_on": order.paid_on, "lines": lines, "renewals": renewals, "by_hand": by_hand}
    about |= {"paid_with": _paid_with(payment), "is_automatic": payment is not None and payment.is_automatic}
    _write(MailKind.PAYMENT_CONFIRMED, _next_entity(MailKind.PAYMENT_CONFIRMED, order, account), account, **about, **_sums(order))


def _paid_with(payment: Payment | None) -> str:
    """The card; the wallet only where nobody was there to see it."""
    if payment is None or not (payment.is_automatic or payment.payment_method.last4):
        return ""
    return payment.payment_method.paid_with


def _as_begun(line: OrderLine, term: Term) -> OrderLine:
    """With the days that were paid for, which may be later than those that were planned."""
    line.starts_on, line.ends_on = term.starts_on, term.ends_on
    return line


def _goes_on(account: Account, order: Order, lines: list[OrderLine]) -> tuple[tuple[Renewal, ...], tuple[OrderLine, ...]]:
    """What of the order renews by itself, by its end, and what does not."""
    snapshot, numbers = snapshot_of(account), rendering.letterhead().renewal
    bought = {term.order_line_id: term.subscription_id for term in order.terms}
    renewing = (
        {entitlement.subscription for entitlement in snapshot.entitlements if entitlement.renews} if snapshot.renewal_method else set()
    )
    going_on = [line for line in lines if bought[line.id] in renewing]
    by_end = groupby(sorted(going_on, key=lambda line: line.ends_on), key=lambda line: line.ends_on)
    renewals = tuple(Renewal(ends_on, tuple(found), charge_plan(snapshot, ends_on, numbers).charge) for ends_on, found in by_end)
    return renewals, tuple(line for line in lines if line not in going_on)


def payment_refused(order: Order, payment: Payment, code: str) -> None:
    about = {"number": order.number, "total_yen": order.total_yen, "code": code, "method": Method(payment.method)}
    _write(MailKind.CARD_REFUSED, f"payment {payment.key}", order.account, **about)


def order_expired(order: Order, account: Account) -> None:
    """After late money and its undo an order may expire once more: that is its own mail too."""
    entity = _next_entity(MailKind.ORDER_EXPIRED, order, account)
    _write(MailKind.ORDER_EXPIRED, entity, account, number=order.number, total_yen=order.total_yen, due_on=order.due_on)


def new_browser(account: Account, address: str, user_agent: str) -> None:
    at = clock.now()
    _write(MailKind.NEW_BROWSER, f"sign-in {account.login} {at.isoformat()}", account, at=at, address=address, user_agent=user_agent)


def password_changed(account: Account) -> None:
    at = clock.now()
    _write(MailKind.PASSWORD_CHANGED, f"account {account.login} {at.isoformat()}", account, at=at)


def how_many(kind: MailKind, order: Order, account: Account) -> int:
    """Mails of that kind about the order so far."""
    return account.mails.where(Mail.kind == kind, Mail.entity.startswith(_entity(order))).count()


def _write(kind: MailKind, entity: str, account: Account, **values: object) -> bool:
    return outbox.queue(kind, entity, account.email, account, **values)


def _next_entity(kind: MailKind, order: Order, account: Account) -> str:
    before = how_many(kind, order, account)
    return _entity(order) + (f" again {before}" if before else "")


def _entity(order: Order) -> str:
    return f"order {order.number}"


def _sums(order: Order) -> dict[str, object]:
    return {name: getattr(order, name) for name in ("number", "total_yen", "tax_yen", "tax_percent")}
