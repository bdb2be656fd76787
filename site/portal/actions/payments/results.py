"""What a company has said about an attempt, written down; whoever brought the word, and however often."""

from models import ASKED, Account, Order, Payment, Schedule
from portal import clock
from portal.actions import history
from portal.actions.mail import order_mails, rendering, renewal_mails
from portal.actions.orders.drafts import cancel, hold
from portal.actions.payments.settle import Money, settle
from portal.actions.renewals.snapshot import NEVER_ARRIVED, snapshot_of, was_lost_lately
from portal.enums import Method, PaymentState
from portal.gateways.card import Declined, Paid, Unknown
from portal.rules.renewals.charge_plan import charge_plan
from portal.store.database import database

Answer = Paid | Declined | Unknown


def take_answer(payment: Payment, answer: Answer, *, actor: str) -> None:
    """Settle, decline or leave open. Yen as the company says them; another amount than was asked for is never counted."""
    match answer:
        case Paid() if answer.yen != payment.yen:
            _doubt(payment, answer, actor)
        case Paid():
            taken_on = clock.day_of(answer.at)
            money = Money(Method(payment.method), answer.reference, answer.yen, taken_on, taken_on, payment)
            settle(payment.order, money, actor=actor)
        case Declined():
            _decline(payment, answer, actor)
        case _:
            _leave_unknown(payment, actor)


def _doubt(payment: Payment, answer: Paid, actor: str) -> None:
    """Another amount than was asked for: nothing is counted and nothing else may be paid until staff has looked."""
    with database.atomic():
        before = Payment.locked(payment.id).state
        moved = payment.move(PaymentState.UNKNOWN, came_from=ASKED, at=clock.now())
        after = PaymentState.UNKNOWN if moved else before
        history.record("payment", payment.key, before, after, actor, f"要確認: 金額が違う（{answer.yen}円）")


def _decline(payment: Payment, answer: Declined, actor: str) -> None:
    """Account, order, payment: everybody locks them in this order, or two who bring contradictory words wait for each other."""
    with database.atomic():
        account = hold(payment.order.account_id)
        order = Order.locked(payment.order_id)
        before = Payment.locked(payment.id).state
        values = {"code": answer.code, "is_final": not answer.retryable}
        if payment.move(PaymentState.DECLINED, came_from=ASKED, at=clock.now(), **values):
            history.record("payment", payment.key, before, PaymentState.DECLINED, actor, f"不成立: {answer.code}")
            _go_on(account, order, payment, answer.code)


def _go_on(account: Account, order: Order, payment: Payment, code: str) -> None:
    """A charge that came by itself is told of with what comes next; one that never reached the company is made again without a word.

    Nothing comes next where the renewal was stopped while the company was being asked: the customer was promised to hear how it ended.
    """
    Schedule.wake(account, clock.today())
    if payment.setup_id or order.renews_end is None:
        order_mails.payment_refused(order, payment, code)
        return
    numbers = rendering.letterhead().renewal
    plan = charge_plan(snapshot_of(account), order.renews_end, numbers)
    if plan.method is None:
        cancel(order, history.PORTAL, "お客さまが自動更新を止めたため")
        renewal_mails.failed(order, payment, code, None, is_over=True)
    elif code != NEVER_ARRIVED or not was_lost_lately(payment):
        upcoming = plan.still_to_come(clock.today(), numbers)
        renewal_mails.failed(order, payment, code, next((day for day in upcoming.days if day > clock.today()), None))


def _leave_unknown(payment: Payment, actor: str) -> None:
    with database.atomic():
        if payment.move(PaymentState.UNKNOWN, came_from=[PaymentState.SUBMITTED], at=clock.now()):
            history.record("payment", payment.key, PaymentState.SUBMITTED, PaymentState.UNKNOWN, actor, "決済会社の答えがない")
