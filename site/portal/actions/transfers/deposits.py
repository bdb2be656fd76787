"""Money at the bank: written down by staff, allocated to orders, and taken back when that was a mistake.

Each yen of a deposit is allocated once: to an order, or in the one row of what is left over, which waits and is listed.
"""

from dataclasses import dataclass
from datetime import date

from peewee import IntegrityError

from models import LIVE, Allocation, Deposit, Order, Payment, Schedule, Staff, Subscription, Term, created_with_number
from portal import clock
from portal.actions import history
from portal.actions.hosting import events
from portal.actions.orders.drafts import hold
from portal.actions.orders.takes_money import takes_money
from portal.actions.payments.money import Money, reference_of, wait_for_an_order
from portal.actions.payments.settle import settle
from portal.catalog import Catalog
from portal.enums import HostingEventKind, Method, OrderState
from portal.rules.transfers.due_dates import due_day
from portal.store.database import database


class NotPossible(Exception):
    """The money cannot be counted or taken back like this; says in Japanese why. Nothing was changed."""


@dataclass(frozen=True)
class Entered:
    """A line of the bank statement as staff typed it. Yen; the bank's two dates."""

    booked_on: date
    valued_on: date
    yen: int
    payer: str


def enter(entered: Entered, staff: Staff, form_token: str) -> Deposit:
    """Write a deposit down, once for each form that was opened, however often it is sent."""
    with database.atomic():
        try:
            with database.atomic():
                about = {"staff": staff, "form_token": form_token, "created_at": clock.now()} | vars(entered)
                deposit = created_with_number(Deposit, **about)
        except IntegrityError:
            known = Deposit.get_or_none(Deposit.form_token == form_token)
            if known is None:
                raise
            return known
        wait_for_an_order(deposit, deposit.yen)
        history.record(
            "deposit", deposit.number, None, "entered", history.by_staff(staff), f"{entered.yen}円 {entered.payer}", account=None
        )
        return deposit


def same_as(entered: Entered) -> list[Deposit]:
    """Deposits that look like this one: entered twice, or two of the same on one day."""
    alike = (Deposit.yen == entered.yen) & (Deposit.booked_on == entered.booked_on) & (Deposit.payer == entered.payer)
    return list(Deposit.select().where(alike))


@dataclass(frozen=True)
class Seen:
    """What stood on the screen when OK was pressed, in yen: what was left of the deposit, and what the order was missing."""

    rest_yen: int
    missing_yen: int


def allocate(deposit: Deposit, order: Order, yen: int, staff: Staff, reason: str, seen: Seen | None = None, *, catalog: Catalog) -> None:
    """Let `yen` of the deposit pay the order, together with what it has received already.

    Raises NotPossible when the deposit has not that much left, the order does not miss that much, it takes no money (any more), or
    either is not as it was `seen`.
    """
    with database.atomic():
        account = hold(order.account_id)
        order, deposit = Order.locked(order.id), Deposit.locked(deposit.id)
        _refuse_unless_possible(order, deposit, yen)
        if seen and seen != Seen(deposit.rest_yen, order.missing_yen):
            raise NotPossible("表示したあとで、入金の残りか申し込みの不足額が変わりました。")
        if not takes_money(order, account, deposit.counts_on):
            raise NotPossible("この申し込みには充当できません。状態が変わったか、期限までの入金ではありません。")
        due_on = order.due_on or due_day(clock.today())
        Order.update(method=Method.BANK, due_on=due_on).where(Order.id == order.id).execute()
        history.record(
            "deposit",
            deposit.number,
            "entered",
            "allocated",
            history.by_staff(staff),
            f"申し込み {order.number} に {yen}円：{reason}",
            account=order.account_id,
        )
        money = Money(Method.BANK, reference_of(deposit), yen, deposit.counts_on, clock.today(), deposit=deposit)
        if not settle(order, money, actor=history.by_staff(staff), catalog=catalog):
            raise NotPossible("この入金は、すでにこの申し込みに充当されています。")


def take_back(allocation: Allocation, staff: Staff, reason: str) -> None:
    """Undo an allocation: the money waits again, and an order that it had paid waits for money again, its terms withdrawn.

    Both stay in the history. Raises NotPossible when it was taken back already, or another order of the account is open.
    """
    with database.atomic():
        order = allocation.order
        account = hold(order.account_id)
        order, deposit = Order.locked(order.id), Deposit.locked(allocation.deposit_id)
        if not Allocation.delete().where(Allocation.id == allocation.id, Allocation.order == order).execute():
            raise NotPossible("この充当は、すでに取り消されています。")
        wait_for_an_order(deposit, allocation.yen)
        reason = f"申し込み {order.number} から {allocation.yen}円：{reason}"
        history.record("deposit", deposit.number, "allocated", "entered", history.by_staff(staff), reason, account=order.account_id)
        if order.is_paid:
            if account.placed_order:
                raise NotPossible("お客さまの別の申し込みが進行中のため、取り消せません。先にその申し込みを終わらせてください。")
            _withdraw(order, staff, reason)


def _end_what_is_unpaid(bought: list[Subscription], reason: str, actor: str) -> None:
    """It keeps its row, for the hosting side was told of it; paid once more it begins as a new one."""
    for subscription in bought:
        Subscription.update(ended_on=clock.today(), renews=False).where(Subscription.id == subscription.id).execute()
        history.record("subscription", subscription.id, "active", "ended", actor, reason, account=subscription.account_id)
        key = f"end subscription {subscription.id} withdrawn"
        events.tell(HostingEventKind.END, subscription, key=key)


def _refuse_unless_possible(order: Order, deposit: Deposit, yen: int) -> None:
    live = Payment.select().join(Order).where(Order.account == order.account_id, Payment.state.in_(LIVE))
    if live.exists():
        raise NotPossible("カードまたはおさいぽ!のお支払いの結果を確認中です。結果が出てから充当してください。")
    if not 0 < yen <= deposit.rest_yen:
        raise NotPossible(f"この入金の残りは {deposit.rest_yen:,}円です。")
    if order.total_yen is None or yen > order.missing_yen:
        raise NotPossible("申し込みの不足額を超えて充当することはできません。")


def _withdraw(order: Order, staff: Staff, reason: str) -> None:
    bought = [term.subscription_id for term in Term.select().where(Term.order == order)]
    later = Term.select().where(Term.previous_term.in_(Term.select(Term.id).where(Term.order == order)))
    if later.exists():
        raise NotPossible("この申し込みのあとの契約期間がすでに支払われているため、取り消せません。")
    Term.delete().where(Term.order == order).execute()
    unpaid = Subscription.id.in_(bought) & Subscription.id.not_in(Term.select(Term.subscription))
    _end_what_is_unpaid(list(Subscription.select().where(unpaid)), reason, history.by_staff(staff))
    Schedule.wake(order.account_id, clock.today())
    if not order.move(OrderState.PLACED, came_from=[OrderState.PAID], paid_on=None, closed_on=None):
        raise NotPossible("この申し込みの状態が変わりました。")
    history.record("order", order.number, OrderState.PAID, OrderState.PLACED, history.by_staff(staff), reason, account=order.account_id)
