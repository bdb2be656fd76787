"""What comes next for a customer, as the customer's own 「今後の予定」 says it, and what the worker does on its next look."""

from dataclasses import dataclass
from datetime import date

from portal import clock
from portal.actions.renewals.snapshot import snapshot_of
from portal.actions.staff.customers import Customer
from portal.rules.renewals.calendar import Day, calendar
from portal.rules.renewals.forecast import Forecast, forecasts
from portal.rules.renewals.snapshot import RenewalMethod
from portal.rules.renewals.timeline import timeline
from portal.web.current import catalog


@dataclass(frozen=True)
class Coming:
    """`next_look`: the worker's next day for the account, None if there is none; `why`: what it will do then. `charges`: the next ones."""

    today: date
    days: list[Day]
    renewal_method: RenewalMethod | None
    next_look: date | None
    why: list[str]
    charges: list[Forecast]


def coming(found: Customer) -> Coming:
    snapshot, today = snapshot_of(found.account, with_sent_notices=True, terms=found.terms), clock.today()
    due_on = found.due.due_on if found.due and found.due.due_on.year < date.max.year else None
    due = [event.kind.label for event in timeline(snapshot, today, catalog()) if due_on and event.on <= max(due_on, today)]
    charges = [one for one in forecasts(snapshot, today, catalog()) if one.charge]
    return Coming(today, calendar(snapshot, today, catalog()), snapshot.renewal_method, due_on, list(dict.fromkeys(due)), charges)
