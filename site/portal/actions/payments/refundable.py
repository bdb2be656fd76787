"""What of an order's money can be given back, and which way. Whole yen."""

from dataclasses import dataclass

from peewee import fn

from models import BEING_REFUNDED, Allocation, Dispute, Order, Payment, Payout, Refund
from portal.enums import DisputeState, Method, OrderState, PaymentState, RefundState
from portal.gateways.companies import CompaniesByMethod
from portal.rules.payments.methods import row_of

KEEPS_MONEY = (OrderState.PAID, OrderState.CANCELLED)


@dataclass(frozen=True)
class Refundable:
    """`payment`: the money goes back through its company; None: by a transfer that staff make. `ordinal`: of the next refund.

    `is_disputed`: the holder disputes the charge, and the company keeps the money until that is decided: it cannot go back twice.
    `kept_yen`: what will go back by a file for the bank.
    """

    order: Order
    payment: Payment | None
    came_in_yen: int
    returned_yen: int
    under_way: Refund | None
    ordinal: int
    is_disputed: bool = False
    kept_yen: int = 0

    @property
    def method(self) -> Method:
        return Method(self.payment.method) if self.payment else Method.BANK

    @property
    def rest_yen(self) -> int:
        """What can be given back now: what came in, less what went back and what is on its way back."""
        return self.came_in_yen - self.returned_yen - (self.under_way.yen if self.under_way else 0) - self.kept_yen

    def refusal(self, companies: CompaniesByMethod) -> str | None:
        """Why nothing can be given back now, in Japanese; None if it can."""
        if self.under_way:
            return f"{self.under_way.yen:,}円を返金手続き中です。結果が出るまで、次の返金はできません。"
        if self.is_disputed:
            return "カード会社に不審請求の申請が出ているため、返金できません。申請の結果が出るまで、お金はカード会社が預かっています。"
        if self.kept_yen:
            return f"{self.kept_yen:,}円は、振込で返金する予定です。それが済むか取りやめるまで、次の返金はできません。"
        if self.rest_yen <= 0 or (self.payment is None and self.order.state not in KEEPS_MONEY):
            return "この申し込みには、返金できるお金が残っていません。"
        if self.payment and not _is_configured(self.payment, companies):
            return f"このお支払いを受けた{row_of(self.payment.method).company_name}が設定されていないため、返金を依頼できません。"
        return None


def refundable(order: Order, attempt: int | None = None) -> Refundable:
    """The order's own money. `attempt`: money of this attempt instead, which was taken although the order could not use it."""
    payments = order.payments.where(Payment.company_reference.is_null(False))
    wanted = Payment.state == PaymentState.SUCCEEDED if attempt is None else Payment.attempt == attempt
    payment, given_back = payments.where(wanted).first(), order.refunds.select(Refund)
    concerned = given_back.where(Refund.payment == payment if payment else Refund.payment.is_null())
    returned = sum(refund.yen for refund in concerned if refund.state == RefundState.SUCCEEDED)
    under_way = given_back.where(Refund.state.in_(BEING_REFUNDED)).first()
    came_in = _charged_yen(payment) if payment else _transferred_yen(order) if attempt is None else 0
    is_disputed = payment is not None and payment.disputes.where(Dispute.state == DisputeState.OPEN).exists()
    kept = sum(payout.yen for payout in order.payouts.where(Payout.is_live())) if payment is None else 0
    return Refundable(order, payment, came_in, returned, under_way, given_back.count() + 1, is_disputed, kept)


def given_back(order: Order) -> list[Refund]:
    """What went back to the customer, or is on its way, in order. What a company refused is not among it."""
    return list(order.refunds.where(Refund.state != RefundState.DECLINED).order_by(Refund.ordinal))


def charge_of(payment: Payment) -> Allocation | None:
    """The money of this attempt as it was counted: for its order, or for none."""
    return Allocation.get_or_none(Allocation.source == payment.method, Allocation.company_reference == payment.company_reference)


def _charged_yen(payment: Payment) -> int:
    charge = charge_of(payment)
    return charge.yen if charge else 0


def _transferred_yen(order: Order) -> int:
    transferred = order.allocations.where(Allocation.source == Method.BANK)
    return int(transferred.select(fn.COALESCE(fn.SUM(Allocation.yen), 0)).scalar())


def _is_configured(payment: Payment, companies: CompaniesByMethod) -> bool:
    company = companies.get(payment.method)
    return company is not None and company.name == payment.payment_method.company
