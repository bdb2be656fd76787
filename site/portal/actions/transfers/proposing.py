"""The best proposal for each deposit that waits: the facts of `rules/transfers/proposals.py`, in a few queries for a page of deposits."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import reduce
from operator import or_

from peewee import SQL, ModelSelect, fn

from models import LIVE, Account, Allocation, Deposit, Order, Payment, VirtualAccount
from portal import clock
from portal.actions.transfers.matching import Match, code_of, is_name_of
from portal.actions.transfers.order_rows import OrderRow, any_of, order_row, orders_with_money
from portal.actions.transfers.waiting_money import numbers_of, owners
from portal.enums import Method, OrderState, ProposalKind
from portal.rules.accounts.name_key import SHORTEST_BEGINNING, is_same_name, may_be_same_name
from portal.rules.transfers.proposals import SHOWN, Candidate, Proposal, Waiting, equally_near, propose
from portal.store.beginnings import begins

RECENT = timedelta(days=90)  # an order that is over is remembered so long for a payer without its number
MOST_OTHERS = 200
FEW = 3  # customers of one name: of more of them, an order that is over is asked for only by the yen of the deposit


@dataclass(frozen=True)
class Line:
    """A deposit that waits, with what is left of it. Yen."""

    deposit: Deposit
    rest_yen: int
    numbers: tuple[str, ...]

    @property
    def plain(self) -> Waiting:
        return Waiting(self.deposit.id, self.rest_yen, self.deposit.counts_on)


@dataclass(frozen=True)
class Proposed:
    """A line and its proposal. `rows`: the orders that it names. `together`: more deposits of the press. `why`: of the first order."""

    line: Line
    proposal: Proposal
    rows: tuple[OrderRow, ...]
    together: tuple[Deposit, ...]
    why: str

    @property
    def fingerprint(self) -> str:
        """Equal as long as a press does what the page said."""
        missing = [row.missing_yen for row in self.rows]
        return hashlib.sha256(repr((self.line.deposit.id, self.line.rest_yen, self.proposal, missing)).encode()).hexdigest()[:16]

    @property
    def undecided(self) -> int:
        """How many orders fit equally well, if they are too many to be shown; else 0."""
        equal = 0 if self.proposal.parts else equally_near(self.line.rest_yen, [row.missing_yen for row in self.rows])
        return equal if equal > SHOWN else 0

    @property
    def likeliest(self) -> tuple[OrderRow, ...]:
        """What is shown where somebody has to look."""
        return () if self.undecided else self.rows[:SHOWN]

    @property
    def unshown(self) -> int:
        return len(self.rows) - len(self.likeliest) if self.likeliest else 0

    @property
    def to_allocate(self) -> list[tuple[OrderRow, int]]:
        """Each order of the press, with its yen."""
        yen: dict[int, int] = defaultdict(int)
        for part in self.proposal.parts:
            yen[part.order] += part.yen
        return [(row, yen[row.order.id]) for row in self.rows if row.order.id in yen]


def waiting_deposits() -> ModelSelect:
    """Deposits with money that is for no order and nobody's yet, the earliest first. `own`: an open order by its 専用口座."""
    used, code, given = Deposit.used_of(Deposit.id), code_of(Deposit.id), Allocation.alias()
    is_open = (Order.state == OrderState.PLACED) & (Order.method == Method.BANK)
    own = Order.select(fn.MIN(Order.number)).join(VirtualAccount, on=(VirtualAccount.account == Order.account))
    own = own.where(is_open, VirtualAccount.code == code)
    is_rest = Allocation.order.is_null() & Allocation.account.is_null() & (Allocation.source == SQL("'bank'"))
    of_rest = (given.deposit == Allocation.deposit) & given.order.is_null() & (given.source == SQL("'returned'"))  # as in an index
    returned = given.select(fn.COALESCE(fn.SUM(fn.ABS(given.yen)), 0)).where(of_rest)
    query = Deposit.select(Deposit, used.alias("used"), code.alias("code"), own.alias("own")).join(Allocation)
    return query.where(is_rest, Allocation.yen > returned).order_by(Deposit.id)


def line_of(deposit: Deposit) -> Line:
    """`deposit`: as `waiting_deposits` reads it."""
    numbers = numbers_of(deposit.payer, deposit.code or "") + ((deposit.own,) if deposit.own else ())
    return Line(deposit, deposit.yen - int(deposit.used), tuple(dict.fromkeys(numbers)))


def proposals(lines: Sequence[Line]) -> list[Proposed]:
    """In the order of the lines. Four queries, however many there are."""
    keys = sorted({line.deposit.payer_key for line in lines if line.deposit.payer_key})
    names, confirmed = _names(keys)
    others = [line_of(deposit) for deposit in waiting_deposits().where(Deposit.payer_key.in_(keys)).limit(MOST_OTHERS)]
    by_account, by_number = _grouped(_orders(lines, names.values()))
    found = []
    for line in lines:
        accounts = names[line.deposit.payer_key]
        owners = {by_number[number].order.account_id for number in line.numbers if number in by_number}
        meant = [row for account in sorted(accounts | owners) for row in by_account.get(account, ())]
        found.append(_proposed(line, meant, accounts, confirmed, others))
    return found


