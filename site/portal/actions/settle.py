"""Where all money ends: the return page, the company's notice, the reconciler and staff's allocation call `settle()`."""

from dataclasses import dataclass
from datetime import date

from models import LIVE, Account, Deposit, Order, OrderLine, Payment, Receipt, RenewalSetting, Subscription, Term, database, new_number
from portal import clock
from portal.actions import history, letters
from portal.actions.orders import cancel, hold
from portal.rules.terms import span
from portal.rules.transfer import is_in_time
from portal.words import Method, OrderKind, OrderState, PaymentState, Product


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
    """Whether money dated that day may pay the order: it is placed, or it expired although the bank had the money in time."""
    if order.kind == OrderKind.NEW and account.server:
        return False
    in_time = order.due_on is not None and is_in_time(received_on, order.due_on)
    return order.state == OrderState.PLACED or (order.state == OrderState.EXPIRED and in_time)


def _receive(order: Order | None, money: Money) -> bool:
    """True the first time that this money is seen."""
    values = {"source": money.source, "company_reference": money.reference, "yen": money.yen, "order": order}
    known = Receipt.select().where(Receipt.source == money.source, Receipt.company_reference == money.reference)
    if (known.where(Receipt.order == order) if money.deposit else known).exists():
        return False
    dates = {"received_on": money.received_on, "created_at": clock.now()}
    Receipt.create(number=new_number(10), deposit=money.deposit, **dates, **values)
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
    if not order.move(OrderState.PAID, came_from=[OrderState.PLACED, OrderState.EXPIRED], paid_on=money.received_on, method=money.source):
        raise RuntimeError(f"order {order.number} could take money a moment ago and cannot now")
    history.record("order", order.number, order.state, OrderState.PAID, actor, f"{order.total_yen}円の入金を確認")
    _end_the_other_order(account, actor)
    renews = _can_renew(account, money)
    for line in order.lines.order_by(OrderLine.position):
        _begin_term(order, account, line, money.begins_on, renews and line.product != Product.SSL)
    if renews:
        _keep_method(account, money)
    letters.payment_confirmed(Order.get_by_id(order.id), account, money.begins_on, money.payment, renews=renews)


def _end_the_other_order(account: Account, actor: str) -> None:
    """An expired order that is paid after all leaves a newer one without a term to pay for: nobody is to pay that as well."""
    other = account.placed_order
    if other:
        cancel(other, actor, "別のお申し込みのお支払いを確認したため")


def _can_renew(account: Account, money: Money) -> bool:
    """A wallet whose link was removed while its payment was under way pays nothing more."""
    return money.source is Method.CARD or (money.source is Method.WALLET and account.wallet_link is not None)


def _begin_term(order: Order, account: Account, line: OrderLine, begins_on: date, renews: bool) -> None:
    """A new contract starts on the day it is paid, whatever day was planned."""
    bought = {name: getattr(line, name) for name in ("product", "variant", "name", "quantity")}
    subscription = Subscription.create(account=account, renews=renews, created_at=clock.now(), **bought)
    paid = span(begins_on, line.months)
    Term.create(subscription=subscription, starts_on=paid.starts_on, ends_on=paid.ends_on, order=order, order_line=line)


def _keep_method(account: Account, money: Money) -> None:
    """The account renews with the card or the wallet that it paid with last."""
    entry = money.payment.entry
    values = {"method": money.source, "wallet_day": entry.wallet_day, "set_on": money.received_on, "updated_at": clock.now()}
    if money.source is Method.CARD:
        values |= {"card_token": entry.token, "card_brand": entry.brand, "card_last4": entry.last4, "card_expires": entry.expires}
    if not RenewalSetting.update(values).where(RenewalSetting.account == account).execute():
        RenewalSetting.create(account=account, **values)
    history.record("account", account.login, None, "renewal on", history.PORTAL, f"自動更新の支払い方法: {money.source.label}")
