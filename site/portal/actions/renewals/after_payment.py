"""What a payment means for the renewals: called by `settle`, inside its transaction, while the account is held."""

from datetime import date, timedelta

from models import Account, Order, OrderLine, Payment, PaymentMethod, RenewalSetting, Schedule, SentNotice, Subscription
from portal import clock
from portal.actions import history
from portal.actions.mail import order_mails
from portal.actions.payments import methods
from portal.actions.renewals import dunning, next_charges, sent_notices
from portal.actions.renewals.reserved_lines import reserved_of
from portal.catalog import RenewalNumbers
from portal.enums import Method
from portal.rules.payments.methods import row_of


def renews_from_now_on(account: Account, payment: Payment | None) -> bool:
    """Whether what was paid renews by itself. An automatic charge changes nothing about that; a transfer turns nothing on.

    Not if all was reset, or the wallet removed, while the payment was under way.
    """
    if payment is None:
        return False
    if payment.is_automatic:
        return account.renewal_setting is not None
    return not _was_reset_since(account, payment) and _method_of(payment).is_kept


def after_paid(order: Order, account: Account, payment: Payment | None, numbers: RenewalNumbers, *, renews: bool) -> None:
    """Keep the method, end the reservation, take back notices that are not true any more, look at the account today, mail the customer."""
    if payment and not payment.is_automatic:
        _keep_method(account, payment, order.paid_on) if renews else _drop_if_reset(account, payment)
    _end_reservation(order, account)
    sent_notices.withdraw(account)
    Schedule.wake(account, clock.today())
    paid = next_charges.paid_order(account, order, numbers)
    order_mails.payment_confirmed(order, account, payment, lines=paid.lines, renewals=paid.renewals, by_hand=paid.by_hand)


def after_decline(account: Account, order: Order, payment: Payment, code: str, numbers: RenewalNumbers) -> None:
    """Mail the customer. After an automatic charge with the next day; if the request never reached the company, retry silently."""
    Schedule.wake(account, clock.today())
    if payment.is_automatic and order.renews_end is not None:
        dunning.after_decline(account, order, payment, code, numbers)
    else:
        order_mails.payment_refused(order, payment, code)


def _was_reset_since(account: Account, payment: Payment) -> bool:
    return SentNotice.was_reset_since(account, payment.created_at)


def _drop_if_reset(account: Account, payment: Payment) -> None:
    """A card that paid although all was reset meanwhile is not kept; a wallet is linked or removed by its owner."""
    if _was_reset_since(account, payment) and not row_of(payment.method).stays_linked:
        methods.mark_detaching(_method_of(payment))


def _method_of(payment: Payment) -> PaymentMethod:
    """As it is now, whatever it was when the attempt was begun."""
    return PaymentMethod.get_by_id(payment.payment_method_id)


def _keep_method(account: Account, payment: Payment, received_on: date) -> None:
    """The account renews with the card or the wallet that it paid with last."""
    found, method = _method_of(payment), Method(payment.method)
    values = {"method": method, "payment_method": found, "wallet_day": payment.setup.wallet_day}
    values |= {"set_on": received_on, "updated_at": clock.now()}
    methods.drop_renewing(account, unless=found)
    methods.activate(found)
    sent_notices.let_the_day_move(account, method, payment.setup.wallet_day)
    if not RenewalSetting.update(values).where(RenewalSetting.account == account).execute():
        RenewalSetting.create(account=account, **values)
    history.record("account", account.login, None, "renewal on", history.PORTAL, f"自動更新の支払い方法: {method.label}", account=account)


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
    history.record(
        "account", account.login, "reserved", "no reservation", history.PORTAL, f"申し込み {order.number} のお支払いを確認", account=account
    )
