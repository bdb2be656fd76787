"""Automatic charges of an account rest after a lost dispute, neither tried nor failed, until staff have seen it and chosen."""

from models import Account, Dispute, Order, Refund, Schedule, Staff
from portal import clock
from portal.actions import history
from portal.actions.orders.drafts import lock_account
from portal.actions.refusals import NotPossible
from portal.actions.renewals import open_charges, sent_notices
from portal.enums import DisputeState
from portal.store.database import database

ENDED = (DisputeState.WON, DisputeState.LOST)
NOTHING_TO_CHECK = "この申し込みには、確認の済んでいない返金や不審請求の申請がありません。"


def hold(account: Account, actor: str, reason: str) -> None:
    """In the caller's transaction, with the account locked."""
    if account.is_held:
        return
    open_charges.give_up_unsent(account, reason, actor)
    _change(account, "charges allowed", "charges held", actor, reason, charges_held_at=clock.now())


def check(order: Order, staff: Staff, reason: str) -> None:
    """Staff have seen what the company moved of this order, and chosen. After the last dispute of the account its charges go on: on the
    next day left, at least four days later. Raises NotPossible if there is nothing to see.
    """
    with database.atomic():
        account, actor = lock_account(order.account_id), history.by_staff(staff)
        if not has_unchecked(order):
            raise NotPossible(NOTHING_TO_CHECK)
        Dispute.update(checked_at=clock.now()).where(Dispute.id.in_([found.id for found in ended_unchecked(order)])).execute()
        Refund.update(checked_at=clock.now()).where(_unchecked_refunds(order)).execute()
        history.record(
            "order", order.number, order.state, order.state, actor, f"カード会社での返金・不審請求を確認：{reason}", account=account
        )
        if account.is_held and not account.disputes.where(Dispute.checked_at.is_null(), Dispute.state.in_(ENDED)).exists():
            _change(account, "charges held", "charges allowed", actor, reason, charges_held_at=None, reopened_at=clock.now())


def has_unchecked(order: Order) -> bool:
    return bool(ended_unchecked(order)) or Refund.select().where(_unchecked_refunds(order)).exists()


def ended_unchecked(order: Order) -> list[Dispute]:
    mine = Dispute.select().where(Dispute.payment.in_(order.payments), Dispute.checked_at.is_null())
    return [found for found in mine if found.is_over]


def _unchecked_refunds(order: Order):
    return (Refund.order == order) & Refund.staff.is_null() & Refund.checked_at.is_null()


def _change(account: Account, before: str, after: str, actor: str, reason: str, **values: object) -> None:
    Account.update(values).where(Account.id == account.id).execute()
    history.record("account", account.login, before, after, actor, reason, account=account)
    sent_notices.withdraw(Account.get_by_id(account.id))
    Schedule.wake(account, clock.today())
