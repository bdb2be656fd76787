"""Why an order is not paid yet: the newest reason alone, of the last attempt or of a later visit to a company's page."""

from models import Order, Payment, PaymentMethodSetup
from portal.actions.payments.tries import refusal_of
from portal.enums import Method, SetupState
from portal.rules.accounts.limit_words import BY_TRANSFER, refusal_ja
from portal.rules.payments.declines import decline_text, setup_failed_text
from portal.screens.offers import methods_for


def newest_refusal(order: Order, payment: Payment | None, address: str = "") -> str:
    """One Japanese text; "" if nothing was refused. `payment`: the newest attempt. After too many: how long to wait."""
    is_declined = payment is not None and payment.is_declined
    if is_declined and not payment.is_automatic and (refusal := refusal_of(order, address)):
        return refusal_ja(refusal, BY_TRANSFER if Method.BANK in methods_for(order) else "")
    setup = order.setups.order_by(PaymentMethodSetup.id.desc()).first()
    is_later = setup is not None and (payment is None or setup.created_at > payment.updated_at)
    if is_later and setup.state == SetupState.FAILED:
        return setup_failed_text(setup.method, setup.code)
    return decline_text(payment.code, payment.method) if is_declined else ""
