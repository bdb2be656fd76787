"""Suggests orders for a deposit: by the order number in the payer's name, by the exact amount, by the name or one that it was known by."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from peewee import SQL, Case, Expression, ModelSelect, Query, fn

from models import Account, Allocation, BankLine, Deposit, Order, PayerAlias, TransferReport, VirtualAccount, as_literals
from portal.actions.transfers import virtual_accounts
from portal.actions.transfers.order_rows import ROWS, OrderRow, any_of, order_row, orders_with_money, received
from portal.actions.transfers.waiting_money import numbers_of
from portal.enums import Method, OrderState
from portal.rules.accounts.name_key import SHORTEST_BEGINNING, SHORTEST_NAME, is_same_name, may_be_same_name
from portal.store.beginnings import begins

OPEN = (OrderState.PLACED, OrderState.EXPIRED)  # as in the index of orders that money may still pay
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
    def why(self) -> str:
        """「番号一致・金額一致・名義不一致」"""
        found = (("番号", self.by_number), ("金額", self.by_amount), ("名義", self.by_name))
        return "・".join(f"{label}{'一致' if fits else '不一致'}" for label, fits in found)

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
    has_name = is_name_of(order, getattr(order, "report", None), deposit.payer_key)
    has_name = has_name or bool(_confirmed(deposit.payer_key, [order.account_id]))
    return Agreement(order.number in deposit_numbers(deposit), rest_yen == missing_yen, has_name)


def deposit_numbers(deposit: Deposit) -> tuple[str, ...]:
    """With the bank's code of the payer, if a file brought it: typed as a number, or a 専用口座, which means the open
    orders of its customer.
    """
    code = deposit.code if hasattr(deposit, "code") else code_of(deposit.id).scalar()
    return numbers_of(deposit.payer, code or "") + _of_own_account(code or "")


def _of_own_account(code: str) -> tuple[str, ...]:
    account = virtual_accounts.owner_of(code)
    if account is None:
        return ()
    open_ones = Order.select(Order.number).where(Order.account == account, Order.state == OrderState.PLACED, Order.method == Method.BANK)
    return tuple(number for (number,) in open_ones.order_by(Order.id).tuples())


def code_of(deposit: Any) -> Query:
    """A query for the bank's code of the payer; None without one. Read beside a deposit as `code`."""
    return BankLine.select(fn.MAX(BankLine.code)).where(BankLine.deposit == deposit)


def matches(deposit: Deposit, rest_yen: int) -> list[Match]:
    """Suggested orders: first the one whose number the money carries, whatever its state, then the likeliest.

    Includes expired orders: money received by the due date still pays them.
    """
    if rest_yen <= 0:
        return []
    numbers, key = deposit_numbers(deposit), deposit.payer_key
    has_yen = any_of(list(_misses(rest_yen)))
    names = _known_by(key)
    wanted = Order.id.in_(reduce(or_, _candidates(rest_yen, key, numbers)))
    likely_first = [Order.number.in_(numbers)] if numbers else []
    likely_first += [fn.COALESCE(any_of(names), False)] if names else []
    likely_first += [has_yen, Order.state == OrderState.PLACED]
    order = [*(Case(None, [(fits, 0)], 1) for fits in likely_first), fn.ABS(Order.total_yen - rest_yen), Order.id.desc()]
    query = orders_with_money().where(wanted).order_by(*order)
    rows = [order_row(order) for order in query.limit(ROWS)]
    confirmed = _confirmed(key, [row.order.account_id for row in rows])
    found = [_match(row, numbers, rest_yen, key, confirmed) for row in rows]
    return sorted(found, key=lambda match: _likelihood(match, rest_yen, key))


def _known_by(key: str) -> list[Expression]:
    """Query conditions for an order of somebody who has, had or reported that name."""
    alias = [Order.account.in_(PayerAlias.select(PayerAlias.account).where(PayerAlias.payer_key == key))] if key else []
    return alias + _names(Account.name_key, key) + _names(Order.former_name_key, key) + _names(TransferReport.payer_key, key)


def _candidates(rest_yen: int, key: str, numbers: tuple[str, ...]) -> Iterator[ModelSelect]:
    """Queries of ids, each by an index of its own: one condition over all of them would read every order."""
    mine = Order.select(Order.id).where(Order.state.in_(as_literals(OPEN)))
    yield from (mine.where(fits) for fits in _misses(rest_yen))
    if numbers:
        yield Order.select(Order.id).where(Order.number.in_(numbers), Order.state != OrderState.DRAFT)
    if key:
        yield mine.where(Order.account.in_(PayerAlias.select(PayerAlias.account).where(PayerAlias.payer_key == key)))
    for fits in _names(Account.name_key, key):
        yield mine.where(Order.account.in_(Account.select(Account.id).where(fits)))
    for fits in _names(Order.former_name_key, key):
        yield mine.where(Order.former_name_key != SQL("''"), fits)
    for fits in _names(TransferReport.payer_key, key):
        yield mine.where(Order.id.in_(TransferReport.select(TransferReport.order).where(fits)))


