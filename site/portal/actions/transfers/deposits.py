"""Deposits: lines of the bank statement, entered by staff.

Each yen of a deposit is allocated once: to an order, or in the one row of what is left over, which waits and is listed.
"""

from dataclasses import dataclass
from datetime import date

from peewee import IntegrityError

from models import Deposit, Staff, created_with_number
from portal import clock
from portal.actions import history
from portal.actions.payments.money import wait_for_an_order
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
