"""What the demo's staff do in the personas' stories, with the same actions as on their pages."""

from collections.abc import Callable

from models import Account, Staff
from portal import clock
from portal.actions.transfers import allocation, deposits
from portal.actions.transfers.deposits import Entered
from portal.catalog import Catalog
from portal.demo.bank_ways import ways
from portal.demo.stories import must_read
from portal.demo.visitor import Lost, Visitor
from portal.enums import MoneyStatus


def a_transfer_arrives(login: str, staff_login: str, way: str, reason: str) -> Callable[[Visitor, Catalog], None]:
    """A story's step: the customer's transfer arrives in this way; staff enter it and allocate it for this reason."""

    def act(visitor: Visitor, catalog: Catalog) -> None:
        order, staff, today = Account.by_login(login).placed_order, Staff.by_login(staff_login), clock.today()
        if order is None:
            raise Lost(f"{login} awaits no transfer")
        arrived = ways(order)[way]
        visitor.visit("/demo/bank")
        visitor.send(number=order.number, way=way)
        deposit = deposits.enter(Entered(today, today, arrived.yen, arrived.payer), staff, f"demo {order.number}")
        allocation.allocate(deposit, order, arrived.yen, staff, reason, catalog=catalog)
        visitor.visit("/contract")
        must_read(visitor, MoneyStatus.CONFIRMED if arrived.yen == order.total_yen else MoneyStatus.PARTIAL)

    return act