def _likelihood(match: Match, rest_yen: int, key: str) -> tuple[object, ...]:
    """For sorting: the number, how much agrees, the whole name before a beginning, the nearest yen (a fee is small), and what is open."""
    is_whole_name = is_same_name(key, match.row.order.account.name_key)
    nearness = abs(match.row.missing_yen - rest_yen)
    return -match.by_number, -len(match.signs), not is_whole_name, nearness, match.row.order.state != OrderState.PLACED


def equally_likely(found: Sequence[Match], deposit: Deposit, rest_yen: int) -> int:
    """How many of the suggestions have number or name and agree as much as the first; 0 if one is ahead of the others."""
    ranks = [_likelihood(match, rest_yen, deposit.payer_key) for match in found if match.by_number or match.by_name]
    equal = ranks.count(ranks[0]) if ranks else 0
    return equal if equal > 1 else 0


def _misses(yen: int) -> tuple[Expression, Expression]:
    """Two query conditions, of which one holds where exactly this much is missing. Only orders with some money are added up."""
    part = Allocation.select(Allocation.id).where(Allocation.counts_for(Order.id))
    is_partly_paid = (Order.total_yen > yen) & fn.EXISTS(part) & (Order.total_yen - received() == yen)
    return (Order.total_yen == yen) & ~fn.EXISTS(part), is_partly_paid


def matched_rows(pairs: Sequence[tuple[Deposit, OrderRow]]) -> list[Match]:
    """What agrees of each deposit, all of it, and its order. Three queries."""
    keys, deposits = {deposit.payer_key for deposit, _ in pairs}, [deposit.id for deposit, _ in pairs]
    alias = PayerAlias.select(PayerAlias.payer_key, PayerAlias.account).where(PayerAlias.payer_key.in_(sorted(keys)))
    known = set(alias.tuples())
    codes = dict(BankLine.select(BankLine.deposit, BankLine.code).where(BankLine.deposit.in_(deposits), BankLine.code != "").tuples())
    own = VirtualAccount.select(VirtualAccount.code, VirtualAccount.account).where(VirtualAccount.code.in_(sorted(set(codes.values()))))
    owned = set(own.tuples())
    return [_match_of(deposit, row, codes.get(deposit.id, ""), known, owned) for deposit, row in pairs]


def _match_of(deposit: Deposit, row: OrderRow, code: str, known: set[tuple[str, int]], owned: set[tuple[str, int]]) -> Match:
    confirmed = {account for key, account in known if key == deposit.payer_key}
    mine = (row.order.number,) if (code, row.order.account_id) in owned else ()
    return _match(row, numbers_of(deposit.payer, code) + mine, deposit.yen, deposit.payer_key, confirmed)


def _names(column: Any, key: str) -> list[Expression]:
    """Query conditions for the same name, as `may_be_same_name`: one may be the beginning of the other."""
    if len(key) < SHORTEST_NAME:
        return []
    same = [column == key]
    same += [begins(column, key)] if len(key) >= SHORTEST_BEGINNING else []
    beginnings = [key[:length] for length in range(SHORTEST_BEGINNING, len(key))]
    return same + ([column.in_(beginnings)] if beginnings else [])


def _match(row: OrderRow, numbers: tuple[str, ...], rest_yen: int, key: str, confirmed: set[int]) -> Match:
    has_name = row.order.account_id in confirmed or is_name_of(row.order, row.report, key)
    return Match(row, row.order.number in numbers, row.missing_yen == rest_yen, has_name)


def _confirmed(key: str, accounts: list[int]) -> set[int]:
    """Those of the accounts for which staff have confirmed that payer."""
    if not key:
        return set()
    found = PayerAlias.select(PayerAlias.account).where(PayerAlias.payer_key == key, PayerAlias.account.in_(accounts))
    return {account for (account,) in found.tuples()}


def is_name_of(order: Order, report: TransferReport | None, key: str) -> bool:
    """The customer's name, the one that the order was placed with, or the reported payer's."""
    known = (order.account.name_key, order.former_name_key, report.payer_key if report else "")
    return any(may_be_same_name(key, name) for name in known)
