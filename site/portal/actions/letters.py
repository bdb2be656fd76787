"""Which mail an event of an order writes. Called inside the transaction that makes the event, so that neither is without the other."""

from datetime import date

from models import Account, Mail, Order, Payment
from portal import clock, mails
from portal.actions import outbox
from portal.actions.quotes import placed_quote
from portal.catalog import BankAccount
from portal.rules.offer import offer, replanned
from portal.words import MailKind, Method


def order_accepted(order: Order, account: Account, accounts: tuple[BankAccount, ...], closed: tuple[date, ...]) -> None:
    """お支払い情報 for a bank order. Each call writes one more: asked for again, or due on another day after a change of the method."""
    before = how_many(MailKind.ORDER_ACCEPTED, order, account)
    transfer = mails.Transfer(accounts, order.number, order.due_on, closed, order.received_yen, is_again=before > 0)
    about = {"lines": placed_quote(order).lines, "transfer": transfer} | _sums(order)
    _write(MailKind.ORDER_ACCEPTED, _next_entity(MailKind.ORDER_ACCEPTED, order, account), account, **about)


def payment_confirmed(order: Order, account: Account, begins_on: date, payment: Payment | None, *, renews: bool) -> None:
    """The order was paid; what is charged next if it `renews`, when, and until when it can be changed.

    After an undo a second one is its own mail.
    """
    entry = payment and payment.entry
    quote, method = replanned(placed_quote(order), begins_on), Method(order.method)
    numbers, day = mails.letterhead().renewal, entry and entry.wallet_day
    found = offer(quote, method if renews else Method.BANK, order.paid_on, numbers=numbers, wallet_day=day)
    about = {"method": method, "paid_on": order.paid_on, "lines": quote.lines, "renewals": found.renewals, "by_hand": found.by_hand}
    paid_with = f"{entry.brand} 下4桁 {entry.last4}" if method is Method.CARD and entry else ""
    entity = _next_entity(MailKind.PAYMENT_CONFIRMED, order, account)
    _write(MailKind.PAYMENT_CONFIRMED, entity, account, paid_with=paid_with, **about, **_sums(order))


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
