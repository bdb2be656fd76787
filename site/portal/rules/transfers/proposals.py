"""What a deposit that waits may be for: the best proposal, its reason in words (`ProposalKind`), and what one press would allocate.

A number goes before a name, a whole name before its beginning. A press is offered only where one customer, or one sum, is meant; it is
still a person who presses. Source: how Japanese receivables systems match transfers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from portal.enums import OrderState, ProposalKind

TYPICAL_FEE = 990  # yen: what Japanese banks take from a transfer, at most
MOST_ORDERS = 5  # in one sum
LARGEST_POOL = 20
SHOWN = 3  # orders beside a line; of more that fit equally none is named before the others


@dataclass(frozen=True)
class Waiting:
    """A deposit, or what is left of it, that is nobody's yet. Yen."""

    deposit: int
    yen: int
    counts_on: date


@dataclass(frozen=True)
class Candidate:
    """An order that the money may be for. Yen. `is_by_transfer`: else a card or wallet pays it, or has paid it.

    `by_name`: the payer has the customer's whole name, or one that staff have confirmed. `by_beginning`: only the beginning of one.
    """

    order: int
    account: int
    state: OrderState
    total_yen: int
    missing_yen: int
    placed_on: date
    due_on: date | None
    by_number: bool
    by_name: bool
    by_beginning: bool = False
    is_by_transfer: bool = True
    is_checking: bool = False

    @property
    def is_awaited(self) -> bool:
        return self.state == OrderState.PLACED and self.is_by_transfer and not self.is_checking and self.missing_yen > 0


@dataclass(frozen=True)
class Part:
    """What a press would allocate: yen of the deposit to the order."""

    deposit: int
    order: int
    yen: int


@dataclass(frozen=True)
class Proposal:
    """`orders`: those that are named, the likeliest first. `parts`: what a press would do; empty: somebody has to look.

    `short_yen`: what the order still misses afterwards. `over_yen`: what is left of the deposit.
    """

    kind: ProposalKind
    orders: tuple[int, ...] = ()
    parts: tuple[Part, ...] = ()
    short_yen: int = 0
    over_yen: int = 0


def propose(money: Waiting, candidates: Sequence[Candidate], others: Sequence[Waiting] = (), *, is_known: bool = False) -> Proposal:
    """`others`: more waiting money with the same number or name. `is_known`: customers have that name, if no order of theirs is among the
    candidates. The result depends on no order of its arguments.
    """
    pool = _strongest(sorted(candidates, key=lambda one: (abs(one.missing_yen - money.yen), one.order)))
    if not pool:
        return Proposal(ProposalKind.NOTHING_OPEN if is_known else ProposalKind.NOBODY)
    orders = tuple(one.order for one in pool)
    awaited = [one for one in pool if one.is_awaited]
    if not awaited:
        return _of_same_customer(money, pool, candidates) or Proposal(_over(pool, money), orders)
    if not any(one.by_number or one.by_name for one in pool):
        return Proposal(ProposalKind.BEGINNING, tuple(one.order for one in awaited))
    in_time = [one for one in awaited if one.placed_on <= money.counts_on]
    if not in_time:
        return Proposal(ProposalKind.BEFORE, tuple(one.order for one in awaited))
    return _of_awaited(money, in_time, others)


def equally_near(yen: int, missing: Sequence[int]) -> int:
    """How many of the orders, which miss so many yen, fit this money as well as the best: above 1 the money alone decides nothing."""
    distances = [abs(each - yen) for each in missing]
    return distances.count(min(distances)) if distances else 0


def _strongest(candidates: Sequence[Candidate]) -> list[Candidate]:
    numbered = [one for one in candidates if one.by_number]
    return numbered or [one for one in candidates if one.by_name] or [one for one in candidates if one.by_beginning]


def _of_same_customer(money: Waiting, pool: Sequence[Candidate], candidates: Sequence[Candidate]) -> Proposal | None:
    """The number of an order that is over, as of last year's, and the yen of the one that the same customer has open."""
    accounts = {one.account for one in pool if one.by_number}
    found = [one for one in candidates if one.account in accounts and one.is_awaited and one.placed_on <= money.counts_on]
    if len(accounts) != 1 or len(found) != 1 or found[0].missing_yen != money.yen:
        return None
    return Proposal(ProposalKind.OLD_NUMBER, (found[0].order,), (Part(money.deposit, found[0].order, money.yen),))


