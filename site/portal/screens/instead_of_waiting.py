"""What a customer can do about an order while a limit on cards and wallets is reached."""

from flask import url_for

from models import Order
from portal.enums import Method
from portal.rules.accounts.limit_words import BY_TRANSFER, TRANSFER_STAYS
from portal.rules.payments.order_status import Stage
from portal.screens.offers import methods_for, offer_of

BUTTON = "銀行振込で申し込む"


def instead_of_waiting(order: Order, stage: Stage) -> tuple[str, tuple[str, str] | None]:
    """A sentence, and the address and label of the button that does it at once."""
    if stage is Stage.AWAITED:
        return TRANSFER_STAYS, None
    if Method.BANK in methods_for(order) and offer_of(order, Method.BANK):
        return BY_TRANSFER, (url_for("bank.confirm", number=order.number), BUTTON)
    return "", None
