"""A renewal whose automatic charge was refused because the bank asks for its holder (本人認証)."""

from models import Account, Order, OrderLine, Payment, created_with_number
from portal import clock
from portal.actions.renewals.automatic_charge import new_attempt
from portal.enums import OrderKind, OrderState, PaymentState
from portal.rules.orders.terms import following
from portal.rules.payments.declines import AUTHENTICATION


def asked_by_bank(account: Account) -> Order:
    """Its server is renewed by a card; the bank answered the charge of today like this."""
    bought = account.latest_order
    line, term = bought.lines.get(), bought.terms.get()
    sums = {name: getattr(bought, name) for name in ("total_yen", "tax_yen", "tax_percent", "plan")}
    moments = {"created_at": clock.now(), "placed_at": clock.now(), "renews_end": term.ends_on}
    order = created_with_number(Order, account=account, kind=OrderKind.AUTO, state=OrderState.PLACED, method="card", **sums, **moments)
    values = {name: getattr(line, name) for name in ("product", "kind", "variant", "name", "quantity", "months", "monthly_yen", "yen")}
    OrderLine.create(order=order, position=1, subscription=term.subscription, **values, **vars(following(term.ends_on, line.months)))
    payment = new_attempt(order, account.renewal_setting.payment_method, "test")
    Payment.update(state=PaymentState.DECLINED, code=AUTHENTICATION, is_final=True).where(Payment.id == payment.id).execute()
    return order
