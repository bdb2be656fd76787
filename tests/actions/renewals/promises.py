"""The promises to every customer, checked day by day from outside: by rows that a customer could see, and by sent mails.

Nothing here calls the rules, because they are under test.
"""

import json
from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from datetime import date, timedelta

from models import LIVE, Account, Announcement, Mail, Order, OrderLine, Payment, RenewalSetting, Subscription, Term
from portal import clock
from portal.enums import MailKind, Method, OrderKind, OrderState
from portal.rules.transfers.business_days import business_day_after
from tests.actions.renewals.random_customers import RandomCustomers

REST = timedelta(days=4)
GRACE = 4  # bank business days
UNPAID = (OrderState.PLACED, OrderState.CANCELLED, OrderState.EXPIRED)


@dataclass
class Promises:
    """`since` is the day on which something was first seen: a term, auto-renewal turned on, a renewal card or wallet."""

    customers: RandomCustomers
    since: dict[object, date] = field(default_factory=dict)
    charges: set[int] = field(default_factory=set)
    stopped: set[int] = field(default_factory=set)
    ended: set[int] = field(default_factory=set)
    open: list[int] = field(default_factory=list)

    def look(self, *, by_worker: bool) -> list[str]:
        """Promises broken since the last check. `by_worker`: only the worker acted meanwhile."""
        today = clock.today()
        self.since = {one: self.since.get(one, today) for one in (*_terms(), *_switches(), *_renewal_method())}
        broken = [*self._charged_wrongly(), *_paid_twice()]
        broken += [*self._stopped_wrongly(), *self._deleted_wrongly(), *self._cancelled_wrongly()] if by_worker else ()
        self._remember_ends()
        return broken

    # -- charges ---------------------------------------------------------------------------------------------------

    def _charged_wrongly(self) -> Iterator[str]:
        for payment in list(_automatic_payments()):
            if payment.id in self.charges:
                continue
            self.charges.add(payment.id)
            yield from self._too_soon(payment)
            yield from self._too_dear(payment)

    def _too_soon(self, payment: Payment) -> Iterator[str]:
        on, order = clock.day_of(payment.created_at), payment.order
        for line in order.lines.where(OrderLine.subscription.is_null(False)):
            causes = {
                "its payment": self.since.get(("term", line.subscription_id, line.starts_on - timedelta(days=1))),
                "its switch": self.since.get(("switch", line.subscription_id)),
                "its method": max(
                    (day for one, day in self.since.items() if one[:2] == ("renewal_method", order.account_id)), default=None
                ),
            }
            for cause, day in causes.items():
                if day and on < day + REST:
                    yield f"{payment.key} was charged on {on}, and {cause} became known on {day}"

    def _too_dear(self, payment: Payment) -> Iterator[str]:
        """By line, because a line may be reserved while the others follow the notice."""
        order = payment.order
        reserved = self.customers.reserved.get((order.account.login, order.renews_end), [])
        noticed = _noticed(order)
        for line in order.lines:
            promised = [one[name] for one in reserved if (name := line.subscription_id or str(line.product)) in one]
            agreed = max([_last_price(line), noticed.get(line.subscription_id, 0), *promised])
            if line.yen > agreed:
                yield f"{payment.key} charges {line.yen} yen for {line.product}; the most that was ever agreed were {agreed}"

    # -- ends ------------------------------------------------------------------------------------------------------

    def _stopped_wrongly(self) -> Iterator[str]:
        for bought in Subscription.select().where(Subscription.stopped_on.is_null(False)):
            if (bought.id, bought.stopped_on) in self.stopped:
                continue
            ends_on, today = bought.last_term.ends_on, clock.today()
            if today <= ends_on:
                yield f"subscription {bought.id} was stopped on {today}, and is paid until {ends_on}"
            for order in _open_orders(bought):
                if _is_undecided(order):
                    yield f"subscription {bought.id} was stopped while {order.number} is asked about"
                grace = business_day_after(ends_on, GRACE, self.closed)
                if order.method == Method.BANK and today < min(grace, self._expires_on(order)):
                    yield f"subscription {bought.id} was stopped on {today} though {order.number} may still be paid"

    def _deleted_wrongly(self) -> Iterator[str]:
        """Also checks an order that was open before, because the deletion cancels it."""
        for bought in Subscription.select().where(Subscription.ended_on.is_null(False)):
            if bought.id in self.ended:
                continue
            orders = Order.select().where(Order.account == bought.account_id, Order.id.in_(self.open), Order.state.in_(UNPAID))
            for order in orders:
                is_for_it = bought.product == "server" or order.lines.where(OrderLine.subscription == bought).exists()
                if is_for_it and (_is_undecided(order) or order.received_yen):
                    yield f"subscription {bought.id} was ended while money for {order.number} is on its way"
                if is_for_it and order.method == Method.BANK and clock.today() < self._expires_on(order):
                    yield f"subscription {bought.id} was ended though {order.number} was due only on {order.due_on}"

    def _cancelled_wrongly(self) -> Iterator[str]:
        """A transfer keeps its days, whatever else the worker does for the account."""
        for order in Order.select().where(Order.id.in_(self.open), Order.state == OrderState.CANCELLED, Order.method == Method.BANK):
            if clock.today() < self._expires_on(order):
                yield f"{order.number} was cancelled on {clock.today()}, and was due on {order.due_on}"

    def _expires_on(self, order: Order) -> date:
        return business_day_after(order.due_on, GRACE, self.closed)

    @property
    def closed(self) -> Set[date]:
        return self.customers.shop.catalog.closed_days

    def _remember_ends(self) -> None:
        rows = list(Subscription.select())
        self.stopped = {(bought.id, bought.stopped_on) for bought in rows if bought.stopped_on}
        self.ended = {bought.id for bought in rows if bought.ended_on}
        self.open = [order.id for order in Order.select(Order.id).where(Order.state == OrderState.PLACED)]


