"""Mails about transfers that do not fit. Call them inside the transaction of the event."""

from datetime import date

from models import Account, Deposit, Mail, Order
from portal import clock
from portal.actions.mail import order_mails, outbox, rendering
from portal.catalog import BankAccount, payable_to
from portal.enums import HeldBecause, MailKind, Method


def part_received(
    order: Order,
    account: Account,
    part_yen: int,
    accounts: tuple[BankAccount, ...],
    expires_on: date,
    *,
    is_reopened: bool = False,
    left: Method | None = None,
) -> None:
    """A part came, with お支払い情報 for the missing yen. `left`: the method that the order was to be paid with before."""
    about = {"part_yen": part_yen, "is_new": order.is_new, "gives_days_back": order.gives_days_back}
    about |= {"is_overdue": order.due_on < clock.today(), "is_reopened": is_reopened, "left": left} | _missing(order, accounts, expires_on)
    outbox.queue(MailKind.PART_RECEIVED, order_mails.next_entity(MailKind.PART_RECEIVED, order, account), account, **about)


def part_overdue(order: Order, account: Account, accounts: tuple[BankAccount, ...], expires_on: date) -> bool:
    """The due date passed. False if the customer was told of this due date."""
    about = _missing(order, accounts, expires_on)
    return outbox.queue(MailKind.PART_OVERDUE, overdue_entity(order), account, **about) is not None


def withdraw(order: Order, account: Account) -> None:
    """What mails said of the order's missing yen has become wrong."""
    is_about_it = Mail.entity.startswith(f"order {order.number}")
    outbox.withdraw([account], Mail.kind.in_([MailKind.PART_RECEIVED, MailKind.PART_OVERDUE]) & is_about_it)


def overdue_entity(order: Order) -> str:
    return f"order {order.number} due {order.due_on}"


def money_held(account: Account, deposit: Deposit, order: Order, yen: int, because: HeldBecause) -> None:
    """`yen` of the deposit wait for staff; they were meant for the order."""
    about = {"yen": yen, "received_on": deposit.counts_on, "number": order.number, "because": because}
    outbox.queue(MailKind.MONEY_HELD, _next(MailKind.MONEY_HELD, deposit, account), account, **about)


def held_used(account: Account, deposit: Deposit, order: Order, yen: int, left_yen: int) -> None:
    """`yen` of the customer's お預かり were used for the order; `left_yen` of that deposit are still held."""
    about = {"yen": yen, "received_on": deposit.counts_on, "number": order.number, "left_yen": left_yen}
    outbox.queue(MailKind.HELD_USED, _next(MailKind.HELD_USED, deposit, account), account, **about)


def held_letter(account: Account, deposit: Deposit, yen: int, text: str) -> None:
    """Staff write about the `yen` of that deposit that are held."""
    about = {"yen": yen, "received_on": deposit.counts_on, "text": text}
    outbox.queue(MailKind.HELD_LETTER, _next(MailKind.HELD_LETTER, deposit, account), account, **about)


def held_moved(account: Account, deposit: Deposit, yen: int) -> None:
    """`yen` of that deposit were held for the customer, who was told so; staff have found that they are another's."""
    about = {"yen": yen, "received_on": deposit.counts_on}
    outbox.queue(MailKind.HELD_MOVED, _next(MailKind.HELD_MOVED, deposit, account), account, **about)


def _next(kind: MailKind, deposit: Deposit, account: Account) -> str:
    """The entity of the next mail of that kind about the deposit."""
    before = account.mails.where(Mail.kind == kind, Mail.entity.startswith(f"deposit {deposit.number} ")).count()
    return f"deposit {deposit.number} {before + 1}"


def _missing(order: Order, accounts: tuple[BankAccount, ...], expires_on: date) -> dict[str, object]:
    accounts = payable_to(accounts, order.account.virtual_number)
    transfer = rendering.Transfer(accounts, order.number, order.due_on, (), order.received_yen)
    return {"number": order.number, "missing_yen": order.missing_yen, "transfer": transfer, "expires_on": expires_on}
