"""The open order that a final screen will replace, and the step of its own that a reported transfer needs."""

from dataclasses import dataclass

from flask import g, request

from models import Order, TransferReport
from portal.enums import Method
from portal.rules.renewals.open_orders import OpenOrder
from portal.screens.owned import snapshot
from portal.web.current import current_account

AGREE = "すでに振り込まれたお金がどうなるかをお読みのうえ、チェックを入れてください。まだお申し込みは行われていません。"
FIELD = "gives_up_transfer"


@dataclass(frozen=True)
class Replaced:
    """`report`: the customer said that the money is on its way. `is_method_only`: the order stays and is paid by another method."""

    number: str
    method: Method
    report: TransferReport | None
    is_method_only: bool

    @property
    def is_by_transfer(self) -> bool:
        return self.method is Method.BANK

    @property
    def is_agreed(self) -> bool:
        """True if nothing was reported, or the customer ticked the box about the money on its way."""
        return self.report is None or request.form.get(FIELD) == self.number


def replaced_by(order: Order, method: Method) -> Replaced | None:
    """What paying this order by this method puts an end to: the account's open order, or its own transfer. Read once per request."""
    if "replaced" not in g:
        g.replaced = _replaced_by(order, method)
    return g.replaced


def _replaced_by(order: Order, method: Method) -> Replaced | None:
    if order.is_draft:
        if order.is_addition:
            found: Order | OpenOrder | None = snapshot().order_for(order.adds)
        else:
            found = current_account().placed_order if order.is_new else snapshot().open_order
        return found and _replaced(found, is_method_only=False)
    if method is Method.BANK or not order.is_by_transfer:
        return None
    found = _replaced(order, is_method_only=True)
    return found if found.report else None


def _replaced(found: Order | OpenOrder, *, is_method_only: bool) -> Replaced:
    is_by_transfer = found.method == Method.BANK
    report = TransferReport.select().join(Order).where(Order.number == found.number).first() if is_by_transfer else None
    return Replaced(found.number, Method(found.method), report, is_method_only)
