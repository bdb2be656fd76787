"""What a company reports of refunds: its answer to ours, or one that was made on the company's own pages, which staff are to see."""

from models import Account, Payment, Refund
from portal import clock
from portal.actions.orders.drafts import lock_account
from portal.actions.payments import refunds
from portal.actions.payments.refundable import charge_of
from portal.enums import RefundState
from portal.gateways.card import RefundReported
from portal.rules.payments.methods import row_of

FAILED = "refund_failed"
MADE_THERE = "当社が、カード会社の管理画面で返金"  # the customer reads it too
CAME_AGAIN = "返金が、あとから不成立になりました。お客様にお知らせし、ほかの方法で返金してください"


def record(payment: Payment, event: RefundReported) -> None:
    """In the caller's transaction. Events may come in any order: a refund that failed never counts as made by an older event."""
    account = lock_account(payment.order.account_id)
    if charge_of(payment) is None:
        return  # the money was never counted: it was taken and given back before the company answered
    refund, actor = Refund.get_or_none(Refund.key == (event.key or event.number)), row_of(payment.method).actor
    if refund is None:
        _add(payment, account, event, actor)
    elif event.is_returned:
        refunds.settle(refund, clock.day_of(event.at), actor=actor)
    elif not refunds.come_again(refund, account, FAILED, actor, CAME_AGAIN):
        refunds.decline(refund, FAILED)


def add(payment: Payment, account: Account, key: str, yen: int, state: RefundState, reason: str, **about: object) -> Refund:
    """A row for money that went back without staff of the portal, or was to."""
    now, ordinal = clock.now(), payment.order.refunds.count() + 1
    moments = {"created_at": now, "updated_at": now, "next_lookup_at": now}
    what = {"order": payment.order, "payment": payment, "ordinal": ordinal, "method": payment.method, "reason": reason}
    return Refund.create(account=account, key=key, yen=yen, state=state, **what, **moments, **about)


def _add(payment: Payment, account: Account, event: RefundReported, actor: str) -> None:
    about = (payment, account, event.key or event.number, event.yen)
    if event.is_returned:
        refund = add(*about, RefundState.SUCCEEDED, MADE_THERE, returned_on=clock.day_of(event.at))
        refunds.count(refund, account, None, actor)
        return
    refunds.record_refusal(add(*about, RefundState.DECLINED, MADE_THERE, code=FAILED), FAILED, None)
