"""Places an order as the customer accepted it. The caller then adds an attempt, or a due date for a transfer."""

from dataclasses import dataclass
from datetime import date, timedelta

from models import LIVE, Account, Consent, Order, OrderLine, Payment, Subscription
from portal import clock
from portal.actions import history
from portal.actions.orders.can_take_money import follows, has_another_server, may_be_added
from portal.actions.orders.confirmations import ConfirmedScreen
from portal.actions.orders.drafts import OutOfStep, cancel, lock_account
from portal.catalog import Document
from portal.enums import Method, OrderState
from portal.rules.orders.quote import Line, Quote

ANSWER_EXPECTED_WITHIN = timedelta(minutes=1)


@dataclass(frozen=True)
class AcceptedOrder(ConfirmedScreen):
    """The final confirmation of an order as the customer saw and accepted it. `revision` is the draft's revision that was shown.

    `gives_up_transfer`: the customer agreed that a reported transfer pays nothing any more. `keeps_method`: of kind `add`,
    the card or wallet pays automatic renewals from now on.
    """

    quote: Quote
    method: Method
    plan: str
    documents: tuple[Document, ...]
    revision: int
    gives_up_transfer: bool = False
    keeps_method: bool = False


def lock_payable(order: Order, accepted: AcceptedOrder) -> tuple[Order, Account]:
    """Lock account and order until the transaction ends. Raises OutOfStep if the order changed since it was shown, or cannot be paid."""
    account = lock_account(order.account_id)
    order = Order.locked(order.id)
    if not _may_be_paid(order, accepted) or has_another_server(order, account):
        raise OutOfStep
    if any(line.subscription and not _follows_newest_term(account, line) for line in accepted.quote.lines):
        raise OutOfStep
    if not may_be_added(order, account, accepted.quote.lines):
        raise OutOfStep
    return order, account


def _follows_newest_term(account: Account, line: Line) -> bool:
    """True if the line starts on the day after the newest term, which has begun and whose subscription has not ended."""
    renewed = account.subscriptions.where(Subscription.id == line.subscription).first()
    if renewed is None or not follows(renewed, line.starts_on):
        return False
    newest = renewed.last_term
    return newest is None or newest.starts_on <= clock.today()


def place(order: Order, account: Account, accepted: AcceptedOrder, *, due_on: date | None) -> None:
    """Place the locked order, to be paid by the accepted method. `due_on`: only for a transfer, or an order that had one.

    Raises OutOfStep if the account has an open order whose payment may still arrive.
    """
    method = accepted.method
    if order.is_draft:
        _place_draft(order, account, accepted)
    elif method != Method.BANK:
        _refuse_silent_end(order, accepted)
    if order.is_placed and order.method != method:
        reason = f"お支払い方法を{method.label}に変更"
        history.record("order", order.number, OrderState.PLACED, OrderState.PLACED, history.by(account), reason, account=account)
    Order.update(method=method, due_on=due_on, keeps_method=accepted.keeps_method).where(Order.id == order.id).execute()
    _plan_terms(order, accepted)


def _may_be_paid(order: Order, accepted: AcceptedOrder) -> bool:
    if order.state not in (OrderState.DRAFT, OrderState.PLACED) or order.revision != accepted.revision:
        return False
    if order.is_placed and (order.received_yen or order.total_yen != accepted.quote.total_yen):
        return False
    return not order.payments.where(Payment.state.in_(LIVE)).exists()


def _place_draft(order: Order, account: Account, accepted: AcceptedOrder) -> None:
    """A new order replaces the account's open one: of the contract, or of kind `add` for the same thing.

    Raises OutOfStep if that one's payment may still arrive.
    """
    open_order = account.placed_like(order)
    if open_order:
        _refuse_silent_end(open_order, accepted)
    if open_order and not cancel(open_order, history.by(account), "新しいお申し込みに置き換え"):
        raise OutOfStep
    quote = accepted.quote
    values = {"plan": accepted.plan, "total_yen": quote.total_yen, "tax_yen": quote.tax_yen, "tax_percent": quote.tax_percent}
    values |= {"method": accepted.method, "placed_at": clock.now()}
    if not order.move(OrderState.PLACED, came_from=[OrderState.DRAFT], **values):
        raise OutOfStep
    history.record(
        "order",
        order.number,
        OrderState.DRAFT,
        OrderState.PLACED,
        history.by(account),
        f"申し込み {quote.total_yen}円",
        account=account,
    )
    OrderLine.insert_many([as_row(order, position, line) for position, line in enumerate(quote.lines, 1)]).execute()
    if accepted.documents:
        Consent.insert_many([_consent(order, document) for document in accepted.documents]).execute()


def _refuse_silent_end(order: Order, accepted: AcceptedOrder) -> None:
    """A transfer that the customer reported is not given up without a step of its own. Raises OutOfStep."""
    if order.is_by_transfer and order.transfer_report and not accepted.gives_up_transfer:
        raise OutOfStep


def as_row(order: Order, position: int, line: Line) -> dict:
    names = ("product", "kind", "variant", "name", "quantity", "months", "monthly_yen", "yen", "starts_on", "ends_on")
    names += ("subscription", "part_of", "is_last_time", "renews_by_default", "common_name")
    return {"order": order, "position": position} | {name: getattr(line, name) for name in names}


def _consent(order: Order, document: Document) -> dict:
    names = {"document": document.id, "version": document.version, "title": document.title, "sha256": document.sha256}
    return {"order": order, "agreed_at": clock.now()} | names


def _plan_terms(order: Order, accepted: AcceptedOrder) -> None:
    """Store the accepted days of the lines. An order paid on a later day starts later; prices stay. Undone lines keep their days."""
    for position, line in enumerate(accepted.quote.lines, 1):
        is_this = (OrderLine.order == order) & (OrderLine.position == position) & OrderLine.undone_subscription.is_null()
        OrderLine.update(starts_on=line.starts_on, ends_on=line.ends_on).where(is_this).execute()