def _grouped(orders: Sequence[OrderRow]) -> tuple[dict[int, list[OrderRow]], dict[str, OrderRow]]:
    """By account, and by number: a line is compared with the orders of those that it may mean, not with those of every other line."""
    by_account: dict[int, list[OrderRow]] = defaultdict(list)
    for row in orders:
        by_account[row.order.account_id].append(row)
    return by_account, {row.order.number: row for row in orders}


def _names(keys: Sequence[str]) -> tuple[dict[str, set[int]], set[tuple[str, int]]]:
    """Accounts by the payer's name, whole or only its beginning, as banks cut names; and which of them are confirmed."""
    found: dict[str, set[int]] = defaultdict(set)
    confirmed: set[tuple[str, int]] = set()
    for is_certain, key, account in owners(list(keys)):
        found[key].add(account)
        confirmed |= {(key, account)} if is_certain else set()
    long = [key for key in keys if len(key) >= SHORTEST_BEGINNING and key not in found]
    if long:
        beginnings = [key[:length] for key in long for length in range(SHORTEST_BEGINNING, len(key))]
        fits = any_of([*(begins(Account.name_key, key) for key in long), Account.name_key.in_(beginnings)])
        for account, name in Account.select(Account.id, Account.name_key).where(fits).tuples():
            for key in long:
                if may_be_same_name(key, name):
                    found[key].add(account)
    return found, confirmed


def _orders(lines: Sequence[Line], names: Iterable[set[int]]) -> list[OrderRow]:
    """Those that the numbers name, and of the customers that numbers and names mean what is placed, or was of late."""
    wanted = list(_wanted(lines, list(names)))
    if not wanted:
        return []
    live = Order.alias()
    checking = Payment.select(fn.COUNT(Payment.id)).join(live).where(live.account == Order.account, Payment.state.in_(LIVE))
    query = orders_with_money().select_extend(checking.alias("checking")).where(Order.id.in_(reduce(or_, wanted)))
    return [order_row(order) for order in query.where(Order.state != OrderState.DRAFT).order_by(Order.id)]


def _wanted(lines: Sequence[Line], names: Sequence[set[int]]) -> Iterator[ModelSelect]:
    """Queries of ids, each by an index of its own."""
    ids, other = Order.select(Order.id), Order.alias()
    is_open, is_recent = Order.state == OrderState.PLACED, Order.placed_at > clock.now() - RECENT
    if numbers := sorted({number for line in lines for number in line.numbers}):
        yield ids.where(Order.number.in_(numbers))
        yield ids.join(other, on=other.account == Order.account).where(other.number.in_(numbers), is_open | is_recent)
    if few := sorted({account for found in names if len(found) <= FEW for account in found}):
        yield ids.where(Order.account.in_(few), is_open | is_recent)
    if many := sorted({account for found in names if len(found) > FEW for account in found}):
        has_yen = is_recent & Order.total_yen.in_(sorted({line.rest_yen for line in lines}))
        yield ids.where(Order.account.in_(many), is_open | has_yen)


def _proposed(
    line: Line, orders: Sequence[OrderRow], accounts: set[int], confirmed: set[tuple[str, int]], others: Sequence[Line]
) -> Proposed:
    candidates = [_candidate(row, line, accounts, confirmed) for row in orders]
    same = [one for one in others if one.deposit.payer_key == line.deposit.payer_key and one.numbers == line.numbers]
    found = propose(line.plain, candidates, [one.plain for one in same], is_known=bool(accounts))
    by_order = {row.order.id: row for row in orders}
    rows, used = tuple(by_order[order] for order in found.orders), {part.deposit for part in found.parts} - {line.deposit.id}
    together = tuple(one.deposit for one in same if one.deposit.id in used)
    return Proposed(line, found, rows, together, _match(line, rows[0], found, confirmed).why if rows else "")


def _candidate(row: OrderRow, line: Line, accounts: set[int], confirmed: set[tuple[str, int]]) -> Candidate:
    order, key, name = row.order, line.deposit.payer_key, row.order.account.name_key
    is_known, is_cut = order.account_id in accounts, may_be_same_name(key, name) and not is_same_name(key, name)
    is_whole = is_known and (not is_cut or (key, order.account_id) in confirmed)
    about = {"by_number": order.number in line.numbers, "by_name": is_whole, "by_beginning": is_known and not is_whole}
    about |= {"is_by_transfer": order.method == Method.BANK, "is_checking": order.checking > 0}
    yen = (order.total_yen or 0, row.missing_yen)
    return Candidate(order.id, order.account_id, OrderState(order.state), *yen, clock.day_of(order.placed_at), order.due_on, **about)


def _match(line: Line, row: OrderRow, found: Proposal, confirmed: set[tuple[str, int]]) -> Match:
    """What agrees: of a sum its whole, and the name only if it is this customer's."""
    order, key = row.order, line.deposit.payer_key
    by_name = (key, order.account_id) in confirmed or is_name_of(order, row.report, key)
    by_amount = row.missing_yen == line.rest_yen or found.kind in (ProposalKind.COMBINED, ProposalKind.TOGETHER)
    return Match(row, order.number in line.numbers, by_amount, by_name)
