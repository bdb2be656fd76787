"""Deposits recorded and allocated by staff, without the staff pages."""

import secrets
from datetime import date

from models import Allocation, Deposit, Order, Staff
from portal import clock
from portal.actions.transfers import allocation, deposits, undo
from portal.actions.transfers.deposits import Entered
from tests.purchase import CATALOG

REASON = "番号と金額が一致"


def staff() -> Staff:
    """Nobody signs in here: without a password."""
    about = {"password_hash": "", "name": "経理 花子", "totp_secret": "", "created_at": clock.now()}
    return Staff.by_login("keiri") or Staff.create(login="keiri", **about)


def deposit(yen: int, *, on: date | None = None) -> Deposit:
    """A line of the statement, booked today or on that day."""
    day = on or clock.today()
    return deposits.enter(Entered(day, day, yen, "ﾐﾎﾝ ﾀﾛｳ"), staff(), secrets.token_hex(8))


def allocate(money: Deposit, order: Order, yen: int | None = None) -> None:
    """As much as the order still needs, if the deposit has it. Raises NotPossible as the action does."""
    now = Order.get_by_id(order.id)
    allocation.allocate(money, now, yen or min(money.rest_yen, now.missing_yen), staff(), REASON, catalog=CATALOG)


def pay_in(order: Order, yen: int | None = None, *, on: date | None = None) -> Deposit:
    """Money arrives and is allocated."""
    money = deposit(yen or order.total_yen, on=on)
    allocate(money, order)
    return money


def take_back(money: Deposit, reason: str = "別のお客様の入金") -> None:
    undo.undo_allocation(Allocation.get(Allocation.deposit == money, Allocation.order.is_null(False)), staff(), reason, catalog=CATALOG)
