"""Suggests orders for a deposit: by the order number in the payer's name, by the exact amount, by the name."""

from dataclasses import dataclass

from models import Account, Deposit, Order, TransferReport
from portal.actions.transfers.order_rows import ROWS, OrderRow, any_of, order_row, orders_with_money, received, spelled
from portal.enums import OrderState
from portal.rules.transfers.name_key import name_in, numbers_in, plain, spellings

SHORTEST_NAME = 2


@dataclass(frozen=True)
class Match:
    """A suggested order, and which of the three criteria match."""

    row: OrderRow
    by_number: bool
    by_amount: bool
    by_name: bool

    @property
    def signs(self) -> list[str]:
        return [label for label, fits in (("番号", self.by_number), ("金額", self.by_amount), ("名義", self.by_name)) if fits]


def matches(deposit: Deposit, rest_yen: int) -> list[Match]:
    """Suggested orders, the likeliest first. Includes expired orders: money received by the due date still pays them."""
    if rest_yen <= 0:
        return []
    numbers, name = numbers_in(deposit.payer), name_in(deposit.payer)
    fits = [Order.total_yen - received() == rest_yen]
    fits += [Order.number.in_(numbers)] if numbers else []
    fits += [*spelled(Account.name, name), *spelled(TransferReport.payer, name)] if len(name) >= SHORTEST_NAME else []
    query = orders_with_money().where(Order.state.in_([OrderState.PLACED, OrderState.EXPIRED]), any_of(fits))
    likely_first = [Order.number.in_(numbers).desc()] if numbers else []
    rows = [order_row(order) for order in query.order_by(*likely_first, Order.state.desc(), Order.id.desc()).limit(ROWS)]
    found = [_match(row, numbers, rest_yen, name) for row in rows]
    return sorted(found, key=lambda match: (-match.by_number, -len(match.signs)))


def _match(row: OrderRow, numbers: tuple[str, ...], rest_yen: int, name: str) -> Match:
    known_names = plain(row.order.account.name + "\n" + (row.report.payer if row.report else ""))
    by_name = len(name) >= SHORTEST_NAME and any(plain(spelling) in known_names for spelling in spellings(name))
    return Match(row, row.order.number in numbers, row.missing_yen == rest_yen, by_name)
