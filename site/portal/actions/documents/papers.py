"""Issues papers and makes them void. Call these inside the transaction that moves the money, with account and order locked.

The number is taken last in the transaction: whoever has it makes every other one that issues a paper wait until the commit.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import JOIN, Expression

from models import Account, Invoice, InvoiceAddressee, InvoiceVoid, Order, OrderLine, Refund, Term, created
from portal import clock
from portal.catalog import BankAccount, Company, payable_to
from portal.enums import InvoiceKind, Method
from portal.rules.documents import papers
from portal.rules.documents.papers import Issuer, Item, Paper
from portal.store.database import database, hold
from portal.store.inserts import insert

ITEM = ("label", "quantity", "months", "starts_on", "ends_on", "yen")
NUMBERS = "invoice"  # the name to hold while a number is taken


@dataclass(frozen=True)
class Bought:
    """A paid order with the terms that it paid, for its 領収書. `waived_yen`: what staff accepted as missing."""

    order: Order
    account: Account
    terms: Iterable[Term]
    paid_on: date
    waived_yen: int


def issue_receipt(of: Bought, company: Company) -> Invoice:
    """領収書 of the paid order, numbered and frozen."""
    return _issue(lambda number: _receipt(number, of, company), of.order, of.account)


def issue_receipts(paid: Sequence[Bought], company: Company) -> None:
    """The same for several, numbered in this sequence, by one statement."""
    if paid:
        first = _next_number()
        insert(Invoice, *[_row(_receipt(number, of, company), of.order, of.account) for number, of in enumerate(paid, first)])


def _receipt(number: int, of: Bought, company: Company) -> Paper:
    items, order = tuple(map(_item, of.terms)), of.order
    about = (order.number, Method(order.method), of.paid_on, items, of.waived_yen, order.tax_percent)
    return papers.receipt(number, clock.today(), Issuer.of(company), *about)


def issue_invoice(order: Order, accounts: tuple[BankAccount, ...], company: Company) -> Invoice | None:
    """請求書 of an order that waits for a transfer: the one that there is, else a new one. None if it waits for none."""
    with database.atomic():
        account, order = Account.locked(order.account_id), Order.locked(order.id)
        if not (order.is_placed and order.is_by_transfer):
            return None
        items = tuple(Item(*(getattr(line, name) for name in ITEM)) for line in order.lines.order_by(OrderLine.position))

        def make(number: int) -> Paper:
            about = (Issuer.of(company), order.number, items, order.tax_percent, order.due_on, payable_to(accounts, account.virtual_number))
            return papers.invoice(number, clock.today(), *about)

        return _valid(order, InvoiceKind.INVOICE) or _issue(make, order, account)


def issue_return(refund: Refund, account: Account) -> Invoice | None:
    """適格返還請求書 of money of a paid order that went back. None below 10,000 yen, and if the order has no valid 領収書."""
    receipt = valid_receipt(refund.order) if refund.yen >= papers.RETURN_FROM_YEN else None
    if receipt is None:
        return None
    of, returned_on = Paper.read(receipt.content), refund.returned_on
    return _issue(lambda number: papers.return_of(number, clock.today(), of, refund.yen, returned_on), refund.order, account, refund=refund)


def issue_again(stored: Invoice, order: Order, account: Account, reason: str) -> Invoice:
    """取消 of this paper, and the same with a new number, which names the old one. Its 宛名 is not written yet."""
    _void(Invoice.id == stored.id, reason)
    make = lambda number: papers.again(number, clock.today(), Paper.read(stored.content))  # noqa: E731
    return _issue(make, order, account, refund=stored.refund_id)


def void_papers(order: Order, reason: str) -> None:
    """取消 of every valid paper of the order, because it is not paid any more, or over. The numbers stay."""
    _void(Invoice.order == order, reason)


def void_return(refund: Refund, reason: str) -> None:
    """取消 of the 適格返還請求書 of a refund that came to nothing."""
    _void(Invoice.refund == refund, reason)


def _void(which: Expression, reason: str) -> None:
    valid = Invoice.select(Invoice.id).join(InvoiceVoid, JOIN.LEFT_OUTER).where(which, InvoiceVoid.invoice.is_null())
    rows = [{"invoice": found, "voided_on": clock.today(), "reason": reason, "voided_at": clock.now()} for found in valid]
    if rows:
        InvoiceVoid.insert_many(rows).as_rowcount().execute()


def open_first(invoice: Invoice, addressee: str) -> bool:
    """Write 宛名 into the paper, for ever. False if it has one already, or is void."""
    with database.atomic():
        if InvoiceVoid.select().where(InvoiceVoid.invoice == invoice).exists():
            return False
        return InvoiceAddressee.write(invoice=invoice, addressee=addressee, written_at=clock.now())


def valid_receipt(order: Order) -> Invoice | None:
    return _valid(order, InvoiceKind.RECEIPT)


def _valid(order: Order, kind: InvoiceKind) -> Invoice | None:
    return order.invoices.where(Invoice.kind == kind, Invoice.is_valid()).first()


def _issue(make: Callable[[int], Paper], order: Order, account: Account, refund: Refund | int | None = None) -> Invoice:
    return created(Invoice, **_row(make(_next_number()), order, account, refund))


def _next_number() -> int:
    hold([NUMBERS])
    return Invoice.next_number()


def _row(paper: Paper, order: Order, account: Account, refund: Refund | int | None = None) -> dict[str, Any]:
    text = paper.text
    values = {name: getattr(paper, name) for name in ("number", "kind", "issued_on", "traded_on", "total_yen", "tax_percent", "tax_yen")}
    about = {"account": account, "order": order, "refund": refund, "customer": account.name}
    return values | about | {"content": text, "sha256": papers.sha256(text), "created_at": clock.now()}


def _item(term: Term) -> Item:
    line = term.order_line
    return Item(line.label, line.quantity, line.months, term.starts_on, term.ends_on, line.yen)
