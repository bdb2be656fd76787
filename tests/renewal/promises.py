"""What must hold for every contract, however long and whatever happens (SPEC.md §2): each check tells what is broken.

They read the stored rows, and reckon with dates of their own; only what is still to come is taken from the portal's timeline.
"""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from models import LIVE, Account, Agenda, Announcement, Event, Mail, Order, OrderLine, Payment, Receipt, Subscription, Term
from portal import clock
from portal.actions.facts import NEVER_ARRIVED, facts_of
from portal.actions.renewals import HANDLERS
from portal.rules.timeline import What, timeline
from portal.rules.transfer import expiry_day
from portal.words import MailKind, Method, OrderKind, OrderState, PaymentState
from tests.renewal.street import Street

REST = timedelta(days=4)
DAYS = (5, 10, 15, 20, 25, 28)
MAY_STAY = {What.NOTICE, What.BY_HAND, What.CARD_EXPIRES, What.MOVED, What.LAST_CHANGE}


class Promises:
    def __init__(self, street: Street) -> None:
        self.street, self.payment, self.event = street, 0, 0

    def broken(self, *, has_worked: bool = False, was_away: bool = False) -> list[str]:
        """`has_worked`: the worker has just done what was due; `was_away`: and had not come on the days before."""
        found = [*self._charges(was_away), *self._ends(), *self._terms(), *self._twice()]
        return found + list(self._to_come(has_worked))

    # -- charges ---------------------------------------------------------------------------------------------------

    def _charges(self, was_away: bool) -> Iterator[str]:
        """Every automatic charge that was begun since the last look."""
        query = Payment.select(Payment, Order).join(Order).where(Payment.id > self.payment, Payment.entry.is_null()).order_by(Payment.id)
        for payment in query:
            self.payment = payment.id
            on, order = clock.day_of(payment.created_at), payment.order
            self.street.did[f"charge by {payment.method}: {payment.state}"] += 1
            lines = list(order.lines)
            yield from (f"{payment.key} on {on}: {trouble}" for trouble in self._troubles(payment, order, lines, on, was_away))

    def _troubles(self, payment: Payment, order: Order, lines: list[OrderLine], on: date, was_away: bool) -> Iterator[str]:
        for cause, day in _causes(order, lines, payment):
            if on < day + REST:
                yield f"comes less than four days after {cause} on {day}"
        if _last_switch(order.account, payment) != "renewal on":
            yield "comes after the renewal was switched off"
        if not was_away and on.day not in DAYS and not _was_lost(order):
            yield "comes on a day that is no charge day"
        for line in lines:
            if line.yen > (most := self._most(order, line, on)):
                yield f"{line.name} costs {line.yen} yen, and at most {most} were agreed to"

    def _most(self, order: Order, line: OrderLine, on: date) -> int:
        """The dearest that this could be: as it was confirmed, announced 30 days before, or reserved."""
        agreed = [line_before.yen for line_before in [_before(line)] if line_before]
        announced = Announcement.get_or_none(Announcement.account == order.account, Announcement.ends_on == order.renews_end)
        told = Mail.select().where(Mail.account == order.account, Mail.kind == MailKind.RENEWAL_NOTICE)
        if announced and announced.announced_on <= announced.charge_on - timedelta(days=30) and told.exists():
            agreed += [yen for number, yen in _by_number(announced).items() if number == line.subscription_id]
        for promised in self.street.reserved.get((order.account.login, order.renews_end), []):
            agreed += [yen for what, yen in promised.items() if what in (line.subscription_id, str(line.product))]
        return max(agreed, default=0)

    # -- the end ---------------------------------------------------------------------------------------------------

    def _ends(self) -> Iterator[str]:
        for event in Event.select().where(Event.id > self.event).order_by(Event.id):
            self.event = event.id
            kind, _, number = event.entity.partition(" ")
            if kind == "order" and event.from_state:
                self.street.did[f"order {event.from_state} -> {event.to_state}"] += 1
            if kind == "subscription" and event.actor == "worker":
                self.street.did[f"contract {event.to_state}"] += 1
                check = {"stopped": self._stop, "ended": self._deletion}[event.to_state]
                yield from (f"{event.entity} {event.to_state} on {clock.day_of(event.at)}: {trouble}" for trouble in check(int(number)))
            if kind == "order" and event.to_state == OrderState.CANCELLED and "解約" in event.reason:
                yield from self._cancelled(Order.get(Order.number == number))

    def _stop(self, number: int) -> Iterator[str]:
        ends_on = Subscription.get_by_id(number).last_term.ends_on
        if ends_on >= clock.today():
            yield f"it is paid until {ends_on}"
        for order in _open_orders(number):
            if order.payments.where(Payment.state.in_(LIVE)).exists():
                yield f"a payment of order {order.number} has no answer yet"
            if order.method == Method.BANK and clock.today() < expiry_day(ends_on):
                yield f"the transfer for order {order.number} may still be on its way"

    def _deletion(self, number: int) -> Iterator[str]:
        bought = Subscription.get_by_id(number)
        server = bought.account.subscriptions.where(Subscription.product == "server", Subscription.ended_on == clock.today()).first()
        stopped = [found.stopped_on for found in (bought, server) if found and found.stopped_on]
        if not any(on + timedelta(days=14) <= clock.today() for on in stopped):
            yield f"it was stopped on {stopped}"
        for order in _open_orders(number):
            if order.received_yen or order.payments.where(Payment.state.in_(LIVE)).exists():
                yield f"money for order {order.number} is on its way"

    def _cancelled(self, order: Order) -> Iterator[str]:
        if order.method == Method.BANK and order.due_on and clock.today() < expiry_day(order.due_on):
            yield f"order {order.number} was given up before its transfer was due for four business days"

    # -- what there is ---------------------------------------------------------------------------------------------

    def _terms(self) -> Iterator[str]:
        today = clock.today()
        ahead = Counter(term.subscription_id for term in Term.select().where(Term.starts_on > today))
        yield from (f"subscription {number} has {times} terms ahead" for number, times in ahead.items() if times > 1)
        stopped = Term.select(Term, Subscription).join(Subscription).where(Subscription.stopped_on.is_null(False), Term.ends_on >= today)
        for term in stopped.where(Subscription.ended_on.is_null()):
            yield f"subscription {term.subscription_id} is stopped and paid until {term.ends_on}"
        lost = Receipt.select().where(Receipt.order.is_null(), Receipt.deposit.is_null())
        yield from (f"{receipt.yen} yen of a {receipt.source} were taken and pay nothing" for receipt in lost)

    def _twice(self) -> Iterator[str]:
        mails = Counter((mail.kind, mail.entity) for mail in Mail.select(Mail.kind, Mail.entity))
        yield from (f"{kind} of {entity} was written {times} times" for (kind, entity), times in mails.items() if times > 1)
        taken = Payment.select(Payment, Order).join(Order).where(Payment.state == PaymentState.SUCCEEDED, Order.kind == OrderKind.AUTO)
        days = Counter((payment.order.account_id, payment.order.renews_end, clock.day_of(payment.created_at)) for payment in taken)
        yield from (f"account {account} paid twice for {end} on {on}" for (account, end, on), times in days.items() if times > 1)

    # -- what is to come -------------------------------------------------------------------------------------------

    def _to_come(self, has_worked: bool) -> Iterator[str]:
        """Nothing is forgotten: whoever has something has a day on which it goes on, and the worker knows it."""
        today, catalog = clock.today(), self.street.shop.catalog
        for account in Account.select():
            facts = facts_of(account, with_told=True)
            if not facts.holdings:
                continue
            found = [one for one in timeline(facts, today, catalog) if one.what in HANDLERS]
            is_on_its_way = facts.open_order is not None and facts.open_order.is_on_its_way
            if not found and not is_on_its_way:
                yield f"{account.login} has {[one.name for one in facts.holdings]}, and nothing will ever happen"
            held = facts.open_order is not None and (is_on_its_way or facts.open_order.method is Method.BANK)
            may_stay = MAY_STAY | ({What.CHARGE, What.RETRY} if held else set())
            due = [one for one in found if one.on <= today and not one.is_only_if_unpaid and one.what not in may_stay]
            look_on = Agenda.get(Agenda.account == account).look_on
            if due and look_on > today + timedelta(days=has_worked):
                yield f"{account.login}: {due[0].what} was due on {due[0].on}, and the worker comes on {look_on}"
            if due and has_worked:
                yield f"{account.login}: {due[0].what} was due on {due[0].on}, and the worker did not do it"
            following = min((one.on for one in found if one.on > today), default=None)
            if following and look_on > following:
                yield f"{account.login}: something happens on {following}, and the worker comes on {look_on}"


