"""The contract world's days, turned one by one, with the worker coming on each."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from portal import clock, worker
from portal.actions import housekeeping, renewals, transfers
from portal.actions.renewals import Done
from portal.rules.timeline import What
from portal.sandbox.books import Books
from portal.settings import Settings
from tests.purchase import Shop


@dataclass
class Calendar:
    settings: Settings
    books: Books
    done: list[tuple[date, str, str]] = field(default_factory=list)

    @property
    def today(self) -> date:
        return clock.today()

    def jump(self, day: date) -> "Calendar":
        """That is the date from now on; nobody worked in between."""
        days = (day - clock.day_of(clock.real_now())).days
        clock.turn_by(lambda: days)
        self.books.set_offset_days(days)
        return self

    def turn(self, shop: Shop, until: date, *, passes: int = 1) -> "Calendar":
        """Day by day, with so many passes of the worker on each, up to and with `until`."""
        while self.today < until:
            self.jump(self.today + timedelta(days=1))
            for _ in range(passes):
                self.work(shop)
        return self

    def work(self, shop: Shop) -> list[Done]:
        """One pass over everything that is about contracts; what it did is kept with its date."""
        shop.work()
        housekeeping.cancel_abandoned_orders()
        transfers.expire_unpaid()
        found: list[Done] = []
        renewals.look_after_due(worker.desk_of(self.settings, shop.companies), tell=found.append)
        self.done += [(self.today, one.login, one.happening.what.value) for one in found]
        return found

    def days_of(self, what: What, login: str = "new") -> list[date]:
        return [day for day, who, did in self.done if (who, did) == (login, what)]
