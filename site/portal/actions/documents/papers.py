"""Issues papers and makes them void. Call these inside the transaction that moves the money, with account and order locked.

The number is taken last in the transaction: whoever has it makes every other one that issues a paper wait until the commit.
"""

from collections.abc import Callable, Iterable
from datetime import date

from peewee import JOIN

from models import Account, Invoice, InvoiceAddressee, InvoiceVoid, Order, Term
from portal import clock
from portal.catalog import Company
from portal.enums import InvoiceKind, Method
from portal.rules.documents import papers
from portal.rules.documents.papers import Issuer, Item, Paper
from portal.store.database import database, hold

NUMBERS = "invoice"  # the name to hold while a number is taken


def issue_receipt(order: Order, account: Account, terms: Iterable[Term], paid_on: date, waived_yen: int, company: Company) -> Invoice:
    """領収書 of the paid order, numbered and frozen. `terms`: what it paid; `waived_yen`: what staff accepted as missing."""
    items, issuer, method = tuple(map(_item, terms)), Issuer.of(company), Method(order.method)

    def make(number: int) -> Paper:
        about = (order.number, method, paid_on, items, waived_yen, order.tax_percent)
        return papers.receipt(number, clock.today(), issuer, *about)

    return _issue(make, order, account)


def void_papers(order: Order, reason: str) -> None:
    """取消 of every valid paper of the order, because it is not paid any more. The numbers stay."""
    valid = Invoice.select(Invoice.id).join(InvoiceVoid, JOIN.LEFT_OUTER).where(Invoice.order == order, InvoiceVoid.invoice.is_null())
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
    return order.invoices.where(Invoice.kind == InvoiceKind.RECEIPT, Invoice.is_valid()).first()


def _issue(make: Callable[[int], Paper], order: Order, account: Account, **more: object) -> Invoice:
    hold([NUMBERS])
    paper = make(Invoice.next_number())
    text = paper.text
    values = {name: getattr(paper, name) for name in ("number", "kind", "issued_on", "traded_on", "total_yen", "tax_percent", "tax_yen")}
    about = {"account": account, "order": order, "customer": account.name, "content": text, "sha256": papers.sha256(text)}
    return Invoice.create(created_at=clock.now(), **values, **about, **more)


def _item(term: Term) -> Item:
    line = term.order_line
    return Item(line.name, line.quantity, line.months, term.starts_on, term.ends_on, line.yen)
