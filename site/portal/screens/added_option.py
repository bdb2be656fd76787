"""An order of kind `add` for an option: bought on its own page, or more devices for the running term."""

from datetime import date

from flask import url_for

from models import Order
from portal.catalog import Document, Option, PerDevice
from portal.rules.orders.quote import Quote
from portal.screens.own_option import OwnOption, own_option
from portal.web.current import catalog

UNDECIDED = "お支払いの結果を確認中のお申し込みがあります。結果が出るまで、新しいお申し込みはできません。"


class AddedOption:
    """See `additions.Addition`."""

    def quote(self, order: Order, today: date) -> Quote | None:
        mine = _option(order)
        return mine.quote(mine.form(order.choices), today) if order.choices else None

    def documents(self, order: Order) -> tuple[Document, ...]:
        return (catalog().document_of(_option(order).product.id),)

    def page(self, order: Order) -> str:
        return url_for("options.show", product=order.adds)

    def obstacle(self, order: Order) -> str | None:
        mine = _option(order)
        is_undecided = mine.placed is not None and mine.placed.is_on_its_way and mine.placed.number != order.number
        return mine.obstacle or (UNDECIDED if is_undecided else None)


def _option(order: Order) -> OwnOption:
    product = catalog().product(order.adds)
    assert isinstance(product, Option | PerDevice)
    return own_option(product)
