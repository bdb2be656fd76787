"""The worker's look at one account: what is due is done, each thing once, whoever looks how often and however late.

An account is claimed with a lease and a fence; what is done about it is one transaction, but for a charge, which takes the three beats
of every payment. Then the account's next day is written down, and nobody looks before it.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from peewee import InterfaceError, OperationalError

from models import Account, Agenda, database
from portal import clock
from portal.actions import charging, contract_end, notices_of_renewal, pay
from portal.actions.facts import facts_of
from portal.actions.orders import hold
from portal.catalog import Catalog
from portal.rules.holding import Facts
from portal.rules.timeline import Happening, What, next_day, timeline

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)  # longer than any company takes to answer
NEVER = date(9999, 12, 31)
MOST_CHARGES = 4  # of one account in one look: its ends, made up late, each once


@dataclass(frozen=True)
class Desk:
    """What whoever looks after renewals works with."""

    catalog: Catalog
    companies: Mapping[str, Any]
    installation_id: str


@dataclass
class Report:
    """What was done, in words of the timeline."""

    done: list[tuple[str, Happening]] = field(default_factory=list)
    accounts: int = 0

    def note(self, account: Account, happening: Happening) -> None:
        self.done.append((account.login, happening))


def look_after_due(desk: Desk, *, limit: int = 100, report: Report | None = None) -> int:
    """Look after the accounts whose day has come, at most `limit`; how many were looked after."""
    found = Agenda.due(clock.today(), clock.real_now(), limit)
    return sum(_without_the_others_waiting(agenda, desk, report) for agenda in found)


def _without_the_others_waiting(agenda: Agenda, desk: Desk, report: Report | None) -> bool:
    """What goes wrong with one account is tried again when its lease has run out; a database that is away concerns all."""
    try:
        return look_after(agenda, desk, report)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("account %s could not be looked after", agenda.account_id)
        return False


def look_after(agenda: Agenda, desk: Desk, report: Report | None = None) -> bool:
    """True for the one worker that looked after this account."""
    if not agenda.claim(clock.real_now(), clock.real_now() + LEASE):
        return False
    report = report or Report()
    report.accounts += 1
    for _ in range(MOST_CHARGES):
        charge = _do_what_is_due(agenda, desk, report)
        if charge is None:
            return True
        pay.charge_by_itself(charge.payment, charge.token, charge.company)
    _release(agenda, clock.today())
    return True


def preview(account: Account, catalog: Catalog) -> list[Happening]:
    """What is due, as `look_after` would do it. Changes nothing."""
    today = clock.today()
    return [found for found in timeline(facts_of(account, with_told=True), today, catalog) if found.on <= today and found.what in HANDLERS]


def _do_what_is_due(agenda: Agenda, desk: Desk, report: Report) -> charging.Begun | None:
    """Everything but charges, and the first beat of a charge. When nothing is left to charge, the account's next day."""
    with database.atomic():
        account = hold(agenda.account_id)
        if not agenda.is_still_mine():
            return None
        facts, today = facts_of(account, with_told=True), clock.today()
        due = [found for found in timeline(facts, today, desk.catalog) if found.on <= today]
        for happening in due:
            begun = HANDLERS.get(happening.what, _nothing)(account, facts, happening, desk)
            if isinstance(begun, charging.Begun):
                report.note(account, happening)
                return begun
            if begun:
                report.note(account, happening)
        _look_again(agenda, account, desk.catalog, today)
        return None


def _look_again(agenda: Agenda, account: Account, catalog: Catalog, today: date) -> None:
    """What is still due could not be done today (a company is not configured): it is tried again tomorrow."""
    facts = facts_of(account, with_told=True)
    following = next_day(facts, today, catalog) or NEVER
    is_left = any(found.on <= today and found.what in (What.CHARGE, What.RETRY) for found in timeline(facts, today, catalog))
    agenda.release(min(following, today + timedelta(days=1)) if is_left else following)


def _release(agenda: Agenda, on: date) -> None:
    with database.atomic():
        agenda.release(on)


def _nothing(_account: Account, _facts: Facts, _happening: Happening, _desk: Desk) -> bool:
    return False


Handler = Callable[[Account, Facts, Happening, Desk], "charging.Begun | bool"]
HANDLERS: dict[What, Handler] = {
    What.NOTICE: notices_of_renewal.notice,
    What.MOVED: notices_of_renewal.moved,
    What.CARD_EXPIRES: notices_of_renewal.card_expires,
    What.BY_HAND: notices_of_renewal.by_hand,
    What.CHARGE: charging.begin,
    What.RETRY: charging.begin,
    What.END: contract_end.end,
    What.STOP: contract_end.stop,
    What.DELETION_AHEAD: contract_end.announce_deletion,
    What.DELETION: contract_end.delete,
}
