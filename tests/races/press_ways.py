"""How a button is reached and pressed, and what its first press says: one Row for each address that posts."""

from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Flask

from models import Account, Order
from portal.catalog import Catalog
from portal.runtime.settings import Settings
from portal.sandbox.books import Books
from tests import steps
from tests.browser import Browser
from tests.factories import a_customer
from tests.races.threaded_server import Press, RawPress
from tests.staff_desk import Clerk, a_clerk, sign_in


@dataclass
class World:
    """`login`: the customer of this way. Staff are the same in all."""

    app: Flask
    settings: Settings
    catalog: Catalog
    books: Books
    login: str = "new"
    clerks: list[Clerk] = field(default_factory=list)

    def browser(self) -> Browser:
        return Browser(self.app, self.settings.public_url)

    def customer(self) -> Browser:
        a_customer(self.login)
        return self.browser()

    def with_order(self) -> Browser:
        a_customer(self.login)
        return steps.order_by_transfer(self.browser(), self.login)

    def contracted(self, by: Callable[..., Browser] = steps.buy_a_month) -> Browser:
        a_customer(self.login)
        return by(self.browser(), login=self.login)

    @property
    def order(self) -> Order:
        return Account.by_login(self.login).orders.order_by(Order.id.desc()).first()

    @property
    def clerk(self) -> Clerk:
        if not self.clerks:
            self.clerks.append(a_clerk())
        return self.clerks[0]

    def desk(self) -> Browser:
        return sign_in(self.browser(), self.clerk)


Way = Callable[[World], RawPress]


@dataclass(frozen=True)
class Row:
    """`says`: the sentences after one press, and after two."""

    way: Way
    says: tuple[str, ...] = ()


def button(label: str, way: Callable[[World], Browser]) -> Way:
    return lambda world: Press(way(world), label)
