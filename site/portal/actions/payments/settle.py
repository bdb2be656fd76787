"""Where all money ends: the return page, the company's notice, the reconciler and staff's allocation call `settle()`."""

from dataclasses import dataclass
from datetime import date, timedelta

from models import (
    LIVE,
    Account,
    Allocation,
    Deposit,
    Order,
    OrderLine,
    Payment,
    RenewalSetting,
    Schedule,
    SentNotice,
    Subscription,
    created_with_number,
)
from portal import clock
from portal.actions import history
from portal.actions.mail import order_mails
from portal.actions.orders.drafts import cancel, hold
from portal.actions.orders.terms import begin_term
from portal.actions.payments import detach
from portal.actions.renewals import sent_notices
from portal.actions.renewals.reserved_lines import reserved_of
from portal.enums import Method, OrderKind, OrderState, PaymentState, ProductKind
from portal.rules.transfers.due_dates import is_in_time
from portal.store.database import database


@dataclass(frozen=True)
class Money:
    """Yen that a company has taken for us, or a part of a deposit. `reference` is the company's own; `received_on` its date, in Japan.

    `begins_on` is the first day of a new contract: the day it was paid, by bank the day the money is confirmed.
    """

    source: Method
    reference: str
    yen: int
    received_on: date
    begins_on: date
    payment: Payment | None = None
    deposit: Deposit | None = None


def settle(order: Order, money: Money, *, actor: str) -> bool:
    """Record money for the order; when it is covered, make it paid: terms, renewal, history.

    False when this money was known already: then nothing changes. Money for an order that can take none is kept
    without an order, for staff.
    """
    with database.atomic():
        account = hold(order.account_id)
        order = Order.locked(order.id)
        takes_it = takes_money(order, account, money.received_on)
        if not _receive(order if takes_it else None, money):
            return False
        if not takes_it:
            reason = f"要確認: 充当できない入金 {money.yen}円（{money.reference}）"
            history.record("order", order.number, order.state, order.state, actor, reason)
            _end_attempt(money, actor, reason)
            return True
        _finish_payment(money, actor)
        if order.received_yen >= order.total_yen:
            _make_paid(order, account, money, actor)
        return True


def takes_money(order: Order, account: Account, received_on: date) -> bool:
    """Whether money dated that day may pay the order: it is placed, or it expired although the bank had the money in time.

    Never for a second server, for a term that is paid already, or for something that has been ended.
    """
    if (order.kind == OrderKind.NEW and account.server) or not follows_what_there_is(order):
        return False
    in_time = order.due_on is not None and is_in_time(received_on, order.due_on)
    return order.state == OrderState.PLACED or (order.state == OrderState.EXPIRED and in_time)


def follows_what_there_is(order: Order) -> bool:
    """Whether each line that renews something still begins on the day after the end of that, and the order's new options are new."""
    lines = list(order.lines)
    return all(_follows(line) for line in lines if line.subscription_id) and not _has_one_already(order, lines)


def _follows(line: OrderLine) -> bool:
    bought = line.subscription
    return bought.ended_on is None and bought.last_term.ends_on + timedelta(days=1) == line.starts_on


def _has_one_already(order: Order, lines: list[OrderLine]) -> bool:
    """Only certificates may be had more than once."""
    bought = [line.product for line in lines if line.subscription_id is None and line.kind != ProductKind.CERTIFICATE]
    there = Subscription.select().where(Subscription.account == order.account_id, Subscription.ended_on.is_null())
    return bool(bought) and there.where(Subscription.product.in_(bought)).exists()


def _receive(order: Order | None, money: Money) -> bool:
    """True the first time that this money is seen."""
    values = {"source": money.source, "company_reference": money.reference, "yen": money.yen, "order": order}
    known = Allocation.select().where(Allocation.source == money.source, Allocation.company_reference == money.reference)
    if (known.where(Allocation.order == order) if money.deposit else known).exists():
        return False
    dates = {"received_on": money.received_on, "created_at": clock.now()}
    created_with_number(Allocation, 10, deposit=money.deposit, **dates, **values)
    return True


