"""Disputes: the holder of a card tells its bank that a charge was not in order (不審請求の申請, チャージバック).

Lost: the company took the money back, and automatic charges of the account rest until staff have chosen. Won in the end: it is ours again.
"""

from models import Account, Dispute, Payment, Refund
from portal import clock
from portal.actions import history
from portal.actions.orders.drafts import lock_account
from portal.actions.payments import made_elsewhere, refunds
from portal.actions.payments.money import record_returned
from portal.actions.payments.refundable import charge_of
from portal.actions.renewals import held_charges
from portal.enums import DisputeState, RefundState
from portal.gateways.card import DisputeReported
from portal.rules.payments.disputes import reason_ja
from portal.rules.payments.methods import row_of

RANK = {DisputeState.INQUIRY: 0, DisputeState.OPEN: 1, DisputeState.WON: 2, DisputeState.LOST: 2}
LOST = "不審請求の申請（チャージバック）が認められたため"  # the customer reads it too
WON_LATE = "不審請求の申請が、あとから認められないことになり、お金が戻りました"


def record(payment: Payment, event: DisputeReported) -> None:
    """In the caller's transaction. Events may come in any order: the newest counts."""
    account = lock_account(payment.order.account_id)
    found = Dispute.get_or_none(Dispute.reference == event.number)
    if found and (event.at, RANK[event.state]) <= (found.told_at, RANK[DisputeState(found.state)]):
        return
    before, found = found and found.state, _keep(found, payment, account, event)
    if before == event.state:
        return
    actor = row_of(payment.method).actor
    reason = f"要確認: {event.yen}円、理由：{reason_ja(event.reason)}"
    history.record("dispute", event.number, before, event.state, actor, reason, account=account)
    if event.state is DisputeState.LOST:
        _take(found, payment, account, actor)
    elif event.state is DisputeState.WON:
        _come_again(found, account, actor)


def _keep(found: Dispute | None, payment: Payment, account: Account, event: DisputeReported) -> Dispute:
    about = {"state": event.state, "yen": event.yen, "respond_by": event.respond_by, "told_at": event.at}
    if found is None:
        known = {"account": account, "payment": payment, "reference": event.number, "reason": event.reason, "created_at": clock.now()}
        return Dispute.create(**known, **about)
    if found.state != event.state:
        about["checked_at"] = None
    Dispute.update(**about).where(Dispute.id == found.id).execute()
    return Dispute.get_by_id(found.id)


def _take(dispute: Dispute, payment: Payment, account: Account, actor: str) -> None:
    """A lost one is no return of ours: the claim on the customer stays. So no 適格返還請求書 is issued, and no mail says that we gave it
    back.
    """
    charge = charge_of(payment)
    if charge is None or not _count(dispute, payment, account, actor):
        return
    record_returned(charge, dispute.yen, clock.today())
    held_charges.hold(account, actor, LOST)


def _count(dispute: Dispute, payment: Payment, account: Account, actor: str) -> bool:
    """The row of the money that went back. False if it counts already."""
    refund, about = Refund.get_or_none(Refund.key == dispute.reference), {"returned_on": clock.today(), "yen": dispute.yen}
    if refund is None:
        key, state = dispute.reference, RefundState.SUCCEEDED
        made_elsewhere.add(payment, account, key, state=state, reason=LOST, dispute=dispute, **about)
    else:
        about |= {"code": None, "checked_at": None}
        if not refund.move(RefundState.SUCCEEDED, came_from=[RefundState.DECLINED], at=clock.now(), **about):
            return False
    states = (refund and refund.state, RefundState.SUCCEEDED)
    history.record("refund", dispute.reference, *states, actor, f"要確認: {dispute.yen}円：{LOST}", account=account)
    return True


def _come_again(dispute: Dispute, account: Account, actor: str) -> None:
    refund = Refund.get_or_none(Refund.key == dispute.reference)
    if refund:
        refunds.come_again(refund, account, "dispute_won", actor, WON_LATE)
