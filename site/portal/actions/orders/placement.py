"""The first beat: what the customer pressed OK on becomes a placed order with one attempt to pay it."""

from dataclasses import dataclass
from datetime import date, timedelta

from models import LIVE, Account, Consent, Order, OrderLine, Payment, PaymentMethodSetup, Subscription
from portal import clock
from portal.actions import history
from portal.actions.mail import order_mails
from portal.actions.orders import confirmations
from portal.actions.orders.confirmations import ConfirmedScreen
from portal.actions.orders.drafts import OutOfStep, cancel, hold
from portal.catalog import BankAccount, Document
from portal.enums import Method, OrderKind, OrderState, PaymentState, SetupState
from portal.rules.orders.quote import Line
from portal.rules.renewals.offer import Offer
from portal.rules.transfers.due_dates import due_day, still_due
from portal.store.database import database

ANSWER_EXPECTED_WITHIN = timedelta(minutes=1)


@dataclass(frozen=True)
class AcceptedOrder(ConfirmedScreen):
    """The final confirmation of an order as the customer saw it and pressed OK."""

    offer: Offer
    plan: str
    documents: tuple[Document, ...]
    revision: int


def place(order: Order, accepted: AcceptedOrder, *, setup: PaymentMethodSetup, installation_id: str) -> Payment:
    """Place the draft (or take up the placed order again) and write down the attempt to pay it, all or nothing.

    Raises OutOfStep when the entry was used, the draft was changed since it was shown, or the order cannot be paid now.
    """
    with database.atomic():
        order, account = _take_up(order, accepted)
        if not _is_still_theirs(setup, account) or not setup.move(SetupState.USED, came_from=SetupState.READY):
            raise OutOfStep
        _place(order, account, accepted, due_on=order.due_on)
        payment = _new_attempt(order, account, accepted, setup, installation_id)
        _keep_confirmation(order, payment, accepted)
        return payment


def place_for_transfer(
    order: Order, accepted: AcceptedOrder, accounts: tuple[BankAccount, ...], closed: tuple[date, ...], *, due_on: date | None = None
) -> None:
    """Place the draft (or take up the placed order again) to be paid by bank transfer, by that day or within 14 days.

    お支払い情報 goes out by mail with it. Raises OutOfStep as `place` does.
    """
    with database.atomic():
        order, account = _take_up(order, accepted)
        if order.is_placed and order.is_by_transfer:
            raise OutOfStep
        _place(order, account, accepted, due_on=still_due(order.due_on, clock.today()) or due_on or due_day(clock.today()))
        _keep_confirmation(order, None, accepted)
        order_mails.order_accepted(Order.get_by_id(order.id), account, accounts, closed)


def _take_up(order: Order, accepted: AcceptedOrder) -> tuple[Order, Account]:
    account = hold(order.account_id)
    order = Order.locked(order.id)
    if not _may_be_paid(order, accepted) or (order.kind == OrderKind.NEW and account.server):
        raise OutOfStep
    if any(line.subscription and not _follows(account, line) for line in accepted.offer.quote.lines):
        raise OutOfStep
    return order, account


def _follows(account: Account, line: Line) -> bool:
    """Whether it is still what comes next: the term that is renewed is the newest, has begun, and has not been ended."""
    renewed = account.subscriptions.where(Subscription.id == line.subscription, Subscription.ended_on.is_null()).first()
    newest = renewed and renewed.last_term
    return newest is not None and newest.ends_on + timedelta(days=1) == line.starts_on and newest.starts_on <= clock.today()


def _is_still_theirs(setup: PaymentMethodSetup, account: Account) -> bool:
    """A wallet pays only while it is the one that the account has linked: a page left open takes nothing from one that was removed."""
    if setup.method != Method.WALLET:
        return True
    link = account.wallet_link
    return link is not None and link.token == setup.token


def _place(order: Order, account: Account, accepted: AcceptedOrder, *, due_on: date | None) -> None:
    if order.is_draft:
        _place_draft(order, account, accepted)
    method = accepted.offer.method
    if order.is_placed and order.method != method:
        reason = f"お支払い方法を{method.label}に変更"
        history.record("order", order.number, OrderState.PLACED, OrderState.PLACED, history.by(account), reason)
    Order.update(method=method, due_on=due_on).where(Order.id == order.id).execute()
    _plan_terms(order, accepted)


def _may_be_paid(order: Order, accepted: AcceptedOrder) -> bool:
    if order.state not in (OrderState.DRAFT, OrderState.PLACED) or order.revision != accepted.revision:
        return False
    if order.is_placed and (order.received_yen or order.total_yen != accepted.offer.quote.total_yen):
        return False
    return not order.payments.where(Payment.state.in_(LIVE)).exists()


def _place_draft(order: Order, account: Account, accepted: AcceptedOrder) -> None:
    """A new order for a term cancels the open one, unless that one's money may still come."""
    open_order = account.placed_order
    if open_order and not cancel(open_order, history.by(account), "新しいお申し込みに置き換え"):
        raise OutOfStep
    quote = accepted.offer.quote
    values = {"plan": accepted.plan, "total_yen": quote.total_yen, "tax_yen": quote.tax_yen, "tax_percent": quote.tax_percent}
    values |= {"method": accepted.offer.method, "placed_at": clock.now()}
    if not order.move(OrderState.PLACED, came_from=[OrderState.DRAFT], **values):
        raise OutOfStep
    history.record("order", order.number, OrderState.DRAFT, OrderState.PLACED, history.by(account), f"申し込み {quote.total_yen}円")
    OrderLine.insert_many([as_row(order, position, line) for position, line in enumerate(quote.lines, 1)]).execute()
    if accepted.documents:
        Consent.insert_many([_consent(order, document) for document in accepted.documents]).execute()


def as_row(order: Order, position: int, line: Line) -> dict:
    names = ("product", "kind", "variant", "name", "quantity", "months", "monthly_yen", "yen", "starts_on", "ends_on")
    names += ("subscription", "is_last_time", "renews_by_default")
    return {"order": order, "position": position} | {name: getattr(line, name) for name in names}


def _consent(order: Order, document: Document) -> dict:
    names = {"document": document.id, "version": document.version, "title": document.title, "sha256": document.sha256}
    return {"order": order, "agreed_at": clock.now()} | names


def _plan_terms(order: Order, accepted: AcceptedOrder) -> None:
    """An order that is paid on a later day than it was placed begins on that day; its prices stay."""
    for position, line in enumerate(accepted.offer.quote.lines, 1):
        mine = (OrderLine.order == order) & (OrderLine.position == position)
        OrderLine.update(starts_on=line.starts_on, ends_on=line.ends_on).where(mine).execute()


def _new_attempt(order: Order, account: Account, accepted: AcceptedOrder, setup: PaymentMethodSetup, installation_id: str) -> Payment:
    now, attempt = clock.now(), order.payments.count() + 1
    payment = Payment.create(
        order=order,
        attempt=attempt,
        method=accepted.offer.method,
        key=f"{installation_id}-o{order.number}-a{attempt}",
        yen=accepted.offer.quote.total_yen,
        setup=setup,
        next_lookup_at=now + ANSWER_EXPECTED_WITHIN,
        created_at=now,
        updated_at=now,
    )
    history.record("payment", payment.key, None, PaymentState.CREATED, history.by(account), f"{payment.yen}円の支払いを開始")
    return payment


def _keep_confirmation(order: Order, payment: Payment | None, accepted: AcceptedOrder) -> None:
    confirmations.keep(accepted, order.account_id, confirmations.ORDER, order, payment)
