"""A customer's tries to pay by card or wallet, and visits to a company's page: counted against limits before a company is asked.

Automatic charges are not among them: they are neither counted nor refused.
"""

from models import Account, Order, Payment
from portal import clock
from portal.actions.accounts import limits
from portal.actions.accounts.limits import Counted
from portal.enums import OrderState, PaymentState
from portal.rules.accounts.limits import Limited, TooMany


def begin(order: Order, press: str, address: str) -> Counted:
    """Count one try to pay the order, before it is made. `press`: the setup whose OK was pressed. Raises TooMany."""
    try:
        return limits.count_or_refuse(Limited.PAYMENT, limits.of_account(order.account, address), press=press)
    except TooMany as refusal:
        _wait(order, refusal)
        raise


def end(tried: Counted, payment: Payment, address: str) -> None:
    """The company has answered, or not. What was paid was no refusal; after the last refusal the order waits."""
    if Payment.get_by_id(payment.id).state == PaymentState.SUCCEEDED:
        tried.take_back()
    elif refusal := refusal_of(payment.order, address):
        _wait(payment.order, refusal)


def count_visit(account: Account, order: Order | None, address: str) -> TooMany | None:
    """Count a visit to a company's page, inside the transaction that begins it. What is returned is raised after it."""
    refusal = refusal_of(order, address) if order else None
    if refusal is None:
        found = limits.count(Limited.VISIT, limits.of_account(account, address))
        refusal = found if isinstance(found, TooMany) else None
    if order and refusal:
        _wait(order, refusal)
    return refusal


def refusal_of(order: Order, address: str = "") -> TooMany | None:
    """Why a card or wallet would not be asked for this order now, and until when. Without an address: of the account."""
    return limits.refusal_now(Limited.PAYMENT, limits.of_account_id(order.account_id, address))


def _wait(order: Order, refusal: TooMany) -> None:
    """The order is not cancelled meanwhile: the time in which it can be paid begins again when the wait is over."""
    until = clock.now() + (refusal.free_at - clock.real_now())
    is_longer = Order.waits_until.is_null() | (Order.waits_until < until)
    Order.update(waits_until=until).where(Order.id == order.id, Order.state == OrderState.PLACED, is_longer).execute()