def _open_orders(subscription: int) -> list[Order]:
    query = Order.select().join(OrderLine).where(OrderLine.subscription == subscription, Order.state == OrderState.PLACED)
    return list(query.distinct())


def _before(line: OrderLine) -> OrderLine | None:
    """The line that paid for the term before."""
    if line.subscription_id is None:
        return None
    term = Term.get_or_none(Term.subscription == line.subscription_id, Term.ends_on == line.starts_on - timedelta(days=1))
    return term and term.order_line


def _causes(order: Order, lines: list[OrderLine], payment: Payment) -> Iterator[tuple[str, date]]:
    """The payments of what is renewed, and the newest change of the method before this charge."""
    for line in lines:
        if before := _before(line):
            yield "the payment", before.order.paid_on
    entity = f"account {order.account.login}"
    changes = Event.select().where(Event.entity == entity, Event.reason.startswith("自動更新の支払い方法"), Event.at <= payment.created_at)
    if newest := changes.order_by(Event.id.desc()).first():
        yield "the change of the method", clock.day_of(newest.at)


def _was_lost(order: Order) -> bool:
    """A charge that never reached its company is made again when that can be reached."""
    return order.payments.where(Payment.code == NEVER_ARRIVED).exists()


def _last_switch(account: Account, payment: Payment) -> str | None:
    entity, states = f"account {account.login}", ("renewal on", "renewal off")
    query = Event.select().where(Event.entity == entity, Event.to_state.in_(states), Event.at <= payment.created_at)
    newest = query.order_by(Event.id.desc()).first()
    return newest and newest.to_state


def _by_number(announced: Announcement) -> dict[int, int]:
    return {int(number): yen for number, yen in json.loads(announced.content).items()}
