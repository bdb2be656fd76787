"""Turns the business date day by day, or to the next day with something due, and runs the worker on each."""

from collections.abc import Set
from dataclasses import dataclass, field
from datetime import date, timedelta

import time_machine

from models import LIVE, Order, Payment, Schedule
from portal import clock
from portal.actions.renewals import billing_run
from portal.actions.renewals.billing_context import BillingContext
from portal.actions.renewals.due_events import EventResult
from portal.enums import Method, OrderState
from portal.rules.renewals.scheduled_event import EventKind
from portal.rules.transfers.due_dates import expiry_day
from portal.runtime.settings import Settings
from portal.sandbox.books import Books
from tests.passes import cancel_abandoned_orders, expire_unpaid, run_job
from tests.purchase import Shop

A_DAY = timedelta(days=1)


@dataclass
class Calendar:
    settings: Settings
    books: Books
    wall: time_machine.Traveller | None = None
    done: list[tuple[date, str, str]] = field(default_factory=list)

    @property
    def today(self) -> date:
        return clock.today()

    def jump(self, day: date) -> "Calendar":
        """Set the date; the worker did not run in between."""
        days = (day - clock.day_of(clock.real_now())).days
        clock.turn_by(lambda: days)
        self.books.set_offset_days(days)
        return self

    def turn(self, shop: Shop, until: date, *, passes: int = 1) -> "Calendar":
        """Day by day, with that many worker passes on each, up to and including `until`."""
        while self.today < until:
            self.jump(self.today + A_DAY)
            for _ in range(passes):
                self.work(shop)
        return self

    def hurry(self, shop: Shop, until: date) -> "Calendar":
        """The same, but only on the days on which anything is due."""
        while (day := self.next_busy_day(shop.catalog.closed_days)) <= until:
            self.jump(day).work(shop)
        return self.jump(until)

    def next_busy_day(self, closed: Set[date]) -> date:
        """The next day after today on which the worker has anything to do. `closed`: the company's closed days."""
        days = [row.due_on for row in Schedule.select(Schedule.due_on)]
        days += [clock.day_of(row.next_lookup_at) for row in Payment.select().where(Payment.state.in_(LIVE))]
        for order in Order.select().where(Order.state == OrderState.PLACED):
            days.append(
                expiry_day(order.due_on, closed) if order.method == Method.BANK and order.due_on else clock.day_of(order.placed_at) + A_DAY
            )
        tomorrow = self.today + A_DAY
        return min((max(day, tomorrow) for day in days if day > self.today or day == self.today), default=date.max)

    def through_the_day(self, shop: Shop, day: date, *, minutes: int = 5) -> "Calendar":
        """From midnight to midnight in Japan, with a worker pass every few minutes."""
        self.jump(day)
        passed = clock.now().astimezone(clock.JAPAN)
        self.wall.shift(-timedelta(hours=passed.hour, minutes=passed.minute, seconds=passed.second))
        for _ in range(0, 24 * 60, minutes):
            self.work(shop)
            self.wall.shift(timedelta(minutes=minutes))
        self.wall.shift(-timedelta(hours=12))
        return self.jump(day)

    def work(self, shop: Shop) -> list[EventResult]:
        """One pass over everything that is about contracts; what it did is kept with its date."""
        shop.work()
        cancel_abandoned_orders()
        expire_unpaid(shop.catalog.closed_days)
        context = BillingContext(shop.catalog, shop.companies, self.settings.installation_id)
        found = [each for each in billing_run.process_due_accounts(context) if isinstance(each, EventResult)]
        run_job("mails", self.settings, shop.companies)
        self.done += [(self.today, one.login, one.scheduled.kind.value) for one in found]
        return found

    def days_of(self, what: EventKind, login: str = "new") -> list[date]:
        return [day for day, who, did in self.done if (who, did) == (login, what)]
