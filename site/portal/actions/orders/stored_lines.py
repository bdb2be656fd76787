"""Reads an order's stored lines as a quote."""

from models import Order, OrderLine
from portal.enums import ProductKind
from portal.rules.orders.quote import Line, Quote

_NAMES = ("product", "variant", "name", "quantity", "months", "monthly_yen", "yen", "starts_on", "ends_on", "common_name")


def placed_quote(order: Order) -> Quote:
    """The quote that the order was placed with: confirmed prices in yen (not the catalog's) and planned terms."""
    lines = tuple(_line(line) for line in order.lines.order_by(OrderLine.position))
    return Quote(lines, order.total_yen, order.tax_yen, order.tax_percent)


def _line(line: OrderLine) -> Line:
    more = {"subscription": line.subscription_id, "is_last_time": line.is_last_time, "renews_by_default": line.renews_by_default}
    more |= {"is_undone": line.undone_subscription_id is not None, "part_of": line.part_of_id}
    return Line(kind=ProductKind(line.kind), **more, **{name: getattr(line, name) for name in _NAMES})
