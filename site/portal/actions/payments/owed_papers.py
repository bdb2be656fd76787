"""領収書 for orders that were paid before there were papers: the migration has listed them, this job issues them, the oldest first."""

from collections.abc import Iterator
from functools import partial

from models import Invoice, InvoiceOwed, Order, OrderLine, Term
from portal.actions.documents.papers import Bought, issue_receipt, valid_receipt
from portal.actions.orders.drafts import lock_account_if_free
from portal.actions.row_by_row import Failed, one_by_one
from portal.catalog import Company
from portal.store.database import database
from portal.store.row_locks import take

AT_A_TIME = 500


def issue_owed(company: Company) -> Iterator[Invoice | Failed]:
    """Yields each paper that was issued. One whose order is not paid any more, or has a paper by now, is only taken off the list."""
    return one_by_one("order", owed()[:AT_A_TIME], partial(_issue, company=company))


def owed() -> list[Order]:
    return list(Order.select(Order).where(Order.id.in_(InvoiceOwed.select(InvoiceOwed.order))).order_by(Order.paid_on, Order.id))


def _issue(order: Order, company: Company) -> Invoice | None:
    with database.atomic():
        account, still = lock_account_if_free(order.account_id), take(Order.select().where(Order.id == order.id))
        if not InvoiceOwed.delete().where(InvoiceOwed.order == order.id).execute():
            return None
        if still is None or not still.is_paid or valid_receipt(still):
            return None
        terms = Term.select(Term, OrderLine).join(OrderLine).where(Term.order == order.id).order_by(OrderLine.position)
        return issue_receipt(Bought(still, account, terms, still.paid_on, still.waived_yen), company)
