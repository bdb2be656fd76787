"""Suggests orders for a deposit: by the order number in the payer's name, by the exact amount, by the name."""

from dataclasses import dataclass
from typing import Any

from peewee import Expression

from models import Account, Deposit, Order, TransferReport
from portal.actions.transfers.order_rows import ROWS, OrderRow, any_of, order_row, orders_with_money, received
from portal.enums import OrderState
from portal.rules.accounts.name_key import SHORTEST_BEGINNING, SHORTEST_NAME, may_be_same_name
from portal.rules.transfers.order_numbers import order_numbers

_OVER = {
    OrderState.PAID: "この申し込みは入金確認済です。二重のお振り込みかもしれません。",
    OrderState.CANCELLED: "この申し込みは取り消されています。充当できません。",
    OrderState.EXPIRED: "この申し込みは期限切れです。期限までの日付の入金か、一部の入金なら充当できます。",
}


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

    @property
    def meaning(self) -> str:
        """What it means that the money carries the number of an order that is over. Empty for an open order."""
        return _OVER.get(OrderState(self.row.order.state), "")


@dataclass(frozen=True)
class Agreement:
    """In which of the three criteria a deposit and one order agree."""

    by_number: bool
    by_amount: bool
    by_name: bool

    @property
    def is_perfect(self) -> bool:
        return self.by_number and self.by_amount and self.by_name


def agreement(deposit: Deposit, order: Order, rest_yen: int, missing_yen: int) -> Agreement:
    """`order`: with account and report, as `orders_with_money` reads it."""
    has_name = _has_name(order, getattr(order, "report", None), deposit.payer_key)
    return Agreement(order.number in order_numbers(deposit.payer), rest_yen == missing_yen, has_name)


def matches(deposit: Deposit, rest_yen: int) -> list[Match]:
    """Suggested orders: first the one whose number the money carries, whatever its state, then the likeliest.

    Includes expired orders: money received by the due date still pays them.
    """
    if rest_yen <= 0:
        return []
    numbers, key = order_numbers(deposit.payer), deposit.payer_key
    fits = [Order.total_yen - received() == rest_yen]
    fits += _names(Account.name_key, key) + _names(Order.former_name_key, key) + _names(TransferReport.payer_key, key)
    wanted = Order.state.in_([OrderState.PLACED, OrderState.EXPIRED]) & any_of(fits)
    wanted |= Order.number.in_(numbers) & (Order.state != OrderState.DRAFT)
    query = orders_with_money().where(wanted)
    likely_first = [Order.number.in_(numbers).desc()] if numbers else []
    rows = [order_row(order) for order in query.order_by(*likely_first, Order.state.desc(), Order.id.desc()).limit(ROWS)]
    found = [_match(row, numbers, rest_yen, key) for row in rows]
    return sorted(found, key=lambda match: (-match.by_number, -len(match.signs)))


def _names(column: Any, key: str) -> list[Expression]:
    """Query conditions for the same name, as `may_be_same_name`: one may be the beginning of the other."""
    if len(key) < SHORTEST_NAME:
        return []
    same = [column == key]
    same += [column.startswith(key)] if len(key) >= SHORTEST_BEGINNING else []
    beginnings = [key[:length] for length in range(SHORTEST_BEGINNING, len(key))]
    return same + ([column.in_(beginnings)] if beginnings else [])


def _match(row: OrderRow, numbers: tuple[str, ...], rest_yen: int, key: str) -> Match:
    return Match(row, row.order.number in numbers, row.missing_yen == rest_yen, _has_name(row.order, row.report, key))


def _has_name(order: Order, report: TransferReport | None, key: str) -> bool:
    """The customer's name, the one that the order was placed with, or the reported payer's."""
    known = (order.account.name_key, order.former_name_key, report.payer_key if report else "")
    return any(may_be_same_name(key, name) for name in known)
