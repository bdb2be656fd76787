"""What the demo's staff do in the personas' stories, with the same actions as on their pages."""

from collections.abc import Callable

from models import Account, Staff
from portal import clock
from portal.actions.transfers import allocation, deposits
from portal.actions.transfers.deposits import Entered
from portal.catalog import Catalog
from portal.demo.bank import ways
from portal.demo.stories import must_read
from portal.demo.visitor import Visitor
from portal.enums import MoneyStatus

WAY = "short"


def a_short_transfer_arrives(login: str, staff_login: str) -> Callable[[Visitor, Catalog], None]:
    """A story's step: the customer's transfer is 440 yen short; staff enter it and allocate it."""

    def act(visitor: Visitor, catalog: Catalog) -> None:
        order, staff, today = Account.by_login(login).placed_order, Staff.by_login(staff_login), clock.today()
        visitor.visit("/demo/bank")
        visitor.send(number=order.number, way=WAY)
        arrived = ways(order)[WAY]
        deposit = deposits.enter(Entered(today, today, arrived.yen, arrived.payer), staff, f"demo {order.number}")
        allocation.allocate(deposit, order, arrived.yen, staff, "番号が一致、振込手数料の分が不足", catalog=catalog)
        visitor.visit("/contract")
        must_read(visitor, MoneyStatus.PARTIAL)

    return act
