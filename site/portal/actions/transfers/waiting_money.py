"""The deposits that wait whole, with the orders and names that they may mean: the facts of `rules/transfers/sure_matches.py`.

A few queries, however many lines there are.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from peewee import JOIN, SQL, chunked, fn

from models import LIVE, Account, Allocation, BankLine, Deposit, Order, PayerAlias, Payment, TransferReport, VirtualAccount
from portal import clock
from portal.actions.transfers.order_rows import missing_yen, received
from portal.enums import Method, OrderState
from portal.rules.transfers.order_numbers import DIGITS_OF_A_NUMBER, order_numbers
from portal.rules.transfers.sure_matches import KnownOrder, Money, Names
from portal.store.database import database

AT_ONCE = 500  # values of one IN


def waiting_money() -> dict[int, Money]:
    """By the id of the row that waits: deposits of which nothing was used, and that are nobody's yet. The earliest first."""
    other = Allocation.alias()
    others = other.select(other.id).where(other.deposit == Deposit.id, other.id != Allocation.id)
    is_whole = (Allocation.yen == Deposit.yen) & ~fn.EXISTS(others)
    is_rest = Allocation.order.is_null() & (Allocation.source == SQL("'bank'")) & Allocation.account.is_null()
    money = (Deposit.id, Deposit.yen, Deposit.booked_on, Deposit.valued_on, Deposit.payer, Deposit.payer_key)
    columns = (Allocation.id, *money, BankLine.code, VirtualAccount.account)
    query = Allocation.select(*columns).join(Deposit).join(BankLine, JOIN.LEFT_OUTER, on=(BankLine.deposit == Deposit.id))
    query = query.join(VirtualAccount, JOIN.LEFT_OUTER, on=(VirtualAccount.code == BankLine.code))
    query = query.where(is_rest, is_whole).order_by(Deposit.id)
    day = Deposit.booked_on.python_value
    return {  # as the driver has read them: for thousands of rows peewee takes as long as the database
        row: Money(deposit, yen, min(day(booked_on), day(valued_on)), key, numbers_of(payer, code or ""), owner)
        for row, deposit, yen, booked_on, valued_on, payer, key, code, owner in database.execute(query)
    }


def numbers_of(payer: str, code: str) -> tuple[str, ...]:
    """Order numbers in the payer's text, and in 振込依頼人コード, where banks put what the payer typed as a number."""
    plain = code.lstrip("0")
    coded = (plain,) if len(plain) == DIGITS_OF_A_NUMBER and plain.isdigit() else ()
    return tuple(dict.fromkeys((*order_numbers(payer), *coded)))


def known_orders(money: Iterable[Money], names: Names) -> list[KnownOrder]:
    """The orders that the numbers name, whatever their state, and the open ones of the accounts that the names mean."""
    numbers = sorted({number for one in money for number in one.numbers})
    mine = {one.owner for one in money if one.owner is not None}
    accounts = sorted({account for found in names.certain.values() for account in found} | mine)
    is_open = (Order.state == OrderState.PLACED) & (Order.method == Method.BANK)
    wanted = [Order.number.in_(some) for some in chunked(numbers, AT_ONCE)]
    wanted += [is_open & Order.account.in_(some) for some in chunked(accounts, AT_ONCE)]
    found = {order.id: order for some in wanted for order in _orders(some)}
    return list(found.values())


def awaited_yen(money: Iterable[Money]) -> dict[int, int]:
    """How many orders wait for exactly the yen of money without a number."""
    wanted = sorted({one.yen for one in money if not one.numbers})
    found: dict[int, int] = {}
    for some in chunked(wanted, AT_ONCE):
        misses = missing_yen()
        is_open = (Order.state == OrderState.PLACED) & (Order.method == Method.BANK) & (Order.total_yen >= min(some))
        query = Order.select(misses.alias("missing"), fn.COUNT(Order.id)).where(is_open, misses.in_(some)).group_by(SQL("missing"))
        found |= dict(query.tuples())
    return found


def _orders(wanted: object) -> Iterator[KnownOrder]:
    other = Order.alias()
    in_progress = Payment.select(fn.COUNT(Payment.id)).join(other).where(other.account == Order.account, Payment.state.in_(LIVE))
    columns = (Order.id, Order.number, Order.account, Order.state, Order.method, Order.total_yen, Order.placed_at, Order.due_on)
    query = Order.select(*columns, received(), in_progress).where(wanted, Order.state != OrderState.DRAFT)
    for row, number, account, state, method, total, placed_at, due_on, came, live in query.tuples():
        is_open = state == OrderState.PLACED and method == Method.BANK and not live
        yield KnownOrder(row, number, account, is_open, (total or 0) - int(came), placed_at and clock.day_of(placed_at), due_on)


def names_of(money: Iterable[Money]) -> Names:
    """Whose names the payers have."""
    certain: dict[str, set[int]] = defaultdict(set)
    possible: dict[str, set[int]] = defaultdict(set)
    for keys in chunked(sorted({one.payer_key for one in money if one.payer_key}), AT_ONCE):
        for is_certain, key, account in owners(keys):
            (certain if is_certain else possible)[key].add(account)
    return Names(_frozen(certain), _frozen(possible))


def confirmed_names_of(money: Iterable[Money]) -> Names:
    """The same of payers that staff have confirmed alone: no other is sure by name, and a common name has many owners."""
    money = list(money)
    known: set[str] = set()
    for keys in chunked(sorted({one.payer_key for one in money if one.payer_key}), AT_ONCE):
        known |= {key for (key,) in PayerAlias.select(PayerAlias.payer_key).where(PayerAlias.payer_key.in_(keys)).tuples()}
    return names_of(one for one in money if one.payer_key in known)


def owners(keys: list[str]) -> Iterator[tuple[int, str, int]]:
    """Certain (confirmed) or not, key, account. Of a confirmed payer also the accounts named like its own: kana may mean any of them."""
    twin = Account.alias()
    alias = PayerAlias.payer_key.in_(keys)
    own = Account.select(SQL("0"), Account.name_key, Account.id).where(Account.name_key.in_(keys))
    learned = PayerAlias.select(SQL("1"), PayerAlias.payer_key, PayerAlias.account).where(alias)
    namesakes = PayerAlias.select(SQL("0"), PayerAlias.payer_key, twin.id).join(Account).join(twin, on=twin.name_key == Account.name_key)
    former = Order.select(SQL("0"), Order.former_name_key, Order.account)
    former = former.where(Order.former_name_key != SQL("''"), Order.former_name_key.in_(keys))
    reported = TransferReport.select(SQL("0"), TransferReport.payer_key, Order.account).join(Order)
    reported = reported.where(TransferReport.payer_key.in_(keys))
    query = own.union_all(learned).union_all(namesakes.where(alias)).union_all(former).union_all(reported)
    yield from database.execute(query)  # as the driver has read them, like the deposits


def _frozen(found: dict[str, set[int]]) -> dict[str, frozenset[int]]:
    return {key: frozenset(accounts) for key, accounts in found.items()}
