"""Deposits: lines of the bank statement, entered by staff.

Each yen of a deposit is in exactly one allocation row: of an order, or the one row without an order, which staff still has to allocate.
"""

from dataclasses import dataclass
from datetime import date

from peewee import IntegrityError

from models import Deposit, Staff, created_with_number
from portal import clock
from portal.actions import history
from portal.actions.payments.money import add_unallocated
from portal.actions.refusals import NotPossible as NotPossible
from portal.rules.accounts.name_key import name_key
from portal.rules.transfers.order_numbers import order_numbers
from portal.store.database import database


@dataclass(frozen=True)
class Entered:
    """A line of the bank statement as staff entered it. Yen; the bank's booking and value dates."""

    booked_on: date
    valued_on: date
    yen: int
    payer: str


def enter(entered: Entered, staff: Staff, form_token: str) -> Deposit:
    """Store a deposit, in yen. `form_token` makes it idempotent: the same form sent twice gives the same deposit."""
    with database.atomic():
        try:
            with database.atomic():
                deposit = create(**vars(entered), staff=staff, form_token=form_token)
        except IntegrityError:
            known = Deposit.get_or_none(Deposit.form_token == form_token)
            if known is None:
                raise
            return known
        add_unallocated(deposit, deposit.yen)
        history.record(
            "deposit", deposit.number, None, "entered", history.by_staff(staff), f"{entered.yen}円 {entered.payer}", account=None
        )
        return deposit


def create(booked_on: date, valued_on: date, yen: int, payer: str, staff: Staff, form_token: str) -> Deposit:
    """The row alone. Raises IntegrityError if there is one of this `form_token`."""
    about = {"booked_on": booked_on, "valued_on": valued_on, "yen": yen, "payer": payer, "payer_key": name_key(payer)}
    return created_with_number(Deposit, staff=staff, form_token=form_token, created_at=clock.now(), **about)


def is_as_entered(deposit: Deposit, entered: Entered) -> bool:
    """False if the form's first press had entered something else."""
    return all(getattr(deposit, name) == value for name, value in vars(entered).items())


def same_as(entered: Entered) -> list[Deposit]:
    """Deposits with the same yen, one of the days, name and numbers before it, typed or of a bank's file: maybe the same one again."""
    days = [entered.booked_on, entered.valued_on]
    is_same = (Deposit.yen == entered.yen) & (Deposit.payer_key == name_key(entered.payer))
    is_same &= Deposit.booked_on.in_(days) | Deposit.valued_on.in_(days)
    numbers = set(order_numbers(entered.payer))
    return [found for found in Deposit.select().where(is_same) if set(order_numbers(found.payer)) == numbers]