def _over(pool: Sequence[Candidate], money: Waiting) -> ProposalKind:
    """No order here waits for a transfer: why not. By name an order of other yen is none that the money could be for."""
    meant = [one for one in pool if one.by_number] or [one for one in pool if money.yen in (one.total_yen, one.missing_yen)]
    if not meant:
        return ProposalKind.NOTHING_OPEN
    one = meant[0]
    if one.is_checking:
        return ProposalKind.CHECKING
    if one.state == OrderState.PAID:
        return ProposalKind.PAID if one.is_by_transfer else ProposalKind.PAID_OTHERWISE
    over = {OrderState.EXPIRED: ProposalKind.EXPIRED, OrderState.CANCELLED: ProposalKind.CANCELLED}
    return over.get(one.state, ProposalKind.BY_COMPANY)


def _of_awaited(money: Waiting, awaited: Sequence[Candidate], others: Sequence[Waiting]) -> Proposal:
    exact = [one for one in awaited if one.missing_yen == money.yen]
    orders = tuple(one.order for one in awaited)
    if len(exact) == len(awaited) == 1 or (len(exact) == 1 and _is_one_customer(awaited) and not exact[0].by_number):
        return _exact(money, exact[0])
    if len(awaited) > 1 and not exact and (found := _sums(money, awaited)):
        return found
    if not _is_one_customer(awaited):
        return Proposal(ProposalKind.SEVERAL if awaited[0].by_number else ProposalKind.NAMESAKES, orders)
    return Proposal(ProposalKind.SEVERAL, orders) if len(awaited) > 1 else _differs(money, awaited[0], others)


def _is_one_customer(candidates: Sequence[Candidate]) -> bool:
    return len({one.account for one in candidates}) == 1


def _exact(money: Waiting, one: Candidate) -> Proposal:
    is_late = one.due_on is not None and money.counts_on > one.due_on
    is_rest = one.missing_yen < one.total_yen
    kind = ProposalKind.LATE if is_late else ProposalKind.REST if is_rest else ProposalKind.EXACT
    return Proposal(kind, (one.order,), (Part(money.deposit, one.order, money.yen),))


def _sums(money: Waiting, awaited: Sequence[Candidate]) -> Proposal | None:
    """The one set of orders that the yen are the sum of. Two such sets: somebody has to look."""
    pool = sorted(awaited[:LARGEST_POOL], key=lambda one: one.order)
    sizes = range(2, min(MOST_ORDERS, len(pool)) + 1)
    sets = (some for size in sizes for some in combinations(pool, size) if sum(one.missing_yen for one in some) == money.yen)
    first, second = next(sets, None), next(sets, None)
    if first is None:
        return None
    if second is not None:
        return Proposal(ProposalKind.SEVERAL, tuple(one.order for one in awaited))
    parts = tuple(Part(money.deposit, one.order, one.missing_yen) for one in first)
    return Proposal(ProposalKind.COMBINED, tuple(one.order for one in first), parts)


def _differs(money: Waiting, one: Candidate, others: Sequence[Waiting]) -> Proposal:
    """One order, and other yen than it misses."""
    short = one.missing_yen - money.yen
    if short > 0 and (together := _together(money, short, [each for each in others if each.counts_on >= one.placed_on])):
        deposits = sorted((money, *together), key=lambda each: each.deposit)
        parts = tuple(Part(each.deposit, one.order, each.yen) for each in deposits)
        return Proposal(ProposalKind.TOGETHER, (one.order,), parts)
    kind = ProposalKind.OVER if short < 0 else ProposalKind.FEE if short <= TYPICAL_FEE else ProposalKind.SHORT
    parts = (Part(money.deposit, one.order, min(money.yen, one.missing_yen)),)
    return Proposal(kind, (one.order,), parts, max(0, short), max(0, -short))


def _together(money: Waiting, short: int, others: Sequence[Waiting]) -> tuple[Waiting, ...]:
    """The one set of other transfers that brings exactly what is missing."""
    pool = sorted((each for each in others if each.deposit != money.deposit), key=lambda each: each.deposit)[:LARGEST_POOL]
    sizes = range(1, min(MOST_ORDERS - 1, len(pool)) + 1)
    sets = (some for size in sizes for some in combinations(pool, size) if sum(each.yen for each in some) == short)
    first = next(sets, None)
    return first if first is not None and next(sets, None) is None else ()
