"""What the card company took and what the portal recorded, for one-line asserts. Yen."""

from datetime import date

from models import Allocation, Order, Payment, PaymentMethod, Term
from portal.enums import Method, PaymentMethodState
from portal.sandbox.books import Books


def taken(books: Books) -> list[int]:
    """Every amount that the card company has taken."""
    return [row["yen"] for row in books.reader().execute("SELECT yen FROM charge WHERE state = 'paid' ORDER BY rowid")]


def asked(books: Books) -> int:
    """How many charges, taken or refused, the card company has in its books."""
    return books.reader().execute("SELECT COUNT(*) FROM charge").fetchone()[0]


def received() -> list[int]:
    """Every amount that the portal counts for an order."""
    return [allocation.yen for allocation in Allocation.select().where(Allocation.order.is_null(False)).order_by(Allocation.id)]


def states() -> list[str]:
    """The states of all orders, oldest first."""
    return [order.state for order in Order.select().order_by(Order.id)]


def payments() -> list[str]:
    """The states of all attempts, oldest first."""
    return [payment.state for payment in Payment.select().order_by(Payment.id)]


def terms() -> list[tuple[str, date, date]]:
    return [(term.subscription.product, term.starts_on, term.ends_on) for term in Term.select().order_by(Term.id)]


def is_nothing_moved(books: Books) -> bool:
    """No charge, no received money, no term, no attempt."""
    return not (asked(books) or received() or terms() or payments())


def linked_wallets() -> list[PaymentMethod]:
    """Every wallet that an account has linked."""
    return list(PaymentMethod.select().where(PaymentMethod.method == Method.WALLET, PaymentMethod.state == PaymentMethodState.ACTIVE))


def an_allocation() -> Allocation:
    """The first that pays an order."""
    return Allocation.select().where(Allocation.order.is_null(False)).order_by(Allocation.id).first()