def _terms() -> Iterator[tuple[object, ...]]:
    for term in Term.select():
        yield "term", term.subscription_id, term.ends_on


def _switches() -> Iterator[tuple[object, ...]]:
    for bought in Subscription.select().where(Subscription.renews):
        yield "switch", bought.id


def _renewal_method() -> Iterator[tuple[object, ...]]:
    """With the token of the card or the wallet that would be charged."""
    for setting in RenewalSetting.select():
        yield "renewal_method", setting.account_id, setting.method, setting.payment_method.token, setting.wallet_day


def _automatic_payments() -> Iterator[Payment]:
    query = Payment.select(Payment, Order, Account).join(Order).join(Account)
    return query.where(Payment.setup.is_null(), Order.kind == OrderKind.AUTO).order_by(Payment.id)


def _last_price(line: OrderLine) -> int:
    """The price the customer confirmed last; None if never bought."""
    before = Term.select().where(Term.subscription == line.subscription_id, Term.ends_on == line.starts_on - timedelta(days=1)).first()
    return before.order_line.yen if before else 0


def _noticed(order: Order) -> dict[int, int]:
    """What was announced for each product, if a notice went out that named the sum of it."""
    account = order.account
    found = Announcement.select().where(Announcement.account == account, Announcement.ends_on == order.renews_end).first()
    about = Mail.entity.contains(f" {order.renews_end}")
    bodies = [mail.body for mail in account.mails.where(Mail.kind == MailKind.RENEWAL_NOTICE, about)]
    if found is None or not any(f"{found.yen:,}円" in body for body in bodies):
        return {}
    return {int(number): yen for number, yen in json.loads(found.content).items()}


def _open_orders(bought: Subscription) -> list[Order]:
    query = Order.select().join(OrderLine).where(Order.state == OrderState.PLACED, OrderLine.subscription == bought)
    return list(query.distinct())


def _is_undecided(order: Order) -> bool:
    return order.payments.where(Payment.state.in_(LIVE)).exists()


def _paid_twice() -> Iterator[str]:
    """The database refuses two terms on one day, so this looks for two paid orders for it without an undo."""
    paid: dict[tuple[int, date], str] = {}
    lines = OrderLine.select(OrderLine, Order).join(Order).where(Order.state == OrderState.PAID, OrderLine.subscription.is_null(False))
    for line in lines:
        other = paid.setdefault((line.subscription_id, line.starts_on), line.order.number)
        if other != line.order.number:
            yield f"{other} and {line.order.number} are both paid for subscription {line.subscription_id} from {line.starts_on}"
