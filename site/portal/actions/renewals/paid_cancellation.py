"""「申し込みを取り消して返金」: a paid order is cancelled, its terms are withdrawn, and its money goes back. Yen; dates in Japan."""

from datetime import date

from models import Account, Allocation, Order, Refund, RenewalSetting, Reservation, Staff, Subscription, Term
from portal import clock
from portal.actions import history
from portal.actions.documents.papers import void_papers
from portal.actions.mail import order_mails
from portal.actions.mail.rendering import Withdrawn
from portal.actions.orders.drafts import lock_account
from portal.actions.orders.terms import withdraw_terms
from portal.actions.payments import methods, refunds
from portal.actions.payments.money import take_all_off, withdraw_difference
from portal.actions.payments.refundable import Refundable, refundable
from portal.actions.refusals import NotPossible
from portal.actions.renewals.after_undo import after_undo
from portal.actions.transfers import undo
from portal.actions.transfers.parts import release_parts
from portal.enums import AllocationSource, OrderState, ProductKind
from portal.gateways.companies import CompaniesByMethod
from portal.store.database import database

NOT_PAID = "この申し込みは、支払い済みではありません。"
OVER = "この申し込みの契約期間は、すでに終わっています。取り消さずに返金してください。"


def last_usable_days(order: Order) -> tuple[date, date] | None:
    """The first and the last day that staff may set as the last usable one: today, and the end of the terms. None if none has begun."""
    today = clock.today()
    ends = [term.ends_on for term in Term.select(Term.ends_on).where(Term.order == order, Term.starts_on <= today)]
    return (today, max(today, *ends)) if ends else None


def cancel_paid(
    order: Order, runs_until: date, staff: Staff, reason: str, companies: CompaniesByMethod, installation_id: str
) -> Refund | None:
    """Cancel the paid order. A term that has begun goes on until `runs_until`, one that has not vanishes; nothing of it renews any more.

    Card and wallet money: the refund is committed and returned, to be sent to the company after this. Transferred money becomes
    お預かり, for staff to record its return. Raises NotPossible while a later term is paid, and where undo is refused as well.
    """
    with database.atomic():
        account, order = lock_account(order.account_id), Order.locked(order.id)
        found = refundable(order)
        _refuse_unless_possible(order, found, companies)
        actor = history.by_staff(staff)
        held_yen = 0 if found.payment else _to_rests(order, account, actor)
        withdraw_difference(order)
        withdrawn = _withdraw(order, account, runs_until, actor, reason)
        if not order.move(OrderState.CANCELLED, came_from=[OrderState.PAID], paid_on=None, closed_on=clock.today()):
            raise NotPossible(NOT_PAID)
        void_papers(order, reason)
        history.record("order", order.number, OrderState.PAID, OrderState.CANCELLED, actor, f"取り消して返金：{reason}", account=account)
        refund = _refund(account, found, staff, reason, installation_id)
        order_mails.paid_order_cancelled(order, account, reason, withdrawn, refund, held_yen)
        return refund


def _refuse_unless_possible(order: Order, found: Refundable, companies: CompaniesByMethod) -> None:
    if not order.is_paid:
        raise NotPossible(NOT_PAID)
    refusal = found.refusal(companies) if found.rest_yen > 0 or found.under_way else None
    against = undo.obstacle(order, unless=undo.RETURNED) or refusal
    if against:
        raise NotPossible(against)
    if Term.select().where(Term.order == order, Term.ends_on < clock.today()).exists():
        raise NotPossible(OVER)


def _to_rests(order: Order, account: Account, actor: str) -> int:
    """The transferred money that is left becomes the customer's, without an order. What went back already is no part of it."""
    returned = list(Allocation.select().where(Allocation.order == order, Allocation.source == AllocationSource.RETURNED))
    returned_yen = -sum(row.yen for row in returned)
    take_all_off(returned, account)
    return release_parts(order, account, actor, "申し込みの取消") - returned_yen


def _withdraw(order: Order, account: Account, runs_until: date, actor: str, reason: str) -> tuple[Withdrawn, ...]:
    terms = withdraw_terms(order, runs_until, is_cancelled=True)
    subscriptions = [term.subscription for term in terms]
    Subscription.update(renews=False).where(Subscription.id.in_(subscriptions)).execute()
    _drop_reservation(account, subscriptions)
    _drop_method(account, actor)
    for term in terms:
        until = term.subscription.usable_until
        what = f"契約期間 {term.starts_on}〜{term.ends_on} を取り消し。{f'{until}まで利用できます。' if until else ''}{reason}"
        history.record("subscription", term.subscription_id, "paid", "cancelled", actor, what, account=account)
    after_undo(account, subscriptions)
    return tuple(Withdrawn(term.order_line.name, term.subscription.usable_until) for term in terms)


def _drop_reservation(account: Account, subscriptions: list[Subscription]) -> None:
    """What was reserved for the next charge is gone with the renewal of what it was reserved for."""
    if any(subscription.kind == ProductKind.SERVER for subscription in subscriptions):
        Reservation.delete().where(Reservation.account == account).execute()


def _drop_method(account: Account, actor: str) -> None:
    """If nothing renews by itself any more, the card or wallet is not kept for it."""
    renewing = account.subscriptions.where(Subscription.renews, Subscription.ended_on.is_null())
    if account.renewal_setting and not renewing.exists():
        methods.drop_renewing(account)
        RenewalSetting.delete().where(RenewalSetting.account == account).execute()
        reason = "申し込みの取消により、自動更新されるものがないため"
        history.record("account", account.login, "renewal on", "renewal off", actor, reason, account=account)


def _refund(account: Account, found: Refundable, staff: Staff, reason: str, installation_id: str) -> Refund | None:
    if found.payment is None or found.rest_yen <= 0:
        return None
    return refunds.create_for(account, found, found.rest_yen, staff, reason, installation_id)
