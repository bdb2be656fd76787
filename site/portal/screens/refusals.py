"""Why an order is not paid yet: the newest reason alone, of the last attempt or of a later visit to a company's page."""

from models import Order, Payment, PaymentMethodSetup
from portal.enums import SetupState
from portal.rules.payments.declines import decline_text, setup_failed_text


def newest_refusal(order: Order, payment: Payment | None) -> str:
    """One Japanese text; "" if nothing was refused. `payment`: the newest attempt."""
    setup = order.setups.order_by(PaymentMethodSetup.id.desc()).first()
    is_later = setup is not None and (payment is None or setup.created_at > payment.updated_at)
    if is_later and setup.state == SetupState.FAILED:
        return setup_failed_text(setup.method, setup.code)
    return decline_text(payment.code, payment.method) if payment and payment.is_declined else ""
