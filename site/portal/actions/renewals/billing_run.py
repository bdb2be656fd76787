"""The worker's look at one account: what is due is done, each thing once, whoever looks how often and however late.

An account is claimed with a lease and a fence; what is done about it is one transaction, but for a charge, which takes the three beats
of every payment. Then the account's next day is written down, and nobody looks before it.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from peewee import InterfaceError, OperationalError

from models import Account, Agenda, Order, Payment, database
from portal import clock
from portal.actions.orders.drafts import hold
from portal.actions.payments import pay
from portal.actions.renewals import automatic_charge, lifecycle, notices
from portal.actions.renewals.snapshot import facts_of
from portal.catalog import Catalog
from portal.rules.renewals.snapshot import Facts
from portal.rules.renewals.timeline import Happening, What, next_day, timeline

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)  # longer than any company takes to answer
NEVER = date(9999, 12, 31)
AT_A_TIME = 200  # rows of the agenda in memory
CHARGES = (What.CHARGE, What.RETRY)
MOST_CHARGES = 4  # of one account in one look: its ends, made up late, each once


@dataclass(frozen=True)
class Desk:
    """What whoever looks after renewals works with."""

    catalog: Catalog
    companies: Mapping[str, Any]
    installation_id: str


@dataclass(frozen=True)
class Done:
    """One thing that was done for an account, or would be. `payment`: a charge, with its order and the company's answer."""

    login: str
    happening: Happening
    payment: Payment | None = None


@dataclass
class Looks:
    """How many accounts were looked after, and with how many something went wrong."""

    accounts: int = 0
    failed: int = 0


Tell = Callable[[Done], None]


def look_after_due(desk: Desk, *, limit: int = 100, tell: Tell | None = None) -> int:
    """Look after the accounts whose day has come, at most `limit`; how many were looked after."""
    return look_after_each(Agenda.due(clock.today(), clock.real_now(), limit), desk, tell).accounts


def look_after_each(found: Iterable[Agenda], desk: Desk, tell: Tell | None = None) -> Looks:
    """What goes wrong with one account is tried again when its lease has run out; a database that is away concerns all."""
    looks = Looks()
    for agenda in found:
        try:
            looks.accounts += look_after(agenda, desk, tell)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("account %s could not be looked after", agenda.account_id)
            looks.failed += 1
    return looks


def all_due(*, everybody: bool = False) -> Iterator[Agenda]:
    """Every account whose day has come and that no worker holds, each once, some at a time. `everybody`: whatever their day."""
    today, last = NEVER if everybody else clock.today(), 0
    while found := Agenda.due_after(last, today, clock.real_now(), AT_A_TIME):
        yield from found
        last = found[-1].account_id


def look_after(agenda: Agenda, desk: Desk, tell: Tell | None = None) -> bool:
    """True for the one worker that looked after this account. `tell` hears of each thing once it is committed."""
    if not agenda.claim(clock.real_now(), clock.real_now() + LEASE):
        return False
    for _ in range(MOST_CHARGES):
        done, charge = _do_what_is_due(agenda, desk)
        if charge:
            pay.charge_by_itself(charge.payment, charge.token, charge.company)
        if tell:
            _tell_all(done, charge, tell)
        if charge is None:
            return True
    _release(agenda, clock.today())
    return True


def _do_what_is_due(agenda: Agenda, desk: Desk) -> tuple[list[Done], automatic_charge.Begun | None]:
    """Everything but charges, and the first beat of a charge, which is the last that was done. Without one, the account's next day."""
    with database.atomic():
        account, done = hold(agenda.account_id), []
        if not agenda.is_still_mine():
            return done, None
        facts = facts_of(account, with_told=True)
        for happening in due_of(facts, desk):
            result = HANDLERS.get(happening.what, nothing)(account, facts, happening, desk)
            if result:
                done.append(Done(account.login, happening))
            if isinstance(result, automatic_charge.Begun):
                return done, result
        now = facts_of(account, with_told=True) if done else facts
        agenda.release(_day_to_look_again(now, clock.today(), desk.catalog))
        return done, None


def due_of(facts: Facts, desk: Desk) -> list[Happening]:
    today = clock.today()
    return [found for found in timeline(facts, today, desk.catalog) if found.on <= today]


def _tell_all(done: list[Done], charge: automatic_charge.Begun | None, tell: Tell) -> None:
    for one in done[:-1] if charge else done:
        tell(one)
    if charge:
        payment = Payment.select(Payment, Order).join(Order).where(Payment.id == charge.payment.id).get()
        tell(replace(done[-1], payment=payment))


def _day_to_look_again(facts: Facts, today: date, catalog: Catalog) -> date:
    """What is still due could not be done today (a company is not configured): it is tried again tomorrow."""
    following = next_day(facts, today, catalog) or NEVER
    is_left = any(found.on <= today and found.what in CHARGES for found in timeline(facts, today, catalog))
    return min(following, today + timedelta(days=1)) if is_left else following


def _release(agenda: Agenda, on: date) -> None:
    with database.atomic():
        agenda.release(on)


def nothing(_account: Account, _facts: Facts, _happening: Happening, _desk: Desk) -> bool:
    return False


Handler = Callable[[Account, Facts, Happening, Desk], "automatic_charge.Begun | bool"]
HANDLERS: dict[What, Handler] = {
    What.NOTICE: notices.notice,
    What.MOVED: notices.moved,
    What.CARD_EXPIRES: notices.card_expires,
    What.BY_HAND: notices.by_hand,
    What.CHARGE: automatic_charge.begin,
    What.RETRY: automatic_charge.begin,
    What.END: lifecycle.end,
    What.STOP: lifecycle.stop,
    What.DELETION_AHEAD: lifecycle.announce_deletion,
    What.DELETION: lifecycle.delete,
}
