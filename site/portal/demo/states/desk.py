"""What happens at the company's desks while customers do nothing: deposits, undone allocations, a payment company that breaks off."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

from models import Allocation, Deposit, Order
from portal import clock
from portal.actions.transfers import allocation, deposits, held_money
from portal.actions.transfers import undo as undoing
from portal.actions.transfers.deposits import Entered
from portal.demo.states.world import World

REASON = "番号と金額が一致"


class Died(BaseException):
    """As kill -9 does: nothing after it is done."""


def pay_in(world: World, order: Order, yen: int | None = None, *, of: int | None = None) -> Deposit:
    """A transfer of `of` yen arrives today, and `yen` of it are allocated to the order."""
    yen = yen or order.total_yen
    deposit = enter(world, order, of or yen)
    allocate(world, deposit, order, yen)
    return deposit


def allocate(world: World, deposit: Deposit, order: Order, yen: int) -> None:
    allocation.allocate(deposit, Order.get_by_id(order.id), yen, world.staff_member(), REASON, catalog=world.catalog)


def enter(world: World, order: Order, yen: int, payer: str = "ﾐﾎﾝ ﾀﾛｳ") -> Deposit:
    """It arrives, and is not allocated."""
    today = clock.today()
    return deposits.enter(Entered(today, today, yen, f"{order.number} {payer}"), world.staff_member(), f"form-{Deposit.select().count()}")


def hold(world: World, deposit: Deposit, order: Order) -> None:
    """What is left of the deposit is kept for the customer."""
    held_money.hold_for_customer(deposit, Order.get_by_id(order.id), world.staff_member(), "多くお振り込みいただいたため")


def undo(world: World, deposit: Deposit, reason: str) -> None:
    found = Allocation.get(Allocation.deposit == deposit, Allocation.order.is_null(False))
    undoing.undo_allocation(found, world.staff_member(), reason, catalog=world.catalog)


@contextmanager
def dying_at_the_company(world: World) -> Iterator[None]:
    """The web server is killed as soon as it asks the card company for money."""

    class Dying:
        def __getattr__(self, name: str) -> Any:
            return getattr(before.card, name)

        def charge(self, *_about: Any) -> None:
            raise Died

    before = world.app.extensions["companies"]
    world.app.extensions["companies"] = replace(before, card=Dying())
    try:
        with suppress(Died):
            yield
    finally:
        world.app.extensions["companies"] = before