def _finish_payment(money: Money, actor: str) -> None:
    """The company's word counts, even where the attempt had been given up: that correction is in the history too."""
    payment = money.payment
    if payment is None:
        return
    before = Payment.locked(payment.id).state
    given_up = (PaymentState.DECLINED, PaymentState.ABANDONED)
    if payment.move(PaymentState.SUCCEEDED, came_from=(*LIVE, *given_up), at=clock.now(), company_reference=money.reference, code=None):
        reason = "訂正: 決済会社では支払い済み" if before in given_up else "決済会社が支払いを確認"
        history.record("payment", payment.key, before, PaymentState.SUCCEEDED, actor, reason)


def _end_attempt(money: Money, actor: str, reason: str) -> None:
    """The order has no use for this money; nobody needs to ask about the attempt any more. Staff finds the receipt."""
    payment = money.payment
    if payment is None:
        return
    before = Payment.locked(payment.id).state
    values = {"company_reference": money.reference, "code": "not_allocated"}
    if payment.move(PaymentState.DECLINED, came_from=LIVE, at=clock.now(), **values):
        history.record("payment", payment.key, before, PaymentState.DECLINED, actor, reason)


def _make_paid(order: Order, account: Account, money: Money, actor: str) -> None:
    values = {"paid_on": money.received_on, "method": money.source, "closed_on": clock.today()}
    if not order.move(OrderState.PAID, came_from=[OrderState.PLACED, OrderState.EXPIRED], **values):
        raise RuntimeError(f"order {order.number} could take money a moment ago and cannot now")
    history.record("order", order.number, order.state, OrderState.PAID, actor, f"{order.total_yen}円の入金を確認")
    _end_the_other_order(account, actor)
    is_by_itself = money.payment is not None and money.payment.setup_id is None
    renews = account.renewal_setting is not None if is_by_itself else _can_renew(account, money)
    begins_on = None if order.is_automatic else money.begins_on
    for line in order.lines.order_by(OrderLine.position):
        begin_term(order, account, line, begins_on, renews=renews)
    if renews and not is_by_itself:
        _keep_method(account, money)
    _end_reservation(order, account)
    sent_notices.withdraw(account)
    Schedule.wake(account, clock.today())
    order_mails.payment_confirmed(Order.get_by_id(order.id), account, money.payment)


def _end_the_other_order(account: Account, actor: str) -> None:
    """An expired order that is paid after all leaves a newer one without a term to pay for: nobody is to pay that as well."""
    other = account.placed_order
    if other:
        cancel(other, actor, "別のお申し込みのお支払いを確認したため")


def _can_renew(account: Account, money: Money) -> bool:
    """Whether what was paid renews by the same card or wallet: not if all was reset, or the wallet removed, while it was under way."""
    if money.source is Method.BANK or money.payment is None:
        return False
    since = money.payment.created_at
    if SentNotice.was_reset_since(account, since):
        if money.source is Method.CARD:
            detach.mark(account, Method.CARD, money.payment.setup.token)
        return False
    return money.source is Method.CARD or account.wallet_link is not None


def _end_reservation(order: Order, account: Account) -> None:
    """It was for this term: now the next may be reserved. What was not to be renewed is not charged later either."""
    found = account.reservation
    ends = {line.starts_on - timedelta(days=1) for line in order.lines.where(OrderLine.subscription.is_null(False))}
    if found is None or found.ends_on not in ends:
        return
    if order.is_automatic:
        dropped = reserved_of(found).dropped
        Subscription.update(renews=False).where(Subscription.account == account, Subscription.id.in_(dropped)).execute()
    found.delete_instance()
    history.record("account", account.login, "reserved", "no reservation", history.PORTAL, f"申し込み {order.number} のお支払いを確認")


def _keep_method(account: Account, money: Money) -> None:
    """The account renews with the card or the wallet that it paid with last."""
    setup = money.payment.setup
    values = {"method": money.source, "wallet_day": setup.wallet_day, "set_on": money.received_on, "updated_at": clock.now()}
    names = ("card_token", "card_brand", "card_last4", "card_expires")
    card = (setup.token, setup.brand, setup.last4, setup.expires) if money.source is Method.CARD else (None, None, None, None)
    values |= dict(zip(names, card, strict=True))
    detach.mark_card(account, unless=values["card_token"])
    sent_notices.let_the_day_move(account, money.source, setup.wallet_day)
    if not RenewalSetting.update(values).where(RenewalSetting.account == account).execute():
        RenewalSetting.create(account=account, **values)
    history.record("account", account.login, None, "renewal on", history.PORTAL, f"自動更新の支払い方法: {money.source.label}")
